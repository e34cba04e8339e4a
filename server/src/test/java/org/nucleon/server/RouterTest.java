package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Routers, their interfaces, gateways and routes as clients of Neutron know them. */
final class RouterTest {

  private static final String[] ADA = {"X-Project-Id", "ada", "X-Roles", "member"};
  private static final String[] BOB = {"X-Project-Id", "bob", "X-Roles", "member"};
  private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

  @TempDir static Path folder;
  static LiveServer server;
  static String external;
  static String externalSubnet;
  private String router;
  private String network;
  private String subnet;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder, "quotas", "quota_router", "-1", "DEFAULT", "max_routes", "5");
    external = server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    externalSubnet = server.subnet(external, "203.0.113.0/24");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void make() {
    network = server.network("n");
    subnet = server.subnet(network, "10.0.0.0/24");
    router = server.create("/routers", "router", Map.of("name", "r"));
  }

  private Reply act(String action, Map<String, ?> body, String... headers) {
    return server.put("/routers/" + router + "/" + action, body, headers);
  }

  private Reply add(Map<String, ?> body, String... headers) {
    return act("add_router_interface", body, headers);
  }

  private Reply remove(Map<String, ?> body) {
    return act("remove_router_interface", body);
  }

  private Reply update(Object... pairs) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return server.put("/routers/" + router, Map.of("router", values));
  }

  private static void refused(Reply reply, String error, String says) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(error);
    assertThat(reply.message()).contains(says);
  }

  private static String addressed(String network, String subnet, String... addresses) {
    return server.port(
        network,
        "fixed_ips",
        Arrays.stream(addresses).map(a -> Map.of("subnet_id", subnet, "ip_address", a)).toList());
  }

  @Test
  void interfacesBySubnetTakeItsGatewayAddress() {
    Reply added = add(Map.of("subnet_id", subnet));
    assertThat(added.status()).as("%s", added).isEqualTo(200);
    assertThat(added.at("id")).isEqualTo(router);
    assertThat(added.at("network_id")).isEqualTo(network);
    assertThat(added.at("subnet_id")).isEqualTo(subnet);
    assertThat(added.at("subnet_ids")).isEqualTo(List.of(subnet));
    assertThat(added.at("tenant_id"))
        .isEqualTo(server.get("/routers/" + router).at("router", "tenant_id"));
    Reply port = server.get("/ports/" + added.at("port_id"));
    assertThat(port.at("port", "device_owner")).isEqualTo("network:router_interface");
    assertThat(port.at("port", "device_id")).isEqualTo(router);
    assertThat(port.at("port", "fixed_ips", 0, "ip_address")).isEqualTo("10.0.0.1");
    refused(add(Map.of("subnet_id", subnet)), "400 BadRequest", "already has a port on subnet");
    Reply removed = remove(Map.of("subnet_id", subnet));
    assertThat(removed.at("port_id")).isEqualTo(added.at("port_id"));
    assertThat(removed.at("subnet_ids")).isEqualTo(List.of(subnet));
    assertThat(server.get("/ports/" + added.at("port_id")).status()).isEqualTo(404);
    refused(remove(Map.of("subnet_id", subnet)), "404 RouterInterfaceNotFoundForSubnet", subnet);
  }

  @Test
  void interfacesByPortKeepThePortsAddress() {
    String port = addressed(network, subnet, "10.0.0.77");
    Reply added = add(Map.of("port_id", port));
    assertThat(added.at("port_id")).isEqualTo(port);
    assertThat(added.at("subnet_ids")).isEqualTo(List.of(subnet));
    refused(
        remove(Map.of("port_id", port, "subnet_id", externalSubnet)),
        "400 SubnetMismatchForPort",
        externalSubnet);
    assertThat(remove(Map.of("port_id", port, "subnet_id", subnet)).status()).isEqualTo(200);
    refused(remove(Map.of("port_id", port)), "404 RouterInterfaceNotFound", port);
  }

  @Test
  void whatCanBeNoInterfaceIsRefused() {
    refused(add(Map.of()), "400 BadRequest", "subnet_id or port_id");
    refused(remove(Map.of()), "400 BadRequest", "subnet_id or port_id");
    refused(add(Map.of("subnet_id", subnet, "port_id", NOBODY)), "400 BadRequest", "both");
    refused(add(Map.of("subnet_id", "x")), "400 HTTPBadRequest", "subnet_id");
    refused(add(Map.of("port_id", 7)), "400 HTTPBadRequest", "port_id");
    refused(add(Map.of("subnet_id", NOBODY)), "404 SubnetNotFound", NOBODY);
    refused(add(Map.of("port_id", NOBODY)), "404 PortNotFound", NOBODY);
    refused(remove(Map.of("subnet_id", NOBODY)), "404 SubnetNotFound", NOBODY);
    Map<String, Object> none = new HashMap<>();
    none.put("gateway_ip", null);
    server.put("/subnets/" + subnet, Map.of("subnet", none));
    refused(add(Map.of("subnet_id", subnet)), "400 BadRequest", "gateway IP");
    String used = server.port(network, "device_id", "vm");
    refused(add(Map.of("port_id", used)), "409 PortInUse", used);
    String bare = server.port(network, "fixed_ips", List.of());
    refused(add(Map.of("port_id", bare)), "400 BadRequest", "at least one fixed IP");
    String two = addressed(network, subnet, "10.0.0.50", "10.0.0.51");
    refused(add(Map.of("port_id", two)), "400 BadRequest", "multiple IPv4 subnets");
  }

  @Test
  void subnetsOfOneRouterDoNotOverlap() {
    add(Map.of("subnet_id", subnet));
    String other = server.subnet(server.network("o"), "10.0.0.128/25");
    refused(add(Map.of("subnet_id", other)), "400 BadRequest", "overlaps");
    update("external_gateway_info", Map.of("network_id", external));
    String like = server.subnet(server.network("p"), "203.0.113.0/25");
    refused(add(Map.of("subnet_id", like)), "400 BadRequest", "overlaps");
    String second = server.create("/routers", "router", Map.of("name", "s"));
    server.put("/routers/" + second + "/add_router_interface", Map.of("subnet_id", like));
    refused(
        server.put(
            "/routers/" + second,
            Map.of("router", Map.of("external_gateway_info", Map.of("network_id", external)))),
        "400 BadRequest",
        "overlaps");
  }

  @Test
  void othersSubnetsAreNotConnectedBySubnet() {
    String shared = server.create("/networks", "network", Map.of("name", "shared", "shared", true));
    String foreign = server.subnet(shared, "10.7.0.0/24");
    router = server.create("/routers", "router", Map.of("name", "ada's"), ADA);
    refused(add(Map.of("subnet_id", subnet), ADA), "404 SubnetNotFound", subnet);
    refused(add(Map.of("subnet_id", foreign), ADA), "400 BadRequest", "not owned by project");
    Reply port = server.post("/ports", Map.of("port", Map.of("network_id", shared)), ADA);
    assertThat(add(Map.of("port_id", port.at("port", "id")), ADA).status()).isEqualTo(200);
    refused(
        server.put(
            "/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet), BOB),
        "404 RouterNotFound",
        router);
  }

  @Test
  void portsOfRoutersAreTheRouters() {
    Object port = add(Map.of("subnet_id", subnet)).at("port_id");
    refused(server.delete("/ports/" + port), "409 ServicePortInUse", "network:router_interface");
    refused(
        server.put(
            "/ports/" + port,
            Map.of("port", Map.of("fixed_ips", List.of(Map.of("ip_address", "10.0.0.9"))))),
        "400 BadRequest",
        "not allowed");
    assertThat(server.put("/ports/" + port, Map.of("port", Map.of("name", "left"))).status())
        .isEqualTo(200);
    update("external_gateway_info", Map.of("network_id", external));
    Object gateway =
        LiveServer.column(
                server.get("/ports?device_owner=network:router_gateway&device_id=" + router),
                "ports",
                "id")
            .getFirst();
    refused(server.delete("/ports/" + gateway), "409 ServicePortInUse", "network:router_gateway");
    refused(server.delete("/routers/" + router), "409 RouterInUse", port.toString());
    assertThat(server.delete("/networks/" + network).type()).isEqualTo("NetworkInUse");
    assertThat(server.delete("/subnets/" + subnet).type()).isEqualTo("SubnetInUse");
  }

  /** OSSA-2014-008: nobody gets a port into another project's router. */
  @Test
  void deviceIdOfAnothersRouterIsRefused() {
    String own = server.create("/networks", "network", Map.of("name", "a"), ADA);
    server.create(
        "/subnets",
        "subnet",
        Map.of("network_id", own, "ip_version", 4, "cidr", "10.0.9.0/24"),
        ADA);
    Map<String, Object> port =
        Map.of(
            "network_id", own,
            "device_id", router,
            "device_owner", "network:router_interface");
    refused(
        server.post("/ports", Map.of("port", port), ADA), "409 DeviceIDNotOwnedByTenant", router);
    String id = server.create("/ports", "port", Map.of("network_id", own), ADA);
    Map<String, Object> change =
        Map.of("device_id", router, "device_owner", "network:router_interface");
    refused(
        server.put("/ports/" + id, Map.of("port", change), ADA),
        "409 DeviceIDNotOwnedByTenant",
        router);
    server.put("/ports/" + id, Map.of("port", Map.of("device_id", router)), ADA);
    refused(
        server.put(
            "/ports/" + id,
            Map.of("port", Map.of("device_owner", "network:router_interface")),
            ADA),
        "409 DeviceIDNotOwnedByTenant",
        router);
    Map<String, Object> onShared =
        Map.of(
            "network_id",
            server.create("/networks", "network", Map.of("name", "s", "shared", true)),
            "device_owner",
            "network:router_interface");
    assertThat(server.post("/ports", Map.of("port", onShared), ADA).status()).isEqualTo(403);
    assertThat(
            (List<?>)
                server
                    .get("/ports?device_id=" + router + "&device_owner=network:router_interface")
                    .at("ports"))
        .isEmpty();
  }

  @Test
  void gatewayHasChosenAddressesAndNat() {
    Map<String, Object> wanted =
        Map.of(
            "network_id",
            external,
            "enable_snat",
            false,
            "external_fixed_ips",
            List.of(Map.of("ip_address", "203.0.113.40"), Map.of("subnet_id", externalSubnet)));
    Reply set = update("external_gateway_info", wanted);
    assertThat(set.at("router", "external_gateway_info", "enable_snat")).isEqualTo(false);
    assertThat((List<?>) set.at("router", "external_gateway_info", "external_fixed_ips"))
        .hasSize(2)
        .first()
        .isEqualTo(Map.of("ip_address", "203.0.113.40", "subnet_id", externalSubnet));
    Reply kept = update("external_gateway_info", Map.of("network_id", external));
    assertThat(kept.at("router", "external_gateway_info"))
        .as("what is not said stays")
        .isEqualTo(set.at("router", "external_gateway_info"));
    Reply moved =
        update(
            "external_gateway_info",
            Map.of(
                "network_id",
                external,
                "external_fixed_ips",
                List.of(Map.of("ip_address", "203.0.113.41"))));
    assertThat(moved.at("router", "external_gateway_info", "external_fixed_ips"))
        .isEqualTo(List.of(Map.of("ip_address", "203.0.113.41", "subnet_id", externalSubnet)));
    assertThat(update("external_gateway_info", Map.of()).at("router", "external_gateway_info"))
        .as("none")
        .isNull();
    Reply again = update("external_gateway_info", Map.of("network_id", external));
    assertThat(again.at("router", "external_gateway_info", "enable_snat"))
        .as("as by default")
        .isEqualTo(true);
    assertThat(update("external_gateway_info", null).status()).isEqualTo(200);
    assertThat(
            (List<?>)
                server
                    .get("/ports?device_owner=network:router_gateway&device_id=" + router)
                    .at("ports"))
        .isEmpty();
  }

  @Test
  void whatCanBeNoGatewayIsRefused() {
    refused(
        update("external_gateway_info", Map.of("network_id", network)),
        "400 BadRequest",
        "not an external network");
    refused(
        update("external_gateway_info", Map.of("network_id", NOBODY)),
        "404 NetworkNotFound",
        NOBODY);
    refused(
        update("external_gateway_info", Map.of("enable_snat", true)),
        "400 HTTPBadRequest",
        "network_id");
    Map<String, Object> gateway =
        Map.of(
            "network_id",
            external,
            "external_fixed_ips",
            List.of(Map.of("subnet_id", externalSubnet, "ip_address", "203.0.113.1")));
    refused(update("external_gateway_info", gateway), "400 BadRequest", "gateway IP");
    String[] own = ADA;
    String foreign = server.create("/routers", "router", Map.of("name", "a"), own);
    for (String member : List.of("enable_snat", "external_fixed_ips")) {
      Object value = member.equals("enable_snat") ? true : List.of();
      Reply reply =
          server.put(
              "/routers/" + foreign,
              Map.of(
                  "router",
                  Map.of("external_gateway_info", Map.of("network_id", external, member, value))),
              own);
      refused(reply, "403 PolicyNotAuthorized", member);
    }
    refused(
        server.put(
            "/routers/" + foreign,
            Map.of("router", Map.of("external_gateway_info", Map.of("network_id", network))),
            own),
        "404 NetworkNotFound",
        network);
  }

  @Test
  void externalNetworkInUseStaysExternal() {
    update("external_gateway_info", Map.of("network_id", external));
    refused(
        server.put("/networks/" + external, Map.of("network", Map.of("router:external", false))),
        "409 ExternalNetworkInUse",
        external);
  }

  @Test
  void newExternalSubnetGivesAnAddressToGatewaysWithNone() {
    String bare =
        server.create("/networks", "network", Map.of("name", "bare", "router:external", true));
    Reply without = update("external_gateway_info", Map.of("network_id", bare));
    assertThat(without.at("router", "external_gateway_info", "external_fixed_ips"))
        .isEqualTo(List.of());
    String first = server.subnet(bare, "198.51.100.0/24");
    server.subnet(bare, "198.51.101.0/24");
    assertThat(
            server
                .get("/routers/" + router)
                .at("router", "external_gateway_info", "external_fixed_ips"))
        .isEqualTo(List.of(Map.of("subnet_id", first, "ip_address", "198.51.100.2")));
  }

  private static Map<String, Object> route(String destination, String nexthop) {
    return Map.of("destination", destination, "nexthop", nexthop);
  }

  @Test
  void routesLeadToConnectedHops() {
    add(Map.of("subnet_id", subnet));
    List<?> two = List.of(route("172.16.0.0/16", "10.0.0.8"), route("172.16.0.0/16", "10.0.0.9"));
    Reply set = update("routes", two);
    assertThat(set.at("router", "routes")).as("one destination, two hops").isEqualTo(two);
    refused(
        update("routes", List.of(route("172.16.0.0/16", "192.0.2.1"))),
        "400 InvalidRoutes",
        "not connected");
    refused(
        update("routes", List.of(route("172.16.0.0/16", "10.0.0.1"))),
        "400 InvalidRoutes",
        "used by router");
    refused(
        update("routes", List.of(route("2001:db8::/32", "10.0.0.8"))),
        "400 InvalidRoutes",
        "IP versions");
    refused(
        update(
            "routes",
            List.of(route("172.16.0.0/16", "10.0.0.8"), route("172.16.0.0/16", "10.0.0.8"))),
        "400 HTTPBadRequest",
        "Duplicate");
    refused(
        update("routes", List.of(route("172.16.0.1/16", "10.0.0.8"))),
        "400 HTTPBadRequest",
        "routes");
    refused(
        update("routes", List.of(Map.of("destination", "172.16.0.0/16"))),
        "400 HTTPBadRequest",
        "nexthop");
    refused(
        update(
            "routes",
            java.util.stream.IntStream.range(0, 6)
                .mapToObj(i -> route("172." + (16 + i) + ".0.0/16", "10.0.0.8"))
                .toList()),
        "400 RoutesExhausted",
        "5");
    refused(remove(Map.of("subnet_id", subnet)), "409 RouterInterfaceInUseByRoute", subnet);
    refused(
        server.post("/routers", Map.of("router", Map.of("routes", List.of()))),
        "400 HTTPBadRequest",
        "routes");
    assertThat(update("routes", null).at("router", "routes")).isEqualTo(List.of());
    assertThat(remove(Map.of("subnet_id", subnet)).status()).isEqualTo(200);
  }

  @Test
  void gatewayThatRoutesNeedStays() {
    update("external_gateway_info", Map.of("network_id", external));
    assertThat(update("routes", List.of(route("172.16.0.0/16", "203.0.113.9"))).status())
        .isEqualTo(200);
    refused(update("external_gateway_info", null), "400 InvalidRoutes", "not connected");
  }

  @Test
  void routesAreAddedAndRemovedOneByOne() {
    add(Map.of("subnet_id", subnet));
    Map<String, Object> one = route("172.16.0.0/16", "10.0.0.8");
    Map<String, Object> two = route("172.17.0.0/16", "10.0.0.9");
    Reply added = act("add_extraroutes", Map.of("router", Map.of("routes", List.of(one, two))));
    assertThat(added.at("router", "routes")).isEqualTo(List.of(one, two));
    assertThat(added.at("router", "id")).isEqualTo(router);
    assertThat(added.json()).isEqualTo(server.get("/routers/" + router).json());
    Reply same = act("add_extraroutes", Map.of("router", Map.of("routes", List.of(two))));
    assertThat(same.at("router", "routes")).as("no duplicate").isEqualTo(List.of(one, two));
    Reply removed =
        act(
            "remove_extraroutes",
            Map.of("router", Map.of("routes", List.of(one, route("10.9.0.0/16", "10.0.0.3")))));
    assertThat(removed.at("router", "routes"))
        .as("absent ones are no error")
        .isEqualTo(List.of(two));
    refused(
        act(
            "add_extraroutes",
            Map.of("router", Map.of("routes", List.of(route("10.9.0.0/16", "192.0.2.1"))))),
        "400 InvalidRoutes",
        "not connected");
    for (Map<String, ?> wrong :
        List.<Map<String, ?>>of(
            Map.of(),
            Map.of("routes", List.of()),
            Map.of("router", List.of()),
            Map.of("router", Map.of()),
            Map.of("router", Map.of("routes", "x")),
            Map.of("router", Map.of("routes", List.of(), "name", "x")))) {
      refused(act("add_extraroutes", wrong), "400 HTTPBadRequest", "");
    }
    assertThat(act("add_extraroutes", Map.of("router", Map.of("routes", List.of())), BOB).status())
        .isEqualTo(404);
  }

  @Test
  void kindsThatAreNotThereYetAreRefusedAndSayIt() {
    for (String kind : List.of("distributed", "ha")) {
      assertThat(server.get("/routers/" + router).at("router", kind)).isEqualTo(false);
      Map<String, Object> none = new HashMap<>();
      none.put(kind, null);
      assertThat(server.post("/routers", Map.of("router", none)).at("router", kind))
          .isEqualTo(false);
      refused(
          server.post("/routers", Map.of("router", Map.of(kind, true))),
          "400 InvalidInput",
          "'" + kind + "' must be false");
      refused(update(kind, true), "400 BadRequest", "admin_state_up");
      refused(update(kind, true, "admin_state_up", false), "400 BadRequest", "admin_state_up");
      assertThat(update(kind, false).status()).isEqualTo(200);
      update("admin_state_up", false);
      refused(update(kind, true), "400 InvalidInput", "not supported by this release");
      update("admin_state_up", true);
      refused(
          server.post("/routers", Map.of("router", Map.of(kind, false)), ADA),
          "403 PolicyNotAuthorized",
          kind);
      String own = server.create("/routers", "router", Map.of("name", "a"), ADA);
      assertThat(((Map<?, ?>) server.get("/routers/" + own, ADA).at("router")).containsKey(kind))
          .isFalse();
    }
    assertThat(LiveServer.column(server.get("/extensions"), "extensions", "alias"))
        .contains(
            "router",
            "ext-gw-mode",
            "extraroute",
            "extraroute-atomic",
            "l3-port-ip-change-not-allowed")
        .doesNotContain("dvr", "l3-ha", "l3-flavors");
  }
}
