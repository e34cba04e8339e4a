package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guests are told how large their packets may be, and packets of that size arrive. */
@Tag("lab")
@LabScenario
final class MtuTest {
  private static final int PORT = 5000;
  private static final int MUCH = 4 << 20;

  /** TCP's segments without its header, IPv4's and the option of time stamps. */
  private static final int HEADERS = 20 + 20 + 12;

  private static void reaches(Endpoint from, String address) {
    // The switch drops what it would tunnel until it has found the other end's MAC address.
    Eventually.within(
        Duration.ofSeconds(30), from + " reaches " + address, () -> from.ping(address));
  }

  @Test
  void wholePacketsArriveAndRoutersTellOfSmallerNetworks(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    LabHost h2 = lab.hostWithExternal("h2");
    try (Cloud cloud = Cloud.on(lab, h1, h2)) {
      Api api = cloud.api();
      String external = cloud.externalNetwork();
      String red = cloud.network("red", "10.1.0.0/24");
      String narrow =
          api.create("network", Map.of("name", "narrow", "mtu", 1300)).get("id").asString();
      cloud.subnet(narrow, "10.2.0.0/24", Map.of());
      String router =
          api.create(
                  "router",
                  Map.of("name", "r", "external_gateway_info", Map.of("network_id", external)))
              .get("id")
              .asString();
      for (String network : List.of(red, narrow)) {
        String subnet =
            api.list("subnet", Map.of("network_id", network)).getFirst().get("id").asString();
        api.action("router", router, "add_router_interface", Map.of("subnet_id", subnet));
      }
      String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
      api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
      Map<String, ?> open = Map.of("security_groups", List.of(group));
      Guest a = cloud.guest(h1, "a", red, open);
      Guest b = cloud.guest(h2, "b", red, open);
      Guest c = cloud.guest(h2, "c", narrow, open);
      assertThat(List.of(a.dhcp().mtu(), b.dhcp().mtu(), c.dhcp().mtu()))
          .containsExactly("1450", "1450", "1300");
      for (Guest guest : List.of(a, b, c)) {
        guest.serve(PORT);
      }

      String addressOfB = cloud.address("b");
      reaches(a, addressOfB);
      assertThat(a.pingOfSize(addressOfB, 1450)).as("through the tunnel, whole").isTrue();
      assertThat(a.bulk(addressOfB, PORT, MUCH)).isEqualTo(1450 - HEADERS);

      String addressOfC = cloud.address("c");
      reaches(a, addressOfC);
      assertThat(a.pingWords(addressOfC, 1450)).as("the router's word").contains("mtu = 1300");
      assertThat(a.pingOfSize(addressOfC, 1300)).isTrue();
      assertThat(a.bulk(addressOfC, PORT, MUCH)).isEqualTo(1300 - HEADERS);

      String floating = floatingIp(cloud, external, "a");
      Endpoint server = lab.internet().server();
      reaches(server, floating);
      assertThat(server.pingWords(floating, 1500))
          .as("the router's word to the internet, in the floating IP's name")
          .contains("mtu = 1450");
      assertThat(server.pingOfSize(floating, 1450)).isTrue();
      assertThat(server.bulk(floating, PORT, MUCH)).isEqualTo(1450 - HEADERS);

      Api.Answer refused =
          api.send("PUT", "/v2.0/networks/" + red, Map.of("network", Map.of("mtu", 1451)));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body().toString()).contains("maximum is 1450");

      api.update("network", red, Map.of("mtu", 1400));
      for (LabHost host : List.of(h1, h2)) {
        Eventually.within(
            Duration.ofSeconds(30),
            "no device of the network's on " + host + " has the old MTU",
            () -> devices(host),
            links -> !links.contains("mtu 1450"));
        // Programs come after devices; the agent answers when it is through with both.
        assertThat(cloud.difference(host)).contains("no difference");
      }
      assertThat(a.renew().mtu()).isEqualTo("1400");
      assertThat(b.renew().mtu()).isEqualTo("1400");
      assertThat(a.pingOfSize(addressOfB, 1400)).isTrue();
      assertThat(a.bulk(addressOfB, PORT, MUCH)).isEqualTo(1400 - HEADERS);
    }
  }

  /**
   * What the agents made, in namespaces and the ends towards the switch: guests' taps are Nova's.
   */
  private static String devices(LabHost host) {
    StringBuilder links = new StringBuilder();
    host.machine()
        .exec("ip", "-o", "link")
        .lines()
        .filter(line -> line.contains("alias nucleon"))
        .forEach(line -> links.append(line).append('\n'));
    host.machine()
        .exec("ip", "netns", "list")
        .lines()
        .map(line -> line.split(" ", -1)[0])
        .filter(name -> !name.isEmpty())
        .forEach(name -> links.append(host.machine().exec("ip", "-n", name, "link")));
    return links.toString();
  }

  private static String floatingIp(Cloud cloud, String external, String port) {
    var made =
        cloud
            .api()
            .create(
                "floatingip", Map.of("floating_network_id", external, "port_id", cloud.port(port)));
    cloud.awaitStatus("floatingip", made.get("id").asString(), "ACTIVE");
    return made.get("floating_ip_address").asString();
  }
}
