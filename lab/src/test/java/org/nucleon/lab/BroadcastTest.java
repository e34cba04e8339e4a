package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.lab.Audience.once;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is for many, or for nobody known, goes where it can be meant, and arrives once. */
@Tag("lab")
@LabScenario
final class BroadcastTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String EVERYBODY = "ff:ff:ff:ff:ff:ff";
  private static final String GROUP = "01:00:5e:01:02:03";
  private static final String NOBODY = "fa:16:3e:ff:ff:ff";
  private static final Map<String, ?> OPEN = Map.of("port_security_enabled", false);

  private static final String WIRE =
      """
      [ml2_type_vlan]
      network_vlan_ranges = wire
      """;

  private final List<LabHost> hosts = new ArrayList<>();
  private Cloud cloud;

  /** Red is on h1, h2 and h3, blue on h1 and h4: h1 has tunnels to all. */
  @Test
  void framesForManyArriveOnceWhereTheNetworkIs(Lab lab) {
    Segment wire = lab.segment("wire");
    for (int i = 1; i <= 4; i++) {
      hosts.add(lab.host("h" + i).physical("wire", wire));
    }
    cloud = Cloud.server(lab, WIRE);
    cloud.join("vxlan", hosts.toArray(LabHost[]::new));
    Map<String, ?> secured = Map.of("security_groups", List.of(openGroup()));

    String red = cloud.network("red", "10.0.0.0/24", "vxlan");
    String blue = cloud.network("blue", "10.0.0.0/24", "vxlan");
    try (Audience audience = new Audience(cloud)) {
      settle(audience, red, "red", secured);
      settle(audience, blue, "blue");
      for (LabHost host : hosts.subList(1, 4)) {
        audience.add(host.name(), new Endpoint(host.machine(), lab.folder()), "under0");
      }
      assertThat(audience.heard("red-sender", EVERYBODY))
          .isEqualTo(once("red-near", "red-far", "red-closed", "h2", "h3"));
      assertThat(audience.heard("red-far", EVERYBODY))
          .isEqualTo(once("red-sender", "red-near", "red-closed", "h3"));
      assertThat(audience.heard("red-sender", GROUP))
          .isEqualTo(once("red-near", "red-far", "red-closed", "h2", "h3"));
      assertThat(audience.heard("red-sender", NOBODY))
          .as("only who may use any address can be meant")
          .isEqualTo(once("red-near", "red-far", "h2"));
      assertThat(audience.heard("blue-sender", EVERYBODY)).isEqualTo(once("blue-far", "h4"));
    }

    String green = cloud.network("green", "10.0.0.0/24", "vlan,wire,100");
    try (Audience audience = new Audience(cloud)) {
      settle(audience, green, "green", secured);
      for (String destination : List.of(EVERYBODY, GROUP)) {
        assertThat(audience.heard("green-sender", destination))
            .isEqualTo(once("green-near", "green-far", "green-closed"));
      }
      assertThat(audience.heard("green-far", NOBODY)).isEqualTo(once("green-sender", "green-near"));
    }
  }

  private String openGroup() {
    Api api = cloud.api();
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
    return group;
  }

  private void settle(Audience audience, String network, String name, Map<String, ?> secured) {
    Guest sender = guest(audience, hosts.get(0), name + "-sender", network, OPEN);
    guest(audience, hosts.get(0), name + "-near", network, OPEN);
    guest(audience, hosts.get(1), name + "-far", network, OPEN);
    guest(audience, hosts.get(2), name + "-closed", network, secured);
    meet(sender, name + "-far");
    meet(sender, name + "-closed");
  }

  private void settle(Audience audience, String network, String name) {
    Guest sender = guest(audience, hosts.get(0), name + "-sender", network, OPEN);
    guest(audience, hosts.get(3), name + "-far", network, OPEN);
    meet(sender, name + "-far");
  }

  private Guest guest(
      Audience audience, LabHost host, String name, String network, Map<String, ?> more) {
    Guest guest = cloud.settled(host, name, network, more);
    audience.add(guest);
    return guest;
  }

  /** The switch drops what it would tunnel until it has found the other end's MAC address. */
  private void meet(Guest one, String other) {
    Eventually.within(LIMIT, one + " reaches " + other, () -> one.ping(cloud.address(other)));
  }
}
