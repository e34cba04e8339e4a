package org.nucleon.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;

/** What of a resource its reader must not pass over. */
final class KnowledgeTest {

  private static final ResourceType RULE = ResourceType.of("rule", "rules", "Lets packets pass.");
  private static final Attribute<String> REMOTE =
      Attribute.of(RULE, "remote", Values.text(255)).about("From where.").nullable();
  private static final Attribute<Boolean> ON =
      Attribute.of(RULE, "on", Values.bool())
          .about("New rules are on.")
          .defaultsTo(true)
          .absent(false);
  private static final Attribute<String> NOTE =
      Attribute.of(RULE, "note", Values.text(255)).about("Text.").defaultsTo("").ignorable();
  private static final Catalog CATALOG = Catalog.builder().declare(RULE, REMOTE, ON, NOTE).build();

  private static final Knowledge OLD = Knowledge.of(Map.of("rule", List.of("direction")));

  private static Resource rule(Map<String, @Nullable Object> document) throws InvalidValue {
    Resource.Head head = new Resource.Head(new UUID(1, 2), "p", 1, Instant.EPOCH, Instant.EPOCH, 1);
    return Resource.ofDocument(CATALOG.layout(RULE), head, new LinkedHashMap<>(document));
  }

  @Test
  void namesWhatIsSetAndMatters() throws InvalidValue {
    assertThat(OLD.unknown(rule(Map.of("remote", "a", "on", true, "note", "b"))))
        .containsExactly("remote", "on");
  }

  @Test
  void passesOverWhatSaysNoMoreThanItsAbsence() throws InvalidValue {
    assertThat(OLD.unknown(rule(Map.of()))).isEmpty();
    assertThat(OLD.unknown(rule(Map.of("on", false)))).isEmpty();
    assertThat(OLD.unknown(rule(Map.of("on", true)))).as("a default is set too").contains("on");
  }

  @Test
  void passesOverWhatTheReaderKnows() throws InvalidValue {
    Knowledge reader = Knowledge.of(Map.of("rule", List.of("remote", "on")));
    assertThat(reader.unknown(rule(Map.of("remote", "a", "on", true)))).isEmpty();
  }

  @Test
  void marksNothingForReadersThatDoNotActOnIt() throws InvalidValue {
    Resource rule = rule(Map.of("remote", "a"));
    assertThat(Knowledge.of(null).unknown(rule)).isEmpty();
    assertThat(Knowledge.of(Map.of("port", List.of())).unknown(rule)).isEmpty();
    assertThat(Knowledge.of("nonsense").unknown(rule)).isEmpty();
  }
}
