package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Agents and servers come and go; what is right is not touched, and no packet is lost. */
@Tag("lab")
@LabScenario
final class RestartTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void agentRestartTouchesNothingAndLosesNothing(Lab lab) {
    agentRestart(lab, 7);
  }

  @Test
  @Tag("soak")
  void agentRestartWithFiftyPorts(Lab lab) {
    agentRestart(lab, 47);
  }

  private static void agentRestart(Lab lab, int crowd) {
    SmallCloud small = new SmallCloud(lab);
    List<ContinuousPing> crowded =
        small.crowd(crowd).stream().map(lab.internet().server()::pings).toList();
    List<LabHost> hosts = List.of(small.h1, small.h2);
    hosts.forEach(host -> awaitRight(small.cloud, host));
    ContinuousPing overlay = small.a.pings(small.cloud.address("b"));
    ContinuousPing routed = small.a.pings(small.cloud.address("c"));
    ContinuousPing floating = lab.internet().server().pings(SmallCloud.FLOATING);
    Watchers one = Watchers.on(small.h1);
    Watchers two = Watchers.on(small.h2);
    List<String> programs = hosts.stream().map(RestartTest::programs).toList();

    small.cloud.agent(small.h1).kill();
    small.cloud.agent(small.h1).awaitEnd();
    small.cloud.agent(small.h2).terminate();
    small.cloud.agent(small.h2).awaitEnd();
    hosts.forEach(small.cloud::startAgent);
    hosts.forEach(host -> awaitRight(small.cloud, host));
    hosts.forEach(small.cloud::awaitAlive);

    assertThat(one.changes()).isEmpty();
    assertThat(two.changes()).isEmpty();
    assertThat(hosts.stream().map(RestartTest::programs).toList()).isEqualTo(programs);
    assertThat(overlay.stopAndListLost()).isEmpty();
    assertThat(routed.stopAndListLost()).isEmpty();
    assertThat(floating.stopAndListLost()).isEmpty();
    crowded.forEach(ping -> assertThat(ping.stopAndListLost()).isEmpty());

    String flow = small.h1.ovs().flows("br-int").getFirst();
    small.h1.ovs().ofctl("del-flows", "br-int");
    Eventually.within(LIMIT, "the watchers see what is changed", () -> !one.changes().isEmpty());
    Eventually.within(
        LIMIT, "the flows are back", () -> small.h1.ovs().flows("br-int").contains(flow));
  }

  @Test
  void withoutServerAnAgentHoldsItsHost(Lab lab) {
    SmallCloud small = new SmallCloud(lab);
    awaitRight(small.cloud, small.h1);
    ContinuousPing overlay = small.a.pings(small.cloud.address("b"));
    ContinuousPing floating = lab.internet().server().pings(SmallCloud.FLOATING);
    Watchers watchers = Watchers.on(small.h1);

    small.cloud.killServer();
    small.cloud.agent(small.h1).kill();
    small.cloud.agent(small.h1).awaitEnd();
    small.cloud.startAgent(small.h1);
    awaitRight(small.cloud, small.h1);
    assertThat(watchers.changes()).isEmpty();
    small.h1.ovs().ofctl("del-flows", "br-tun");
    awaitRight(small.cloud, small.h1);

    small.cloud.restartServer();
    small.cloud.awaitAlive(small.h1);
    small.cloud.awaitAlive(small.h2);
    assertThat(overlay.answered()).isPositive();
    assertThat(floating.stopAndListLost()).isEmpty();
    Guest d = small.cloud.guest(small.h1, "d", small.blue, java.util.Map.of());
    assertThat(d.dhcp().address()).isEqualTo(small.cloud.address("d"));
  }

  private static void awaitRight(Cloud cloud, LabHost host) {
    Eventually.within(
        LIMIT,
        "nothing differs on " + host,
        () -> cloud.difference(host),
        difference -> difference.contains("no difference"));
  }

  private static String programs(LabHost host) {
    return host.machine().exec("sh", "-c", "ps -eo pid,args | grep '[d]nsmasq' | sort");
  }
}
