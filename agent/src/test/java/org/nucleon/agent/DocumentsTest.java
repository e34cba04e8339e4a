package org.nucleon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nucleon.agent.Toy.guest;
import static org.nucleon.agent.Toy.id;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** What is read from the watch and from disk: one resource that is strange leaves the others. */
final class DocumentsTest {

  private static Map<String, Object> json(String name, Map<String, Object> changes) {
    Map<String, Object> json =
        new LinkedHashMap<>(Documents.json(guest(name, 5, Map.of("net", "n1", "size", 3))));
    json.putAll(changes);
    return json;
  }

  private static HostUpdate read(Object... put) throws MalformedJson {
    String text = Json.text(Map.of("number", 9, "put", List.of(put), "forget", List.of()));
    return Documents.update(Toy.CATALOG, Json.parse(text));
  }

  @Test
  void readsWhatItWrites() throws MalformedJson {
    HostUpdate update = read(json("a", Map.of()));
    assertThat(update.number()).isEqualTo(9);
    Resource read = update.put().getFirst();
    assertThat(read.id()).isEqualTo(id("a"));
    assertThat(read.number()).isEqualTo(5);
    assertThat(read.get(Toy.NET)).isEqualTo("n1");
    assertThat(read.get(Toy.SIZE)).isEqualTo(3);
  }

  @Test
  void passesOverTypesOfFeaturesThatAreNotOn() throws MalformedJson {
    HostUpdate update = read(json("a", Map.of("type", "spaceship")), json("b", Map.of()));
    assertThat(update.put()).extracting(Resource::id).containsExactly(id("b"));
    assertThat(update.aside()).isEmpty();
  }

  @Test
  void keepsAttributesThatItDoesNotKnow() throws MalformedJson {
    HostUpdate update = read(json("a", Map.of("document", Map.of("net", "n2", "colour", "red"))));
    assertThat(update.put().getFirst().document()).containsEntry("colour", "red");
  }

  @Test
  void setsAsideWhatCannotBeRead() throws MalformedJson {
    HostUpdate update =
        read(json("bad", Map.of("document", Map.of("size", "a lot"))), json("b", Map.of()));
    assertThat(update.put()).extracting(Resource::id).containsExactly(id("b"));
    assertThat(update.aside())
        .singleElement()
        .satisfies(one -> assertThat(one.which()).isEqualTo(new Forgotten(Toy.GUEST, id("bad"))));
  }

  @Test
  void setsAsideWhatTheServerMarks() throws MalformedJson {
    HostUpdate update = read(json("a", Map.of("unknown", List.of("remote_colour"))));
    assertThat(update.put()).isEmpty();
    assertThat(update.aside().getFirst().reason()).contains("remote_colour");
  }

  @Test
  void knowsEachStoredAttribute() {
    assertThat(Documents.known(Toy.CATALOG))
        .isEqualTo(Map.of("guest", List.of("tags", "net", "poison", "size")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"number\": 1, \"put\": [7]}",
        "{\"number\": 1, \"put\": [{\"type\": \"guest\", \"id\": \"x\"}]}",
        "{\"number\": 1, \"put\": [], \"forget\": [{\"type\": \"guest\", \"id\": \"x\"}]}"
      })
  void refusesWhatIsNoChangeSet(String text) throws MalformedJson {
    Object json = Json.parse(text);
    assertThatThrownBy(() -> Documents.update(Toy.CATALOG, json)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void aMirrorTellsOnlyWhatChanges() {
    Mirror mirror = new Mirror(Toy.CATALOG);
    assertThat(mirror.apply(Toy.put(1, guest("a", 1, "n1"), guest("b", 1, "n1")))).hasSize(2);
    assertThat(mirror.apply(Toy.put(2, guest("a", 1, "n1"), guest("b", 2, "n2")))).hasSize(1);
    assertThat(mirror.apply(Toy.forget(3, "b", "never seen"))).hasSize(1);
    assertThat(new ArrayList<>(mirror.everything()))
        .extracting(Resource::id)
        .containsExactly(id("a"));
  }
}
