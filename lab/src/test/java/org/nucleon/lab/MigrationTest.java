package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A guest moves to another host while it runs, as Nova moves it: it is plugged there first, then
 * its port is bound there, then it is unplugged where it was.
 */
@Tag("lab")
@LabScenario
final class MigrationTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** How Nova says where it moves a guest to. */
  private enum Way {
    /** In the port's profile, before. */
    TOLD,
    /** Not at all: the port is bound there. */
    UNTOLD,
    /** By a second binding, which it activates. */
    TWO_BINDINGS
  }

  private final List<LabHost> hosts = new ArrayList<>();
  private Cloud cloud;
  private String port;
  private String address;
  private Guest moving;
  private List<Guest> others;

  private void begin(Lab lab, String driver) {
    for (String name : List.of("h1", "h2", "h3")) {
      hosts.add(lab.host(name));
    }
    cloud =
        Cloud.with(
            lab, "", "[securitygroup]\nfirewall_driver = " + driver, hosts.toArray(LabHost[]::new));
    String red = cloud.network("red", "10.0.0.0/24", "vxlan");
    moving = cloud.settled(hosts.get(0), "moving", red, Map.of());
    port = cloud.port("moving");
    address = cloud.address("moving");
    Guest neighbour = cloud.settled(hosts.get(1), "neighbour", red, Map.of());
    Guest watcher = cloud.settled(hosts.get(2), "watcher", red, Map.of());
    others = List.of(neighbour, watcher);
    for (Guest other : others) {
      Eventually.within(LIMIT, other + " reaches it", () -> other.ping(address));
    }
    Eventually.within(LIMIT, "the tunnel is there", () -> watcher.ping(cloud.address("neighbour")));
  }

  @Test
  void movesWithoutLosingMoreThanAPing(Lab lab) {
    begin(lab, "openvswitch");
    assertThat(moveTo(hosts.get(1), Way.TOLD)).allMatch(lost -> lost.size() <= 1);
    assertThat(moveTo(hosts.get(0), Way.UNTOLD)).allMatch(lost -> lost.size() <= 1);
    assertThat(hosts.get(0).ovs().vsctl("list-ports", "br-tun").lines()).hasSize(3);
    assertThat(moveTo(hosts.get(1), Way.TWO_BINDINGS)).allMatch(lost -> lost.size() <= 1);
  }

  /** Its bridge is Nova's to make and to remove; what iptables knew of it goes with its binding. */
  @Test
  void soDoesAGuestBehindABridge(Lab lab) {
    begin(lab, "iptables_hybrid");
    LabHost left = hosts.get(0);
    assertThat(known(left)).contains("NETIPv", "zone=", port.substring(0, 10));
    Guest unmoved = plugOn(hosts.get(2), "never-moved-to");
    assertThat(bind(hosts.get(2))).isEqualTo(201);
    awaitPrepared(hosts.get(2));
    assertThat(moveTo(hosts.get(1), Way.TWO_BINDINGS)).allMatch(lost -> lost.size() <= 1);
    Eventually.within(
        LIMIT,
        "nothing of it stays",
        () -> known(left),
        known ->
            !known.contains(port.substring(0, 10))
                && !known.contains("NETIPv")
                && !known.contains("zone="));
    assertThat(known(hosts.get(1))).contains(port.substring(0, 10));
    awaitPrepared(hosts.get(2));
    assertThat(cloud.api().send("DELETE", bindings() + "/" + hosts.get(2), Map.of()).status())
        .isEqualTo(204);
    unmoved.unplug();
    Eventually.within(
        LIMIT,
        "nor where it did not come",
        () -> known(hosts.get(2)),
        known -> !known.contains(port.substring(0, 10)));
  }

  private Guest plugOn(LabHost host, String name) {
    String mac = cloud.api().show("port", port).get("mac_address").asString();
    Guest guest = host.guest(name);
    return isBehindBridge() ? guest.plugHybrid(port, mac) : guest.plug(port, mac);
  }

  private String bindings() {
    return "/v2.0/ports/" + port + "/bindings";
  }

  private int bind(LabHost host) {
    return cloud
        .api()
        .send("POST", bindings(), Map.of("binding", Map.of("host", host.name())))
        .status();
  }

  private void awaitPrepared(LabHost target) {
    String mac = cloud.api().show("port", port).get("mac_address").asString();
    Eventually.within(
        LIMIT,
        target + " is prepared",
        () ->
            target.ovs().flows("br-int").stream()
                .anyMatch(flow -> flow.contains("priority=95,") && flow.contains(mac)));
  }

  private boolean isBehindBridge() {
    return cloud
        .api()
        .show("port", port)
        .get("binding:vif_details")
        .get("ovs_hybrid_plug")
        .asBoolean();
  }

  /** What a host's kernel and switch know of guests. */
  private static String known(LabHost host) {
    return host.machine()
            .script(
                """
                ip -o link
                iptables-save
                ip6tables-save
                ipset save
                conntrack -L
                conntrack -L -f ipv6
                """)
        + host.ovs().vsctl("list-ports", "br-int");
  }

  /**
   * Moves it.
   *
   * @param way how Nova says so
   * @return the numbers of echo requests without an answer, of each of the others
   */
  private List<List<Integer>> moveTo(LabHost target, Way way) {
    Api api = cloud.api();
    Guest there = plugOn(target, "moved-" + way + "-to-" + target);
    there.address(address + "/24");
    String from = api.show("port", port).get("binding:host_id").asString();
    switch (way) {
      case TOLD ->
          api.update(
              "port", port, Map.of("binding:profile", Map.of("migrating_to", target.name())));
      case TWO_BINDINGS -> assertThat(bind(target)).isEqualTo(201);
      case UNTOLD -> {}
    }
    if (way != Way.UNTOLD) {
      cloud.awaitStatus("port", port, "ACTIVE");
      awaitPrepared(target);
    }
    try (Capture arrivals = there.capture(Guest.DEVICE)) {
      List<ContinuousPing> pings =
          others.stream().map(other -> other.pingsAsAnybodyMay(address)).toList();
      assertThat(arrivals.frames().stream().filter(frame -> frame.etherType() == Frame.IPV4))
          .as("its frames go to where it is")
          .isEmpty();
      if (way == Way.TWO_BINDINGS) {
        assertThat(api.send("PUT", bindings() + "/" + target + "/activate", Map.of()).status())
            .isEqualTo(200);
      } else {
        api.update(
            "port", port, Map.of("binding:host_id", target.name(), "binding:profile", Map.of()));
      }
      arrivals.await(LIMIT, "an echo request", frame -> frame.etherType() == Frame.IPV4);
      cloud.awaitStatus("port", port, "ACTIVE");
      moving.unplug();
      moving = there;
      if (way == Way.TWO_BINDINGS) {
        assertThat(api.send("DELETE", bindings() + "/" + from, Map.of()).status()).isEqualTo(204);
      }
      List<List<Integer>> lost = pings.stream().map(ContinuousPing::stopAndListLost).toList();
      for (LabHost host : hosts) {
        Eventually.within(
            LIMIT,
            "nothing differs on " + host,
            () -> cloud.difference(host),
            difference -> difference.contains("no difference"));
      }
      return lost;
    }
  }
}
