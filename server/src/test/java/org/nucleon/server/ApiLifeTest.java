package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Each resource made, shown, changed and removed, and what a user sees of it. */
final class ApiLifeTest {

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void changeAndRemove(String path, String type) {
    Reply changed = server.put(path, Map.of(type, Map.of("name", "b", "description", "c")));
    assertThat(changed.status()).as("%s", changed).isEqualTo(200);
    assertThat(changed.at(type, "name")).isEqualTo("b");
    assertThat(server.get(path).json()).isEqualTo(changed.json());
    assertThat(server.delete(path).status()).isEqualTo(204);
    assertThat(server.get(path).status()).isEqualTo(404);
    assertThat(server.delete(path).status()).isEqualTo(404);
  }

  @Test
  void network() {
    String id = server.network("a");
    Reply shown = server.get("/networks/" + id);
    assertThat(shown.at("network", "admin_state_up")).isEqualTo(true);
    assertThat(shown.at("network", "status")).isEqualTo("ACTIVE");
    assertThat(shown.at("network", "shared")).isEqualTo(false);
    assertThat(shown.at("network", "router:external")).isEqualTo(false);
    assertThat(shown.at("network", "project_id")).isEqualTo(shown.at("network", "tenant_id"));
    changeAndRemove("/networks/" + id, "network");
  }

  @Test
  void subnetWithItsDefaults() {
    String network = server.network("s");
    String id = server.subnet(network, "10.0.0.0/24");
    Reply shown = server.get("/subnets/" + id);
    assertThat(shown.at("subnet", "gateway_ip")).isEqualTo("10.0.0.1");
    assertThat(shown.at("subnet", "allocation_pools"))
        .isEqualTo(List.of(Map.of("start", "10.0.0.2", "end", "10.0.0.254")));
    assertThat(shown.at("subnet", "enable_dhcp")).isEqualTo(true);
    assertThat(server.get("/networks/" + network).at("network", "subnets")).isEqualTo(List.of(id));
    Map<String, Object> none = new java.util.HashMap<>();
    none.put("gateway_ip", null);
    none.put("dns_nameservers", List.of("192.0.2.2", "192.0.2.1"));
    Reply changed = server.put("/subnets/" + id, Map.of("subnet", none));
    assertThat(changed.at("subnet", "gateway_ip")).isNull();
    assertThat(changed.at("subnet", "dns_nameservers"))
        .isEqualTo(List.of("192.0.2.2", "192.0.2.1"));
    changeAndRemove("/subnets/" + id, "subnet");
    String middle =
        server.create(
            "/subnets",
            "subnet",
            Map.of(
                "network_id",
                network,
                "ip_version",
                4,
                "cidr",
                "10.0.0.9/24",
                "gateway_ip",
                "10.0.0.9"));
    assertThat(server.get("/subnets/" + middle).at("subnet", "cidr")).isEqualTo("10.0.0.0/24");
    assertThat(column(server.get("/subnets/" + middle).json(), "start"))
        .containsExactly("10.0.0.1", "10.0.0.10");
    assertThat(server.delete("/networks/" + network).status()).isEqualTo(204);
    assertThat(server.get("/subnets/" + middle).status()).as("goes with it").isEqualTo(404);
  }

  private static List<Object> column(Object subnet, String name) {
    Object pools = ((Map<?, ?>) ((Map<?, ?>) subnet).get("subnet")).get("allocation_pools");
    return ((List<?>) pools).stream().<Object>map(pool -> ((Map<?, ?>) pool).get(name)).toList();
  }

  @Test
  void port() {
    String network = server.network("p");
    String subnet = server.subnet(network, "10.0.0.0/24");
    String id = server.port(network);
    Reply shown = server.get("/ports/" + id);
    assertThat(shown.at("port", "status")).isEqualTo("DOWN");
    assertThat(shown.at("port", "binding:vif_type")).isEqualTo("unbound");
    assertThat((String) shown.at("port", "mac_address")).matches("fa:16:3e(:[0-9a-f]{2}){3}");
    assertThat(shown.at("port", "fixed_ips", 0, "subnet_id")).isEqualTo(subnet);
    String address = (String) shown.at("port", "fixed_ips", 0, "ip_address");
    Object same = List.of(Map.of("subnet_id", subnet));
    Reply kept = server.put("/ports/" + id, Map.of("port", Map.of("fixed_ips", same)));
    assertThat(kept.at("port", "fixed_ips", 0, "ip_address")).isEqualTo(address);
    changeAndRemove("/ports/" + id, "port");
    String again = server.port(network, "fixed_ips", List.of(Map.of("ip_address", address)));
    assertThat(server.delete("/ports/" + again).status()).isEqualTo(204);
  }

