package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** The description of the API, held against the API. */
final class OpenApiTest {

  @TempDir static Path folder;
  static LiveServer server;
  static Map<?, ?> document;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
    Reply reply = server.send("GET", "/openapi.json", "");
    assertThat(reply.status()).isEqualTo(200);
    document = (Map<?, ?>) reply.json();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<?, ?> paths() {
    return (Map<?, ?>) document.get("paths");
  }

  private static Map<?, ?> schema(String name) {
    return (Map<?, ?>)
        ((Map<?, ?>) ((Map<?, ?>) document.get("components")).get("schemas")).get(name);
  }

  @Test
  void everyCollectionIsDescribedAndEveryDescribedOneAnswers() {
    List<Object> collections =
        LiveServer.column(server.send("GET", "/v2.0/", ""), "resources", "collection");
    assertThat(collections).isNotEmpty();
    for (Object path : paths().keySet()) {
      String text = (String) path;
      if (!text.contains("{")) {
        assertThat(server.send("GET", text, "").status()).as(text).isEqualTo(200);
      }
    }
    for (Object links : LiveServer.column(server.send("GET", "/v2.0/", ""), "resources", "links")) {
      String href = (String) ((Map<?, ?>) ((List<?>) links).getFirst()).get("href");
      assertThat(paths().containsKey(href.substring(server.base().length()))).as(href).isTrue();
    }
  }

  @Test
  void whatIsShownIsDescribed() {
    String network = server.network("n");
    Map<?, ?> shown = (Map<?, ?>) server.get("/networks/" + network).at("network");
    Map<?, ?> described = (Map<?, ?>) schema("Network").get("properties");
    assertThat(described.keySet().stream().map(String::valueOf).toList())
        .containsAll(shown.keySet().stream().map(String::valueOf).toList());
    Map<?, ?> creates = schema("PortCreate");
    assertThat(creates.get("required")).isEqualTo(List.of("network_id"));
    assertThat(((Map<?, ?>) schema("PortUpdate").get("properties")).containsKey("network_id"))
        .isFalse();
    Map<?, ?> up = (Map<?, ?>) ((Map<?, ?>) creates.get("properties")).get("admin_state_up");
    assertThat(up.get("type")).isEqualTo("boolean");
    assertThat(up.get("default")).isEqualTo(true);
  }

  /** What tools stumble over: names that lead nowhere, parameters that no path has. */
  @Test
  void isWhole() {
    List<String> missing = new ArrayList<>();
    walk(
        document,
        (key, value) -> {
          if (key.equals("$ref")) {
            String name = ((String) value).substring("#/components/schemas/".length());
            if (schema(name) == null) {
              missing.add(name);
            }
          }
        });
    assertThat(missing).isEmpty();
    paths()
        .forEach((path, item) -> {
          List<String> named = new ArrayList<>();
          Object parameters = ((Map<?, ?>) item).get("parameters");
          if (parameters != null) {
            ((List<?>) parameters).forEach(p -> named.add((String) ((Map<?, ?>) p).get("name")));
          }
          for (String part : ((String) path).split("/")) {
            if (part.startsWith("{")) {
              assertThat(named).as("%s", path).contains(part.substring(1, part.length() - 1));
            }
          }
        });
  }

  private static void walk(Object json, BiConsumer<String, Object> each) {
    if (json instanceof Map<?, ?> map) {
      map.forEach((key, value) -> {
        each.accept((String) key, value);
        walk(value, each);
      });
    } else if (json instanceof List<?> list) {
      list.forEach(value -> walk(value, each));
    }
  }
}
