package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** OSSN-0020: what is no longer allowed ends, though it was allowed when it began. */
@Tag("lab")
@LabScenario
final class EndedConversationsTest {

  @Test
  void endWithWhatAllowedThem(Lab lab) {
    SmallCloud small = new SmallCloud(lab);
    Api api = small.cloud.api();
    for (Guest guest : List.of(small.a, small.b, small.c)) {
      guest.serve(7000);
    }
    try (Conversation byRule = small.a.talk(small.cloud.address("b"), 7000);
        Conversation byGroup = small.a.talk(small.cloud.address("c"), 7000);
        Conversation byFloatingIp = lab.internet().server().talk(SmallCloud.FLOATING, 7000)) {
      for (Conversation one : List.of(byRule, byGroup, byFloatingIp)) {
        assertThat(one.say("before")).isEqualTo("before");
      }

      api.update("port", small.cloud.port("c"), Map.of("security_groups", List.of()));
      ends(byGroup);
      assertThat(byRule.say("still")).isEqualTo("still");

      api.update("floatingip", small.floating, java.util.Collections.singletonMap("port_id", null));
      ends(byFloatingIp);
      assertThat(byRule.say("still")).isEqualTo("still");

      String rule =
          api.list(
                  "security_group_rule",
                  Map.of("security_group_id", small.group, "direction", "ingress"))
              .getFirst()
              .get("id")
              .asString();
      api.delete("security_group_rule", rule);
      ends(byRule);
    }
  }

  /** It says what it says until nobody answers. */
  private static void ends(Conversation conversation) {
    for (int i = 0; conversation.say("line " + i) != null; i++) {
      assertThat(i).as("it goes on").isLessThan(1_000_000);
    }
  }
}
