package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Floating IPs: where their addresses come from, and what they may lead to. */
final class FloatingIpTest {

  private static final String[] ADA = {"X-Project-Id", "ada", "X-Roles", "member"};
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
    server =
        LiveServer.start(
            folder, "quotas", "quota_router", "-1", "quotas", "quota_floatingip", "-1");
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
    router =
        server.create(
            "/routers", "router", Map.of("external_gateway_info", Map.of("network_id", external)));
    server.put("/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet));
  }

  private static Reply post(Object... pairs) {
    return server.post("/floatingips", Map.of("floatingip", values(pairs)));
  }

  private static Reply put(String id, Object... pairs) {
    return server.put("/floatingips/" + id, Map.of("floatingip", values(pairs)));
  }

  private static Map<String, Object> values(Object... pairs) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return values;
  }

  private static String made(Object... pairs) {
    Reply reply = post(pairs);
    assertThat(reply.status()).as("%s", reply).isEqualTo(201);
    return (String) reply.at("floatingip", "id");
  }

  private static void refused(Reply reply, String error, String says) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(error);
    assertThat(reply.message()).contains(says);
  }

  private static String address(String port) {
    return (String) server.get("/ports/" + port).at("port", "fixed_ips", 0, "ip_address");
  }

  @Test
  void leadsToAPortAndTellsOfIt() {
    String port = server.port(network, "name", "web");
    String id = made("floating_network_id", external, "port_id", port);
    Reply shown = server.get("/floatingips/" + id);
    assertThat(shown.at("floatingip", "router_id")).isEqualTo(router);
    assertThat(shown.at("floatingip", "status")).isEqualTo("DOWN");
    assertThat(shown.at("floatingip", "fixed_ip_address")).isEqualTo(address(port));
    Reply ofPort = server.get("/ports/" + port);
    Map<String, Object> details = new HashMap<>();
    for (String name :
        List.of(
            "name",
            "network_id",
            "mac_address",
            "admin_state_up",
            "status",
            "device_id",
            "device_owner")) {
      details.put(name, ofPort.at("port", name));
    }
    assertThat(shown.at("floatingip", "port_details")).isEqualTo(details);
    Reply untouched = put(id, "description", "x");
    assertThat(untouched.at("floatingip", "port_id")).as("what is not said stays").isEqualTo(port);
    Reply freed = put(id, "port_id", null);
    for (String gone : List.of("port_id", "fixed_ip_address", "router_id", "port_details")) {
      assertThat(freed.at("floatingip", gone)).as(gone).isNull();
    }
    assertThat(LiveServer.column(server.get("/extensions"), "extensions", "alias"))
        .contains("fip-port-details", "floatingip-pools")
        .doesNotContain("floating-ip-port-forwarding");
  }

  @Test
  void followsItsPort() {
    String port = server.port(network);
    String id = made("floating_network_id", external, "port_id", port);
    assertThat(server.delete("/ports/" + port).status()).isEqualTo(204);
    assertThat(server.get("/floatingips/" + id).at("floatingip", "port_id")).isNull();
    String holder =
        (String)
            LiveServer.column(
                    server.get("/ports?device_owner=network:floatingip&device_id=" + id),
                    "ports",
                    "id")
                .getFirst();
    assertThat(server.get("/ports/" + holder).at("port", "status")).isEqualTo("N/A");
    refused(server.delete("/ports/" + holder), "409 ServicePortInUse", "network:floatingip");
    assertThat(server.delete("/floatingips/" + id).status()).isEqualTo(204);
    assertThat(server.get("/ports/" + holder).status()).isEqualTo(404);
  }

  @Test
  void onePortsAddressHasOneOfANetwork() {
    String port =
        server.port(
            network,
            "fixed_ips",
            List.of(Map.of("ip_address", "10.0.0.50"), Map.of("ip_address", "10.0.0.51")));
    refused(post("floating_network_id", external, "port_id", port), "400 BadRequest", "multiple");
    refused(
        post("floating_network_id", external, "port_id", port, "fixed_ip_address", "10.0.0.9"),
        "400 BadRequest",
        "10.0.0.9");
    String first =
        made("floating_network_id", external, "port_id", port, "fixed_ip_address", "10.0.0.50");
    refused(
        post("floating_network_id", external, "port_id", port, "fixed_ip_address", "10.0.0.50"),
        "409 FloatingIPPortAlreadyAssociated",
        "10.0.0.50");
    made("floating_network_id", external, "port_id", port, "fixed_ip_address", "10.0.0.51");
    Reply other = put(first, "fixed_ip_address", "10.0.0.51");
    refused(other, "409 FloatingIPPortAlreadyAssociated", "10.0.0.51");
  }

  @Test
  void moves() {
    String one = server.port(network);
    String two = server.port(network);
    String id = made("floating_network_id", external, "port_id", one);
    Reply moved = put(id, "port_id", two);
    assertThat(moved.at("floatingip", "fixed_ip_address")).isEqualTo(address(two));
    assertThat(put(id, "port_id", two).json()).as("again, nothing changes").isEqualTo(moved.json());
    Reply said = put(id, "port_id", two, "fixed_ip_address", address(two));
    assertThat(said.json()).isEqualTo(moved.json());
    made("floating_network_id", external, "port_id", one);
    String unassociated = made("floating_network_id", external);
    refused(
        put(unassociated, "fixed_ip_address", "10.0.0.9"), "400 BadRequest", "fixed_ip_address");
  }

  @Test
  void whatItCannotLeadToIsRefused() {
    refused(post("floating_network_id", external, "port_id", NOBODY), "404 PortNotFound", NOBODY);
    String elsewhere = server.network("lonely");
    server.subnet(elsewhere, "10.5.0.0/24");
    refused(
        post("floating_network_id", external, "port_id", server.port(elsewhere)),
        "404 ExternalGatewayForFloatingIPNotFound",
        external);
    String bare = server.port(network, "fixed_ips", List.of());
    refused(
        post("floating_network_id", external, "port_id", bare), "400 BadRequest", "no fixed IPv4");
    String dhcp = server.port(network, "device_owner", "network:dhcp");
    refused(post("floating_network_id", external, "port_id", dhcp), "400 BadRequest", "DHCP");
    String port = server.port(network);
    Map<String, Object> ofAda = values("floating_network_id", external, "port_id", port);
    refused(
        server.post("/floatingips", Map.of("floatingip", ofAda), ADA), "404 PortNotFound", port);
    String noGateway = server.network("no gateway");
    String without =
        server.create(
            "/subnets",
            "subnet",
            values(
                "network_id",
                noGateway,
                "ip_version",
                4,
                "cidr",
                "10.6.0.0/24",
                "gateway_ip",
                null));
    String on = server.port(noGateway, "fixed_ips", List.of(Map.of("subnet_id", without)));
    refused(post("floating_network_id", external, "port_id", on), "400 BadRequest", "gateway_ip");
  }

  @Test
  void addressesAreOfExternalNetworks() {
    refused(post("floating_network_id", network), "400 BadRequest", "external network");
    refused(post("floating_network_id", NOBODY), "404 NetworkNotFound", NOBODY);
    String bare =
        server.create("/networks", "network", Map.of("name", "b", "router:external", true));
    refused(post("floating_network_id", bare), "400 BadRequest", "IPv4 subnet");
    String chosen = made("floating_network_id", external, "floating_ip_address", "203.0.113.200");
    assertThat(server.get("/floatingips/" + chosen).at("floatingip", "floating_ip_address"))
        .isEqualTo("203.0.113.200");
    refused(
        post("floating_network_id", external, "floating_ip_address", "203.0.113.200"),
        "409 IpAddressInUse",
        "203.0.113.200");
    refused(
        post("floating_network_id", external, "floating_ip_address", "192.0.2.200"),
        "400 InvalidIpForNetwork",
        "192.0.2.200");
    Map<String, Object> ofAda =
        values("floating_network_id", external, "floating_ip_address", "203.0.113.201");
    refused(
        server.post("/floatingips", Map.of("floatingip", ofAda), ADA),
        "403 PolicyNotAuthorized",
        "floating_ip_address");
  }

  @Test
  void subnetCanBeChosen() {
    String wide =
        server.create("/networks", "network", Map.of("name", "wide", "router:external", true));
    String one = server.subnet(wide, "198.51.100.0/25");
    String two = server.subnet(wide, "198.51.100.128/25");
    for (String chosen : List.of(two, one)) {
      Reply made = post("floating_network_id", wide, "subnet_id", chosen);
      assertThat((String) made.at("floatingip", "floating_ip_address"))
          .isEqualTo(chosen.equals(one) ? "198.51.100.2" : "198.51.100.130");
      assertThat(((Map<?, ?>) made.at("floatingip")).containsKey("subnet_id")).isFalse();
    }
    Reply both =
        post(
            "floating_network_id", wide, "subnet_id", two, "floating_ip_address", "198.51.100.200");
    assertThat(both.at("floatingip", "floating_ip_address")).isEqualTo("198.51.100.200");
    refused(
        post(
            "floating_network_id", wide, "subnet_id", one, "floating_ip_address", "198.51.100.201"),
        "400 InvalidIpForSubnet",
        "198.51.100.201");
    refused(post("floating_network_id", wide, "subnet_id", subnet), "400 BadRequest", "subnet_id");
    refused(post("floating_network_id", wide, "subnet_id", NOBODY), "404 SubnetNotFound", NOBODY);
  }

  @Test
  void emptyPoolIsSaid() {
    String small =
        server.create("/networks", "network", Map.of("name", "small", "router:external", true));
    server.subnet(small, "192.0.2.8/30");
    made("floating_network_id", small);
    long before = server.server().engine().picture().number();
    refused(post("floating_network_id", small), "400 ExternalIpAddressExhausted", small);
    assertThat(server.server().engine().picture().number()).isEqualTo(before);
  }

  @Test
  void whatLeadsToItStays() {
    String id = made("floating_network_id", external, "port_id", server.port(network));
    refused(
        server.put("/routers/" + router + "/remove_router_interface", Map.of("subnet_id", subnet)),
        "409 RouterInterfaceInUseByFloatingIP",
        subnet);
    Map<String, Object> none = values("external_gateway_info", null);
    refused(
        server.put("/routers/" + router, Map.of("router", none)),
        "409 RouterExternalGatewayInUseByFloatingIp",
        external);
    put(id, "port_id", null);
    assertThat(server.put("/routers/" + router, Map.of("router", none)).status()).isEqualTo(200);
  }

  @Test
  void poolsAreTheSubnetsOfExternalNetworks() {
    Reply pools = server.get("/floatingip_pools?network_id=" + external, ADA);
    assertThat(pools.at("floatingip_pools"))
        .isEqualTo(
            List.of(
                Map.of(
                    "subnet_id",
                    externalSubnet,
                    "subnet_name",
                    "",
                    "network_id",
                    external,
                    "cidr",
                    "203.0.113.0/24")));
    assertThat(
            server.get("/floatingip_pools?fields=cidr&cidr=203.0.113.0/24").at("floatingip_pools"))
        .isEqualTo(List.of(Map.of("cidr", "203.0.113.0/24")));
    assertThat(LiveServer.column(server.get("/floatingip_pools"), "floatingip_pools", "network_id"))
        .doesNotContain(network);
    assertThat(server.get("/floatingip_pools?x=y").status()).isEqualTo(400);
    assertThat(server.post("/floatingip_pools", Map.of()).status()).isEqualTo(405);
    assertThat(server.get("/floatingip_pools/" + externalSubnet).status()).isEqualTo(404);
  }
}
