package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An address that one guest had is the next one's at once, behind a router too. */
@Tag("lab")
@LabScenario
final class ChangedHandsTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String OLD = "fa:16:3e:00:0a:01";
  private static final String NEW = "fa:16:3e:00:0a:02";
  private static final List<String> ADDRESSES = List.of("10.2.0.77", "fd00:2::77");

  @Test
  void theRouterFindsTheNextOwner(Lab lab) {
    SmallCloud small = new SmallCloud(lab);
    Api api = small.cloud.api();
    List<String> networks = List.of(small.red, small.blue);
    for (int i = 0; i < 2; i++) {
      String subnet =
          small.cloud.subnet(networks.get(i), "fd00:" + (i + 1) + "::/64", Map.of("ip_version", 6));
      api.action("router", small.router, "add_router_interface", Map.of("subnet_id", subnet));
    }
    api.create(
        "security_group_rule",
        Map.of("security_group_id", small.group, "direction", "ingress", "ethertype", "IPv6"));
    Guest asking = owner(small, small.h1, small.red, "asking", "fa:16:3e:00:0a:00", 1, "78");
    Guest first = owner(small, small.h2, small.blue, "first", OLD, 2, "77");
    for (String address : ADDRESSES) {
      Eventually.within(LIMIT, address + " answers", () -> asking.ping(address));
      assertThat(neighbour(small, address)).contains(OLD);
    }
    first.unplug();
    api.delete("port", small.cloud.port("first"));
    owner(small, small.h1, small.blue, "second", NEW, 2, "77");
    for (String address : ADDRESSES) {
      Eventually.within(
          LIMIT,
          "the first one is forgotten, not waited for",
          () -> neighbour(small, address),
          known -> !known.contains(OLD));
      Eventually.within(LIMIT, address + " answers", () -> asking.ping(address));
      assertThat(neighbour(small, address)).contains(NEW);
    }
  }

  /** A guest that is set up by hand, on a network with the number {@code net} in its prefixes. */
  private static Guest owner(
      SmallCloud small,
      LabHost host,
      String network,
      String name,
      String mac,
      int net,
      String end) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("mac_address", mac);
    attributes.put("security_groups", List.of(small.group));
    attributes.put(
        "fixed_ips",
        List.of(
            Map.of("ip_address", "10." + net + ".0." + end),
            Map.of("ip_address", "fd00:" + net + "::" + end)));
    Guest guest = small.cloud.guest(host, name, network, attributes);
    guest
        .machine()
        .script(
            """
            ip addr add 10.%1$d.0.%2$s/24 dev eth0
            ip addr add fd00:%1$d::%2$s/64 dev eth0 nodad
            ip route add default via 10.%1$d.0.1
            ip route add default via fd00:%1$d::1
            """
                .formatted(net, end));
    return guest;
  }

  /** What the router's kernel knows of an address. */
  private static String neighbour(SmallCloud small, String address) {
    return small
        .routerHost()
        .machine()
        .exec("ip", "-n", "qrouter-" + small.router, "neigh", "show", address);
  }
}
