package org.nucleon.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.core.Things;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;

/** What a catalog refuses, and what of a resource survives being stored. */
final class DeclarationsTest {

  private static final Attribute<String> EXTRA =
      Attribute.of(Things.BOX, "extra", Values.text(9)).about("Text.");

  private static Catalog.Builder boxes(Attribute<?>... extra) {
    return Catalog.builder()
        .declare(Things.BOX, Things.LABEL, Things.SIZE)
        .extend(Things.BOX, extra);
  }

  @Test
  void refusesDeclarationsThatLeaveSomethingOpen() {
    assertThatThrownBy(() -> boxes(EXTRA).build()).hasMessageContaining("box.extra");
    assertThat(boxes(EXTRA.nullable()).build().layout(Things.BOX).has(EXTRA)).isFalse();
    Attribute<String> silent = Attribute.of(Things.BOX, "extra", Values.text(9)).nullable();
    assertThatThrownBy(() -> boxes(silent).build()).hasMessageContaining("says nothing");
    Extension nowhere = new Extension("x", "X", "X.", "2026-01-01T00:00:00-00:00");
    assertThatThrownBy(() -> boxes(EXTRA.nullable().extension(nowhere)).build())
        .hasMessageContaining("extension");
    assertThatThrownBy(() -> boxes(EXTRA.nullable(), EXTRA.required()).build())
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> boxes(Things.NAME)).hasMessageContaining("thing.name");
    assertThatThrownBy(() -> boxes().declare(Things.BOX)).hasMessageContaining("twice");
    assertThatThrownBy(() -> Catalog.builder().extend(Things.BOX, EXTRA))
        .hasMessageContaining("box");
  }

  private static Resource made(Catalog catalog) {
    Draft draft = new Draft(catalog.layout(Things.BOX), UUID.randomUUID(), "p");
    draft.set(Things.LABEL, "l\u00e9\n").set(Things.SIZE, 7);
    return draft.toResource(Instant.ofEpochSecond(5));
  }

  @Test
  void readsBackWhatItStores() throws InvalidValue {
    Catalog catalog = Things.catalog();
    Resource box = made(catalog);
    Resource read = Resource.ofDocument(box.layout(), box.head(), box.document());
    assertThat(read.document()).isEqualTo(box.document());
    assertThat(read.get(Things.SIZE)).isEqualTo(7);
    assertThat(read.head()).isEqualTo(box.head());
  }

  @Test
  void keepsWhatItDoesNotKnowAndFillsInWhatIsNotThere() throws InvalidValue {
    Attribute<Integer> newer =
        Attribute.of(Things.BOX, "newer", Values.integer(0, 9))
            .about("A number.")
            .defaultsTo(3)
            .absent(1);
    Layout layout = boxes(newer).build().layout(Things.BOX);
    Map<String, Object> document = new TreeMap<>(Map.of("label", "l", "lost", List.of(1, "x")));
    Resource read = Resource.ofDocument(layout, made(Things.catalog()).head(), document);
    assertThat(read.get(newer)).as("absent, not the default of new ones").isEqualTo(1);
    assertThat(read.get(Things.SIZE)).isZero();
    assertThat(read.unknownNames()).containsExactly("lost");
    Resource changed = new Draft(read).set(Things.LABEL, "m").toResource(Instant.ofEpochSecond(9));
    assertThat(changed.document()).containsEntry("lost", List.of(1, "x")).containsEntry("newer", 1);
    assertThat(changed.revision()).isEqualTo(read.revision() + 1);
  }

  @Test
  void aChangeOfNothingIsNoChange() {
    Resource box = made(Things.catalog());
    assertThat(new Draft(box).set(Things.SIZE, 7).toResource(Instant.now())).isSameAs(box);
    Resource touched = new Draft(box).touch().toResource(Instant.ofEpochSecond(9));
    assertThat(touched.revision()).isEqualTo(2);
    assertThat(touched.updatedAt()).isEqualTo(Instant.ofEpochSecond(9));
    assertThat(touched.createdAt()).isEqualTo(Instant.ofEpochSecond(5));
  }

  @Test
  void aRequiredValueThatNoRuleFilledInIsAFault() {
    Attribute<String> filled = EXTRA.filledByServer();
    Layout layout = boxes(filled).build().layout(Things.BOX);
    Draft draft = new Draft(layout, UUID.randomUUID(), "p");
    assertThatThrownBy(() -> draft.toResource(Instant.now())).hasMessageContaining("box.extra");
  }
}
