package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.lab.Audience.once;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever carries a network, its guests meet, and nobody else's. */
@Tag("lab")
@LabScenario
final class NetworkTypesTest {

  private static final String EVERYBODY = "ff:ff:ff:ff:ff:ff";
  private static final Map<String, ?> SECURED = Map.of();
  private static final Map<String, ?> OPEN = Map.of("port_security_enabled", false);

  private static final String VLANS =
      """
      [ml2_type_vlan]
      network_vlan_ranges = wire:100:199,left,right
      """;

  /**
   * Two hosts have tunnels and the wire, h3 has tunnels alone, h4 the wire alone. All networks have
   * the same addresses, so that no frame of another can help.
   */
  @Test
  void guestsOfFourHostsMeetOverEveryTypeOfNetwork(Lab lab) {
    Segment wire = lab.segment("wire");
    LabHost h1 = lab.host("h1").physical("wire", wire);
    LabHost h2 = lab.host("h2").physical("wire", wire);
    LabHost h3 = lab.host("h3");
    LabHost h4 = lab.host("h4").physical("wire", wire);
    Cloud cloud = Cloud.server(lab, VLANS);
    cloud.join("vxlan,gre,geneve", h1, h2, h3);
    cloud.join("", h4);
    for (String carrier : List.of("vxlan", "gre", "geneve")) {
      everyPairMeets(cloud, carrier, carrier, SECURED, h1, h2, h3);
    }
    assertThat(tunnels(h1))
        .containsExactlyInAnyOrder(
            "geneve-0a140002",
            "geneve-0a140003",
            "gre-0a140002",
            "gre-0a140003",
            "vxlan-0a140002",
            "vxlan-0a140003");
    try (Audience audience = new Audience(cloud)) {
      everyPairMeets(cloud, "vlan", "vlan,wire,100", SECURED, h1, h2, h4).forEach(audience::add);
      everyPairMeets(cloud, "other", "vlan,wire,101", OPEN, h1, h2).forEach(audience::add);
      everyPairMeets(cloud, "flat", "flat,wire", OPEN, h1, h2, h4).forEach(audience::add);
      assertThat(audience.heard("vlan-h1", EVERYBODY)).isEqualTo(once("vlan-h2", "vlan-h4"));
      assertThat(audience.heard("vlan-h4", EVERYBODY)).isEqualTo(once("vlan-h1", "vlan-h2"));
      assertThat(audience.heard("other-h1", EVERYBODY)).isEqualTo(once("other-h2"));
      assertThat(audience.heard("flat-h4", EVERYBODY)).isEqualTo(once("flat-h1", "flat-h2"));
    }
    aLocalNetworkEndsAtItsHost(cloud, h1, h2);
  }

  /** Guests of a network, one on each host: what they send passes both ways, up to its MTU. */
  private static List<Guest> everyPairMeets(
      Cloud cloud, String name, String carrier, Map<String, ?> more, LabHost... hosts) {
    String network = cloud.network(name, "10.0.0.0/24", carrier);
    int mtu = cloud.api().show("network", network).get("mtu").asInt();
    List<Guest> guests = new ArrayList<>();
    for (LabHost host : hosts) {
      Guest guest = cloud.settled(host, name + "-" + host, network, more);
      String to = cloud.address(guest.name());
      guest.serve(5000);
      for (Guest other : guests) {
        meet(other, to);
        assertThat(other.tcp(to, 5000)).as("%s to %s", other, guest).isEqualTo(Endpoint.Tcp.OPEN);
        assertThat(other.pingOfSize(to, mtu)).as("%s to %s: %s bytes", other, guest, mtu).isTrue();
      }
      guests.add(guest);
    }
    return guests;
  }

  private static void aLocalNetworkEndsAtItsHost(Cloud cloud, LabHost h1, LabHost h2) {
    String local = cloud.network("local", "10.0.0.0/24", "local");
    Guest a = cloud.settled(h1, "local-a", local, Map.of());
    cloud.settled(h1, "local-b", local, Map.of());
    cloud.settled(h2, "local-c", local, Map.of());
    assertThat(a.ping(cloud.address("local-b"))).as("on its host").isTrue();
    assertThat(a.ping(cloud.address("local-c"))).as("a local network ends at its host").isFalse();
  }

  /** The switch drops what it would tunnel until it has found the other end's MAC address. */
  private static void meet(Guest guest, String address) {
    Eventually.within(
        Duration.ofSeconds(10), guest + " reaches " + address, () -> guest.ping(address));
  }

  private static List<String> tunnels(LabHost host) {
    List<String> ports = new ArrayList<>(host.ovs().vsctl("list-ports", "br-tun").lines().toList());
    ports.remove("patch-int");
    return ports;
  }

  @Test
  void eachHostUsesTheSegmentThatItReaches(Lab lab) {
    Segment left = lab.segment("left");
    Segment right = lab.segment("right");
    LabHost h1 = lab.host("h1").physical("left", left);
    LabHost h2 = lab.host("h2").physical("right", right);
    Cloud cloud = Cloud.server(lab, VLANS);
    cloud.join("vxlan,gre", h1);
    cloud.join("vxlan", h2);
    String both = cloud.network("both", "10.0.0.0/24", "vlan,left,7", "vlan,right,7");
    Guest a = cloud.settled(h1, "a", both, Map.of());
    cloud.settled(h2, "b", both, Map.of());
    assertThat(a.ping(cloud.address("b"))).as("nothing joins the segments").isFalse();
    left.join(right);
    meet(a, cloud.address("b"));
    assertThat(tunnels(h1)).isEmpty();

    failsToBind(cloud, h2, "wired", "vlan,left,8", "has no bridge for physical network left");
    failsToBind(cloud, h2, "tunnelled", "gre", "does not carry gre networks");
  }

  private static void failsToBind(
      Cloud cloud, LabHost host, String name, String carrier, String why) {
    JsonNode port =
        cloud
            .api()
            .create(
                "port",
                Map.of(
                    "network_id",
                    cloud.network(name, "10.0.0.0/24", carrier),
                    "binding:host_id",
                    host.name()));
    assertThat(port.get("binding:vif_type").asString()).isEqualTo("binding_failed");
    assertThat(port.get("binding:vif_details").get("reason").asString()).contains(why);
    String line =
        "port %s cannot be bound on host %s: openvswitch: host %s %s"
            .formatted(port.get("id").asString(), host, host, why);
    Eventually.within(
        Duration.ofSeconds(10),
        "the server's log says why",
        cloud::serverLog,
        log -> log.contains(line));
  }
}
