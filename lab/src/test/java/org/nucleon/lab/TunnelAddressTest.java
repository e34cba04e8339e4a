package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hosts get other addresses: whoever has a tunnel to them follows, and nothing is left over. */
@Tag("lab")
@LabScenario
final class TunnelAddressTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MUCH = 1 << 19;

  /** TCP's segments without its header, IPv4's and the option of time stamps. */
  private static final int HEADERS = 20 + 20 + 12;

  private Cloud cloud;

  @Test
  void tunnelsFollowAHostsAddressAlsoToIpv6(Lab lab) {
    LabHost h1 = lab.host("h1");
    LabHost h2 = lab.host("h2");
    cloud = Cloud.server(lab, "[ml2]\noverlay_ip_version = 6\n");
    cloud.join("vxlan,gre,geneve", h1, h2);
    Map<String, Guest> guests = new TreeMap<>();
    for (String type : List.of("vxlan", "gre", "geneve")) {
      String network = cloud.network(type, "10.0.0.0/24", type);
      guests.put(type, cloud.settled(h1, type + "-a", network, Map.of()));
      cloud.settled(h2, type + "-b", network, Map.of()).serve(5000);
    }
    meet(guests);

    h2.machine()
        .script("ip addr del 10.20.0.2/24 dev br-phys\nip addr add 10.20.0.102/24 dev br-phys");
    assertThat(guests.get("vxlan").ping(cloud.address("vxlan-b"))).isFalse();
    restart(h2, "10.20.0.102");
    tunnelsLead(h1, "10.20.0.1", "10.20.0.102");
    tunnelsLead(h2, "10.20.0.102", "10.20.0.1");
    meet(guests);

    for (LabHost host : List.of(h1, h2)) {
      restart(host, host.tunnelAddress6());
    }
    tunnelsLead(h1, h1.tunnelAddress6(), h2.tunnelAddress6());
    tunnelsLead(h2, h2.tunnelAddress6(), h1.tunnelAddress6());
    meet(guests);
    guests.forEach((type, guest) -> {
      String to = cloud.address(type + "-b");
      int mtu = cloud.api().list("network", Map.of("name", type)).getFirst().get("mtu").asInt();
      assertThat(guest.pingOfSize(to, mtu)).as("%s: a packet of %s bytes", type, mtu).isTrue();
      assertThat(guest.bulk(to, 5000, MUCH)).as("%s: segments", type).isEqualTo(mtu - HEADERS);
    });
  }

  private void meet(Map<String, Guest> guests) {
    guests.forEach((type, guest) ->
        Eventually.within(
            LIMIT, type + " carries pings", () -> guest.ping(cloud.address(type + "-b"))));
  }

  private void restart(LabHost host, String localIp) {
    cloud.agent(host).terminate();
    cloud.agent(host).awaitEnd();
    cloud.configure(host, localIp, "vxlan,gre,geneve", "");
    cloud.startAgent(host);
  }

  /** One tunnel of each type from here to there, no other, and nothing that is left over. */
  private void tunnelsLead(LabHost host, String here, String there) {
    Eventually.within(
        LIMIT,
        "tunnels of " + host + " from " + here + " to " + there,
        () -> tunnels(host),
        tunnels ->
            tunnels.size() == 3
                && tunnels.stream()
                    .allMatch(one ->
                        one.contains("local_ip=" + here + " ")
                            && one.endsWith("remote_ip=" + there)));
    Eventually.within(
        LIMIT,
        "nothing differs on " + host,
        () -> cloud.difference(host),
        difference -> difference.contains("no difference"));
    assertThat(host.ovs().vsctl("list-ports", "br-tun").lines()).as("with the patch").hasSize(4);
  }

  private static List<String> tunnels(LabHost host) {
    List<String> tunnels = new ArrayList<>();
    for (String type : List.of("vxlan", "gre", "geneve")) {
      host.ovs()
          .vsctl("--bare", "--columns=options", "find", "Interface", "type=" + type)
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(tunnels::add);
    }
    return tunnels;
  }
}
