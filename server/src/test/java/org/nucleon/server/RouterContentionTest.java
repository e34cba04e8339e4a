package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.ContentionTest.CLIENTS;
import static org.nucleon.server.ContentionTest.ROUNDS;
import static org.nucleon.server.ContentionTest.succeeded;
import static org.nucleon.server.ContentionTest.together;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** What routers, floating IPs, groups and meters promise holds whoever asks at the same time. */
final class RouterContentionTest {

  @TempDir static Path folder;
  static LiveServer server;
  static String external;

  @BeforeAll
  static void start() {
    List<String> options = new ArrayList<>();
    for (String type : List.of("network", "subnet", "router", "floatingip", "security_group")) {
      options.addAll(List.of("quotas", "quota_" + type, "-1"));
    }
    options.addAll(List.of("quotas", "quota_security_group_rule", "-1"));
    server = LiveServer.start(folder, options.toArray(String[]::new));
    external = server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    server.subnet(external, "203.0.113.0/24");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String router(Map<String, ?> values) {
    return server.create("/routers", "router", values);
  }

  private static Map<String, Object> gateway() {
    return Map.of("external_gateway_info", Map.of("network_id", external));
  }

  private static Reply act(String router, String action, Map<String, ?> body) {
    return server.put("/routers/" + router + "/" + action, body);
  }

  private static List<Object> interfaces(String router) {
    String query = "/ports?device_owner=network:router_interface&device_id=" + router;
    return LiveServer.column(server.get(query), "ports", "id");
  }

  @Test
  void subnetsThatOverlap() throws Exception {
    String router = router(Map.of());
    List<String> subnets = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      subnets.add(server.subnet(server.network("o" + i), "10.0.0.0/" + (16 + i % 8)));
    }
    List<Reply> replies =
        together(
            i -> () -> act(router, "add_router_interface", Map.of("subnet_id", subnets.get(i))));
    assertThat(succeeded(replies)).isEqualTo(1);
    assertThat(interfaces(router)).hasSize(1);
  }

