package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static final String VLANS =
      """
      [ml2_type_vlan]
      network_vlan_ranges = wire:100:199,left,right
      """;

  /** All networks have the same addresses, so that no frame of another can help. */
  @Test
  void guestsOfTwoHostsMeetOverEveryTypeOfNetwork(Lab lab) {
    Segment wire = lab.segment("wire");
    LabHost h1 = lab.host("h1").physical("wire", wire);
    LabHost h2 = lab.host("h2").physical("wire", wire);
    Cloud cloud = Cloud.server(lab, VLANS);
    cloud.join("vxlan,gre,geneve", h1, h2);
    for (String carrier : List.of("vxlan", "gre", "geneve", "vlan,wire,100", "flat,wire")) {
      String type = carrier.replaceFirst(",.*", "");
      String network = cloud.network(type, "10.0.0.0/24", carrier);
      Guest a = cloud.settled(h1, type + "-a", network, Map.of());
      Guest b = cloud.settled(h2, type + "-b", network, Map.of());
      b.serve(5000);
      String to = cloud.address(b.name());
      meet(a, to);
      assertThat(a.tcp(to, 5000)).as("%s", type).isEqualTo(Endpoint.Tcp.OPEN);
      int mtu = cloud.api().show("network", network).get("mtu").asInt();
      assertThat(a.pingOfSize(to, mtu)).as("%s: a packet of %s bytes", type, mtu).isTrue();
    }
    assertThat(tunnels(h1))
        .containsExactlyInAnyOrder("geneve-0a140002", "gre-0a140002", "vxlan-0a140002");

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