  @Test
  void portsOfOneNetworkNeverShareAnAddress() throws InterruptedException {
    String network = server.network("race");
    server.subnet(network, "10.0.0.0/24");
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        threads.submit(() -> server.port(network));
      }
    }
    List<Object> addresses =
        LiveServer.column(server.get("/ports?network_id=" + network), "ports", "fixed_ips");
    assertThat(addresses).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void securityGroupAndRules() {
    String id = server.create("/security-groups", "security_group", Map.of("name", "web"));
    Reply shown = server.get("/security-groups/" + id);
    assertThat((List<?>) shown.at("security_group", "security_group_rules")).hasSize(2);
    String rule =
        server.create(
            "/security-group-rules",
            "security_group_rule",
            Map.of(
                "security_group_id",
                id,
                "direction",
                "ingress",
                "protocol",
                "tcp",
                "port_range_min",
                80,
                "port_range_max",
                80));
    assertThat(server.get("/security-group-rules/" + rule).at("security_group_rule", "ethertype"))
        .isEqualTo("IPv4");
    Reply readOnly =
        server.put(
            "/security-group-rules/" + rule,
            Map.of("security_group_rule", Map.of("protocol", "udp")));
    assertThat(readOnly.status()).isEqualTo(400);
    assertThat(server.delete("/security-group-rules/" + rule).status()).isEqualTo(204);
    changeAndRemove("/security-groups/" + id, "security_group");
    assertThat(
            LiveServer.column(
                server.get("/security-group-rules?security_group_id=" + id),
                "security_group_rules",
                "id"))
        .isEmpty();
  }

  @Test
  void everyProjectGetsItsDefaultGroupOnce() {
    String[] carol = {"X-Project-Id", "carol", "X-Roles", "member"};
    String network = server.create("/networks", "network", Map.of("name", "c"), carol);
    server.create(
        "/subnets",
        "subnet",
        Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/24"),
        carol);
    String port = server.create("/ports", "port", Map.of("network_id", network), carol);
    List<Object> groups =
        LiveServer.column(
            server.get("/security-groups?name=default", carol), "security_groups", "id");
    assertThat(groups).hasSize(1);
    assertThat(server.get("/ports/" + port, carol).at("port", "security_groups")).isEqualTo(groups);
    Reply group = server.get("/security-groups/" + groups.getFirst(), carol);
    assertThat((List<?>) group.at("security_group", "security_group_rules")).hasSize(4);
    assertThat(server.delete("/security-groups/" + groups.getFirst(), carol).status())
        .isEqualTo(409);
  }

  @Test
  @Tag(LiveServer.ML2)
  void tenantNetworksAreOverlays() {
    Reply shown = server.get("/networks/" + server.network("overlay"));
    assertThat(shown.at("network", "provider:network_type")).isEqualTo("vxlan");
    assertThat(shown.at("network", "mtu")).isEqualTo(1450);
    assertThat(server.get("/extensions/provider").status()).isEqualTo(200);
  }

  @Test
  @Tag(LiveServer.ML2)
  void providerSegmentsComeFromTheRangesAndGoBack() {
    Map<String, Object> vlan =
        Map.of("provider:network_type", "vlan", "provider:physical_network", "physnet1");
    List<Object> tags = new java.util.ArrayList<>();
    String last = "";
    for (int i = 0; i < 3; i++) {
      last = server.create("/networks", "network", vlan);
      tags.add(server.get("/networks/" + last).at("network", "provider:segmentation_id"));
    }
    assertThat(tags).containsExactlyInAnyOrder(100, 101, 102);
    Reply full = server.post("/networks", Map.of("network", vlan));
    assertThat(full.status() + " " + full.type()).isEqualTo("503 NoNetworkAvailable");
    Object tag = server.get("/networks/" + last).at("network", "provider:segmentation_id");
    server.delete("/networks/" + last);
    String again = server.create("/networks", "network", vlan);
    assertThat(server.get("/networks/" + again).at("network", "provider:segmentation_id"))
        .isEqualTo(tag);
  }

  @Test
  void routerFromGatewayToFloatingIp() {
    String external =
        server.create("/networks", "network", Map.of("name", "ext", "router:external", true));
    server.subnet(external, "203.0.113.0/24");
    String network = server.network("inner");
    String subnet = server.subnet(network, "10.0.0.0/24");
    String router =
        server.create(
            "/routers",
            "router",
            Map.of("name", "a", "external_gateway_info", Map.of("network_id", external)));
    String path = "/routers/" + router;
    assertThat(server.get(path).at("router", "external_gateway_info", "network_id"))
        .isEqualTo(external);
    Reply added = server.put(path + "/add_router_interface", Map.of("subnet_id", subnet));
    assertThat(added.status()).as("%s", added).isEqualTo(200);
    assertThat(server.get("/ports/" + added.at("port_id")).at("port", "fixed_ips", 0, "ip_address"))
        .isEqualTo("10.0.0.1");
    String port = server.port(network);
    String floating =
        server.create(
            "/floatingips",
            "floatingip",
            Map.of(
                "floating_network_id", external,
                "port_id", port,
                "floating_ip_address", "203.0.113.77"));
    Reply shown = server.get("/floatingips/" + floating);
    assertThat(shown.at("floatingip", "router_id")).isEqualTo(router);
    assertThat(shown.at("floatingip", "floating_ip_address")).isEqualTo("203.0.113.77");
    assertThat(shown.at("floatingip", "fixed_ip_address"))
        .isEqualTo(server.get("/ports/" + port).at("port", "fixed_ips", 0, "ip_address"));
    Reply inUse = server.put(path + "/remove_router_interface", Map.of("subnet_id", subnet));
    assertThat(inUse.type()).isEqualTo("RouterInterfaceInUseByFloatingIP");
    assertThat(server.delete("/ports/" + port).status()).isEqualTo(204);
    assertThat(server.get("/floatingips/" + floating).at("floatingip", "port_id")).isNull();
    assertThat(server.delete("/floatingips/" + floating).status()).isEqualTo(204);
    assertThat(server.put(path + "/remove_router_interface", Map.of("subnet_id", subnet)).status())
        .isEqualTo(200);
    changeAndRemove(path, "router");
    assertThat(server.delete("/networks/" + network).status()).isEqualTo(204);
    assertThat(server.delete("/networks/" + external).status()).isEqualTo(204);
  }
}