  @Test
  void gatewayAgainstASubnetThatOverlapsIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String router = router(Map.of());
      String subnet = server.subnet(server.network("g" + round), "203.0.113.0/25");
      together(i ->
          i % 2 == 0
              ? () -> server.put("/routers/" + router, Map.of("router", gateway()))
              : () -> act(router, "add_router_interface", Map.of("subnet_id", subnet)));
      boolean out = server.get("/routers/" + router).at("router", "external_gateway_info") != null;
      assertThat(interfaces(router).isEmpty()).isEqualTo(out);
    }
  }

  @Test
  void routesAgainstTheInterfaceThatTheyNeed() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String router = router(Map.of());
      String subnet = server.subnet(server.network("r" + round), "10.0.0.0/24");
      act(router, "add_router_interface", Map.of("subnet_id", subnet));
      Object route = Map.of("destination", "172.16.0.0/16", "nexthop", "10.0.0.9");
      together(i ->
          i % 2 == 0
              ? () ->
                  act(router, "add_extraroutes", Map.of("router", Map.of("routes", List.of(route))))
              : () -> act(router, "remove_router_interface", Map.of("subnet_id", subnet)));
      boolean routed =
          !((List<?>) server.get("/routers/" + router).at("router", "routes")).isEmpty();
      assertThat(interfaces(router).isEmpty()).isEqualTo(!routed);
    }
  }

  @Test
  void routesAddedByManyAreAllThere() throws Exception {
    String router = router(Map.of());
    String subnet = server.subnet(server.network("many"), "10.0.0.0/24");
    act(router, "add_router_interface", Map.of("subnet_id", subnet));
    List<Reply> replies =
        together(i ->
            () ->
                act(
                    router,
                    "add_extraroutes",
                    Map.of(
                        "router",
                        Map.of(
                            "routes",
                            List.of(
                                Map.of(
                                    "destination",
                                    "172." + (16 + i) + ".0.0/16",
                                    "nexthop",
                                    "10.0.0.9"))))));
    assertThat(succeeded(replies)).isEqualTo(CLIENTS);
    assertThat((List<?>) server.get("/routers/" + router).at("router", "routes")).hasSize(CLIENTS);
  }

  @Test
  void oneAddressHasOneFloatingIp() throws Exception {
    String router = router(gateway());
    String network = server.network("f");
    act(router, "add_router_interface", Map.of("subnet_id", server.subnet(network, "10.0.0.0/24")));
    String port = server.port(network);
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/floatingips",
                    Map.of(
                        "floatingip", Map.of("floating_network_id", external, "port_id", port))));
    assertThat(succeeded(replies)).isEqualTo(1);
    assertThat(replies.stream().filter(r -> r.status() != 201).map(Reply::type))
        .containsOnly("FloatingIPPortAlreadyAssociated");
  }

  @Test
  void floatingIpsAgainstTheInterfaceThatTheyNeed() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String router = router(gateway());
      String network = server.network("i" + round);
      String subnet = server.subnet(network, "10.0.0.0/24");
      act(router, "add_router_interface", Map.of("subnet_id", subnet));
      String port = server.port(network);
      String floating =
          server.create("/floatingips", "floatingip", Map.of("floating_network_id", external));
      together(i ->
          i % 2 == 0
              ? () ->
                  server.put(
                      "/floatingips/" + floating, Map.of("floatingip", Map.of("port_id", port)))
              : () -> act(router, "remove_router_interface", Map.of("subnet_id", subnet)));
      boolean leads = server.get("/floatingips/" + floating).at("floatingip", "port_id") != null;
      assertThat(interfaces(router).isEmpty()).isEqualTo(!leads);
      server.delete("/floatingips/" + floating);
    }
  }

  @Test
  void trackingOfAGroupAgainstPortsOfTwo() throws Exception {
    String network = server.network("t");
    for (int round = 0; round < ROUNDS; round++) {
      String one = server.create("/security-groups", "security_group", Map.of("name", "a"));
      String two = server.create("/security-groups", "security_group", Map.of("name", "b"));
      Map<String, Object> port =
          Map.of("network_id", network, "security_groups", List.of(one, two));
      together(i ->
          i % 2 == 0
              ? () -> server.post("/ports", Map.of("port", port))
              : () ->
                  server.put(
                      "/security-groups/" + two,
                      Map.of("security_group", Map.of("stateful", false))));
      boolean stateful =
          (boolean) server.get("/security-groups/" + two).at("security_group", "stateful");
      List<?> members = (List<?>) server.get("/ports?security_groups=" + two).at("ports");
      assertThat(members.isEmpty()).isEqualTo(!stateful);
    }
  }

  @Test
  void defaultGroupIsMadeOnceByWhoeverLooks() throws Exception {
    String[] gail = {"X-Project-Id", "gail", "X-Roles", "member"};
    List<Reply> replies = together(i -> () -> server.get("/security-groups", gail));
    assertThat(replies)
        .allSatisfy(r ->
            assertThat(LiveServer.column(r, "security_groups", "name")).containsExactly("default"));
    assertThat(server.server().engine().picture().count(groupType(), "gail")).isEqualTo(1);
  }

  private static org.nucleon.core.schema.ResourceType groupType() {
    return server.server().engine().catalog().find("security_group").orElseThrow().type();
  }

  @Test
  void meteringRulesThatOverlap() throws Exception {
    String label = server.create("/metering/metering-labels", "metering_label", Map.of());
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/metering/metering-label-rules",
                    Map.of(
                        "metering_label_rule",
                        Map.of(
                            "metering_label_id",
                            label,
                            "direction",
                            "ingress",
                            "source_ip_prefix",
                            "10.0.0.0/" + (16 + i % 8)))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }
}
