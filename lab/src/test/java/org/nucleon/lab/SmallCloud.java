package org.nucleon.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Two hosts with a cloud in its smallest interesting form: two networks, a router with a gateway,
 * three guests with addresses, a floating IP for the first.
 */
final class SmallCloud {

  static final String FLOATING = "203.0.113.60";

  final LabHost h1;
  final LabHost h2;
  final Cloud cloud;
  final String external;
  final String red;
  final String blue;
  final String router;
  final String floating;
  final String group;
  final Guest a;
  final Guest b;
  final Guest c;

  SmallCloud(Lab lab) {
    this(lab, "");
  }

  /** The same, with options of the server's section DEFAULT, one a line. */
  SmallCloud(Lab lab, String options) {
    h1 = lab.hostWithExternal("h1");
    h2 = lab.hostWithExternal("h2");
    cloud = Cloud.with(lab, options, h1, h2);
    Api api = cloud.api();
    external = cloud.externalNetwork();
    red = cloud.network("red", "10.1.0.0/24");
    blue = cloud.network("blue", "10.2.0.0/24");
    router =
        api.create(
                "router",
                Map.of("name", "r", "external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    for (String network : List.of(red, blue)) {
      api.action("router", router, "add_router_interface", Map.of("subnet_id", subnet(network)));
    }
    group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
    Map<String, ?> grouped = Map.of("security_groups", List.of(group));
    a = cloud.guest(h1, "a", red, grouped);
    b = cloud.guest(h2, "b", red, grouped);
    c = cloud.guest(h2, "c", blue, grouped);
    for (Guest guest : List.of(a, b, c)) {
      guest.dhcp();
    }
    floating =
        api.create(
                "floatingip",
                Map.of(
                    "floating_network_id",
                    external,
                    "floating_ip_address",
                    FLOATING,
                    "port_id",
                    cloud.port("a")))
            .get("id")
            .asString();
    cloud.awaitStatus("floatingip", floating, "ACTIVE");
  }

  /**
   * More guests, on both hosts by turns, on the two networks and a third one behind a second router
   * with a gateway; every fifth gets a floating IP.
   *
   * @return the floating IPs
   */
  List<String> crowd(int guests) {
    Api api = cloud.api();
    String green = cloud.network("green", "10.3.0.0/24");
    String second =
        api.create(
                "router",
                Map.of("name", "r2", "external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    api.action("router", second, "add_router_interface", Map.of("subnet_id", subnet(green)));
    List<String> networks = List.of(red, blue, green);
    List<String> floating = new ArrayList<>();
    for (int i = 0; i < guests; i++) {
      String name = "crowd" + i;
      Guest guest =
          cloud.guest(
              i % 2 == 0 ? h1 : h2,
              name,
              networks.get(i % networks.size()),
              Map.of("security_groups", List.of(group)));
      guest.dhcp();
      if (i % 5 == 0) {
        String port = cloud.port(name);
        JsonNode made =
            api.create("floatingip", Map.of("floating_network_id", external, "port_id", port));
        cloud.awaitStatus("floatingip", made.get("id").asString(), "ACTIVE");
        floating.add(made.get("floating_ip_address").asString());
      }
    }
    return floating;
  }

  String subnet(String network) {
    return cloud
        .api()
        .list("subnet", Map.of("network_id", network))
        .getFirst()
        .get("id")
        .asString();
  }

  /** The host that the router was placed on. */
  LabHost routerHost() {
    String port =
        cloud
            .api()
            .list("port", Map.of("device_id", router))
            .getFirst()
            .get("binding:host_id")
            .asString();
    return port.equals(h1.name()) ? h1 : h2;
  }
}
