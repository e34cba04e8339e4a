package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** What clients of the API were told: it holds, whatever is killed afterwards. */
final class Ledger {

  /** What follows from others' doings, so that an answer of long ago may differ. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "status",
          "updated_at",
          "revision_number",
          "availability_zones",
          "security_group_rules",
          "subnets");

  private final Map<String, Told> told = new ConcurrentHashMap<>();

  /** The last word on a resource; null once it is gone. */
  private record Told(String type, String id, @org.jspecify.annotations.Nullable JsonNode shown) {}

  /** The API has answered that it is so. */
  void is(String type, JsonNode shown) {
    String id = shown.get("id").asString();
    told.put(id, new Told(type, id, shown));
  }

  /** The API has answered that it is no more. */
  void gone(String type, String id) {
    told.put(id, new Told(type, id, null));
  }

  /** Asks for everything again. */
  void verify(Api api) {
    assertThat(told).isNotEmpty();
    for (Told one : told.values()) {
      JsonNode shown = one.shown();
      Api.Answer answer =
          api.send("GET", "/v2.0/" + one.type().replace('_', '-') + "s/" + one.id(), Map.of());
      assertThat(answer.status())
          .as("%s %s, which is %s", one.type(), one.id(), shown == null ? "gone" : "there")
          .isEqualTo(shown == null ? 404 : 200);
      if (shown != null) {
        JsonNode now = answer.body().required(one.type());
        for (String attribute : shown.propertyNames()) {
          if (!OF_OTHERS.contains(attribute)) {
            assertThat(now.get(attribute))
                .as("%s of %s %s", attribute, one.type(), one.id())
                .isEqualTo(shown.get(attribute));
          }
        }
      }
    }
  }

  /** How many resources it knows, the gone ones too. */
  int size() {
    return told.size();
  }
}
