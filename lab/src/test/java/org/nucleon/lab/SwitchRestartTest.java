package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Open vSwitch dies under the agent. */
@Tag("lab")
@LabScenario
final class SwitchRestartTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Its flows, and what it tracked, are gone. */
  @Test
  void everythingPassesAgainOnceTheForwarderIsBack(Lab lab) {
    SmallCloud small = new SmallCloud(lab);
    Endpoint outside = lab.internet().server();
    small.h1.ovs().killForwarder();
    String group = small.group;
    small.h1.ovs().restartForwarder();
    awaitRight(small.cloud, small.h1);
    Eventually.within(LIMIT, "a reaches b", () -> small.a.ping(small.cloud.address("b")));
    Eventually.within(LIMIT, "a reaches c", () -> small.a.ping(small.cloud.address("c")));
    Eventually.within(LIMIT, "the floating IP answers", () -> outside.ping(SmallCloud.FLOATING));
    Guest late =
        small.cloud.guest(small.h1, "late", small.red, Map.of("security_groups", List.of(group)));
    assertThat(late.dhcp().address()).isEqualTo(small.cloud.address("late"));
  }

  /** The userspace datapath stands still meanwhile; what the API changes then is made up for. */
  @Test
  void everythingPassesAgainOnceTheDatabaseIsBack(Lab lab) {
    SmallCloud small = new SmallCloud(lab);
    awaitRight(small.cloud, small.h1);
    Api api = small.cloud.api();
    String rule =
        api.list("security_group_rule", Map.of("security_group_id", small.group)).stream()
            .filter(one -> one.get("direction").asString().equals("ingress"))
            .findFirst()
            .orElseThrow()
            .get("id")
            .asString();
    small.h1.ovs().killDatabase();
    api.delete("security_group_rule", rule);
    small.h1.ovs().restartDatabase();
    awaitRight(small.cloud, small.h1);
    assertThat(small.b.ping(small.cloud.address("a"))).as("the rule is gone").isFalse();
    api.create(
        "security_group_rule", Map.of("security_group_id", small.group, "direction", "ingress"));
    Eventually.within(LIMIT, "a answers b", () -> small.b.ping(small.cloud.address("a")));
    Guest late =
        small.cloud.guest(
            small.h1, "late", small.red, Map.of("security_groups", List.of(small.group)));
    assertThat(late.dhcp().address()).isEqualTo(small.cloud.address("late"));
    assertThat(late.ping(small.cloud.address("b"))).isTrue();
    awaitRight(small.cloud, small.h1);
  }

  private static void awaitRight(Cloud cloud, LabHost host) {
    Eventually.within(
        LIMIT,
        "nothing differs on " + host,
        () -> cloud.difference(host),
        difference -> difference.contains("no difference"));
  }
}
