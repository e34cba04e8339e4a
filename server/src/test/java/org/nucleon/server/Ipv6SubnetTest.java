package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.server.LiveServer.Reply;

/** IPv6 subnets, the addresses that ports have of them, and routers between them. */
final class Ipv6SubnetTest {

  private static final String MAC = "fa:16:3e:00:00:01";
  private static final String SUFFIX = "f816:3eff:fe00:1";

  @TempDir static Path folder;
  static LiveServer server;
  private String network;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder, "quotas", "quota_router", "-1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void make() {
    network = server.network("n");
  }

  private Reply post(String cidr, Object... pairs) {
    Map<String, Object> values = new HashMap<>();
    values.put("network_id", network);
    values.put("ip_version", 6);
    values.put("cidr", cidr);
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return server.post("/subnets", Map.of("subnet", values));
  }

  private String subnet(String cidr, Object... pairs) {
    Reply reply = post(cidr, pairs);
    assertThat(reply.status()).as("%s", reply).isEqualTo(201);
    return (String) reply.at("subnet", "id");
  }

  private String auto(String cidr) {
    return subnet(cidr, "ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac");
  }

  private static void refused(Reply reply, String error, String says) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(error);
    assertThat(reply.message()).contains(says);
  }

  private static List<Object> addresses(String port) {
    List<Object> addresses = new ArrayList<>();
    for (Object one : (List<?>) server.get("/ports/" + port).at("port", "fixed_ips")) {
      addresses.add(((Map<?, ?>) one).get("ip_address"));
    }
    return addresses;
  }

  private static Reply setAddresses(String port, Object... addresses) {
    return server.put("/ports/" + port, Map.of("port", Map.of("fixed_ips", List.of(addresses))));
  }

  @Test
  void asSubnetsOfIpv4AreButForTheLastAddress() {
    Reply made = post("2001:db8::/64");
    assertThat(made.at("subnet", "gateway_ip")).isEqualTo("2001:db8::1");
    assertThat(made.at("subnet", "allocation_pools"))
        .isEqualTo(List.of(Map.of("start", "2001:db8::2", "end", "2001:db8::ffff:ffff:ffff:ffff")));
    assertThat(made.at("subnet", "ipv6_ra_mode")).isNull();
    assertThat(made.at("subnet", "ipv6_address_mode")).isNull();
    assertThat(addresses(server.port(network))).containsExactly("2001:db8::2");
    String id = (String) made.at("subnet", "id");
    Map<String, String> last =
        Map.of("subnet_id", id, "ip_address", "2001:db8::ffff:ffff:ffff:ffff");
    assertThat(addresses(server.port(network, "fixed_ips", List.of(last))))
        .containsExactly("2001:db8::ffff:ffff:ffff:ffff");
  }

  @ParameterizedTest
  @CsvSource({
    ", , true",
    ", , false",
    "slaac, slaac, true",
    "dhcpv6-stateless, dhcpv6-stateless, true",
    "dhcpv6-stateful, dhcpv6-stateful, true",
    "slaac, , true",
    "dhcpv6-stateful, , true",
    ", slaac, true",
    ", dhcpv6-stateless, true",
    ", dhcpv6-stateful, true",
  })
  void modesThatGoTogether(String advertised, String addresses, boolean dhcp) {
    Reply made =
        post(
            "2001:db8::/64",
            "ipv6_ra_mode",
            advertised,
            "ipv6_address_mode",
            addresses,
            "enable_dhcp",
            dhcp);
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    assertThat(made.at("subnet", "ipv6_ra_mode")).isEqualTo(advertised);
    assertThat(made.at("subnet", "ipv6_address_mode")).isEqualTo(addresses);
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::/64, slaac, dhcpv6-stateful, true, must be the same value",
    "2001:db8::/64, dhcpv6-stateless, slaac, true, must be the same value",
    "2001:db8::/64, slaac, slaac, false, enable_dhcp",
    "2001:db8::/64, , dhcpv6-stateful, false, enable_dhcp",
    "2001:db8::/65, slaac, slaac, true, /64",
    "2001:db8::/48, , dhcpv6-stateless, true, /64",
    "10.0.0.0/24, , , true, ip_version",
    "2001:db8::/127, , , true, DHCP",
    "ff02::/64, , , true, multicast",
    "fe80::/64, , , true, multicast",
    "::/0, , , true, routable",
  })
  void whatDoesNotGoTogether(
      String cidr, String advertised, String addresses, boolean dhcp, String says) {
    refused(
        post(cidr, "ipv6_ra_mode", advertised, "ipv6_address_mode", addresses, "enable_dhcp", dhcp),
        "400 InvalidInput",
        says);
    assertThat((List<?>) server.get("/subnets?network_id=" + network).at("subnets")).isEmpty();
  }

  @Test
  void modesAreOfIpv6Only() {
    refused(
        server.post(
            "/subnets",
            Map.of(
                "subnet",
                Map.of(
                    "network_id",
                    network,
                    "ip_version",
                    4,
                    "cidr",
                    "10.0.0.0/24",
                    "ipv6_ra_mode",
                    "slaac"))),
        "400 InvalidInput",
        "ip_version is 4");
    refused(post("2001:db8::/64", "ipv6_ra_mode", "other"), "400 HTTPBadRequest", "ipv6_ra_mode");
  }

  @Test
  void modesStayAndKeepDhcpOn() {
    String id = auto("2001:db8::/64");
    refused(
        server.put("/subnets/" + id, Map.of("subnet", Map.of("ipv6_ra_mode", "slaac"))),
        "400 HTTPBadRequest",
        "ipv6_ra_mode");
    refused(
        server.put("/subnets/" + id, Map.of("subnet", Map.of("enable_dhcp", false))),
        "400 InvalidInput",
        "enable_dhcp");
  }

  @Test
  void portsHaveOneAddressOfEachVersionAndOneOfEachAutomaticSubnet() {
    server.subnet(network, "10.0.0.0/24");
    server.subnet(network, "10.0.1.0/24");
    subnet("2001:db8:1::/64", "ipv6_address_mode", "dhcpv6-stateful");
    subnet("2001:db8:2::/64");
    auto("2001:db8:3::/64");
    subnet("2001:db8:4::/64", "ipv6_ra_mode", "dhcpv6-stateless");
    List<Object> addresses = addresses(server.port(network, "mac_address", MAC));
    assertThat(addresses).hasSize(4);
    assertThat(addresses.getFirst()).asString().startsWith("10.0.");
    assertThat(addresses.get(1)).asString().matches("2001:db8:[12]::2");
    assertThat(addresses.subList(2, 4))
        .containsExactlyInAnyOrder("2001:db8:3:0:" + SUFFIX, "2001:db8:4:0:" + SUFFIX);
  }

  @Test
  void portsThatAreThereGetTheAddressOfAnAutomaticSubnetAddedLater() {
    server.subnet(network, "10.0.0.0/24");
    String port = server.port(network, "mac_address", MAC);
    String bare = server.port(network, "fixed_ips", List.of(), "mac_address", "fa:16:3e:00:00:02");
    String added = auto("2001:db8::/64");
    assertThat(addresses(port)).hasSize(2).contains("2001:db8::" + SUFFIX);
    assertThat(addresses(bare)).containsExactly("2001:db8::f816:3eff:fe00:2");
    assertThat(server.delete("/subnets/" + added).status()).isEqualTo(204);
    assertThat(addresses(port)).hasSize(1);
    assertThat(addresses(bare)).isEmpty();
  }

  @Test
  void automaticAddressesAreNeitherChosenNorGivenUp() {
    String v4 = server.subnet(network, "10.0.0.0/24");
    String v6 = auto("2001:db8::/64");
    String port =
        server.port(
            network,
            "mac_address",
            MAC,
            "fixed_ips",
            List.of(Map.of("subnet_id", v6), Map.of("subnet_id", v4)));
    String own = "2001:db8::" + SUFFIX;
    assertThat(addresses(port)).containsExactly("10.0.0.2", own);
    refused(
        setAddresses(port, Map.of("subnet_id", v6, "ip_address", "2001:db8::5")),
        "400 InvalidInput",
        "can not be directly assigned");
    refused(
        setAddresses(port, Map.of("ip_address", "2001:db8::5")),
        "400 InvalidInput",
        "automatic addresses");
    assertThat(setAddresses(port, Map.of("subnet_id", v4, "ip_address", "10.0.0.9")).status())
        .isEqualTo(200);
    assertThat(addresses(port)).containsExactly("10.0.0.9", own);
    assertThat(setAddresses(port).status()).isEqualTo(200);
    assertThat(addresses(port)).containsExactly(own);
    Object shown = server.get("/ports/" + port).at("port", "fixed_ips");
    assertThat(setAddresses(port, ((List<?>) shown).toArray()).status()).isEqualTo(200);
    assertThat(addresses(port)).containsExactly(own);
  }

  @Test
  void anotherMacAddressMakesAnotherAddress() {
    server.subnet(network, "10.0.0.0/24");
    auto("2001:db8::/64");
    String port = server.port(network, "mac_address", MAC);
    Map<String, ?> change = Map.of("port", Map.of("mac_address", "fa:16:3e:00:00:09"));
    assertThat(server.put("/ports/" + port, change).status()).isEqualTo(200);
    assertThat(addresses(port)).containsExactly("10.0.0.2", "2001:db8::f816:3eff:fe00:9");
    assertThat(addresses(server.port(network, "mac_address", MAC)))
        .containsExactly("10.0.0.3", "2001:db8::" + SUFFIX);
  }

  private String router() {
    return server.create("/routers", "router", Map.of("name", "r"));
  }

  private static Reply interfaces(String router, String action, String subnet) {
    return server.put(
        "/routers/" + router + "/" + action + "_router_interface", Map.of("subnet_id", subnet));
  }

  @Test
  void subnetsOfOneNetworkShareTheRoutersPort() {
    String router = router();
    String first = auto("2001:db8:1::/64");
    String second = auto("2001:db8:2::/64");
    String v4 = server.subnet(network, "10.0.0.0/24");
    Reply one = interfaces(router, "add", first);
    Reply two = interfaces(router, "add", second);
    Reply four = interfaces(router, "add", v4);
    assertThat(two.at("port_id")).isEqualTo(one.at("port_id"));
    assertThat(two.at("subnet_ids")).isEqualTo(List.of(second));
    assertThat(four.at("port_id")).isNotEqualTo(one.at("port_id"));
    String port = (String) one.at("port_id");
    assertThat(addresses(port)).containsExactly("2001:db8:1::1", "2001:db8:2::1");
    refused(server.delete("/subnets/" + first), "409 SubnetInUse", first);
    Reply removed = interfaces(router, "remove", first);
    assertThat(removed.at("subnet_ids")).isEqualTo(List.of(first));
    assertThat(addresses(port)).containsExactly("2001:db8:2::1");
    interfaces(router, "remove", second);
    assertThat(server.get("/ports/" + port).status()).isEqualTo(404);
  }

  /** Of the port API a router's port takes IPv6 addresses, under the rules of interfaces. */
  @Test
  void addressesOfARoutersPort() {
    String router = router();
    String first = auto("2001:db8:1::/64");
    String port = (String) interfaces(router, "add", first).at("port_id");
    Map<String, ?> own = Map.of("subnet_id", first, "ip_address", "2001:db8:1::1");
    auto("2001:db8:2::/64");
    assertThat(setAddresses(port, own, Map.of("ip_address", "2001:db8:2::1")).status())
        .isEqualTo(200);
    assertThat(addresses(port)).containsExactly("2001:db8:1::1", "2001:db8:2::1");
    subnet("2001:db8:3::/64", "ipv6_address_mode", "slaac");
    refused(
        setAddresses(port, own, Map.of("ip_address", "2001:db8:3::1")),
        "400 BadRequest",
        "external router");
    String elsewhere = server.network("elsewhere");
    String kept = network;
    network = elsewhere;
    interfaces(router, "add", auto("2001:db8:4::/64"));
    network = kept;
    auto("2001:db8:4::/64");
    refused(
        setAddresses(port, own, Map.of("ip_address", "2001:db8:4::5")),
        "400 BadRequest",
        "overlaps");
    refused(setAddresses(port, own, Map.of()), "400 InvalidInput", "subnet_id or ip_address");
    refused(setAddresses(port), "400 BadRequest", "not allowed");
    assertThat(addresses(port)).containsExactly("2001:db8:1::1", "2001:db8:2::1");
  }

  @Test
  void oneOfARoutersPortsOnANetworkAdvertises() {
    String router = router();
    String first = auto("2001:db8:1::/64");
    String second = auto("2001:db8:2::/64");
    interfaces(router, "add", first);
    String port =
        server.port(
            network,
            "device_owner",
            "network:router_interface",
            "fixed_ips",
            List.of(Map.of("subnet_id", second)));
    refused(
        server.put("/routers/" + router + "/add_router_interface", Map.of("port_id", port)),
        "400 BadRequest",
        "multiple router ports");
  }

  @Test
  void whatAnotherRouterAdvertisesIsNotForOurs() {
    String id = subnet("2001:db8::/64", "ipv6_address_mode", "slaac");
    refused(interfaces(router(), "add", id), "400 BadRequest", "external router");
  }

  @Test
  void aLinkLocalGatewayLeavesTheRouterAnAddressOfItsOwn() {
    String id = subnet("2001:db8::/64", "gateway_ip", "fe80::1", "ipv6_ra_mode", "dhcpv6-stateful");
    Reply added = interfaces(router(), "add", id);
    assertThat(added.status()).as("%s", added).isEqualTo(200);
    assertThat(addresses((String) added.at("port_id"))).containsExactly("2001:db8::1");
  }

  @Test
  void gatewaysFollowTheSubnetsOfTheirNetwork() {
    network = server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    String router =
        server.create(
            "/routers", "router", Map.of("external_gateway_info", Map.of("network_id", network)));
    assertThat(gateway(router)).isEmpty();
    server.subnet(network, "203.0.113.0/24");
    assertThat(gateway(router)).containsExactly("203.0.113.2");
    subnet("2001:db8:1::/64");
    subnet("2001:db8:2::/64");
    String last = auto("2001:db8:3::/64");
    assertThat(gateway(router)).hasSize(3).contains("203.0.113.2", "2001:db8:1::2");
    assertThat(gateway(router).getLast()).asString().startsWith("2001:db8:3:0:");
    assertThat(server.delete("/subnets/" + last).status()).isEqualTo(204);
    assertThat(gateway(router)).containsExactly("203.0.113.2", "2001:db8:1::2");
  }

  private static List<Object> gateway(String router) {
    Reply shown = server.get("/routers/" + router);
    List<Object> addresses = new ArrayList<>();
    for (Object one : (List<?>) shown.at("router", "external_gateway_info", "external_fixed_ips")) {
      addresses.add(((Map<?, ?>) one).get("ip_address"));
    }
    return addresses;
  }

  @Test
  void availabilityCountsMoreThanFitsANumberOf64Bits() {
    subnet("2001:db8::/56");
    assertThat(
            server
                .get("/network-ip-availabilities/" + network)
                .at("network_ip_availability", "total_ips"))
        .asString()
        .isEqualTo("4722366482869645213694");
  }

  @Test
  void subnetsFromAPoolOfIpv6() {
    String pool =
        server.create(
            "/subnetpools",
            "subnetpool",
            Map.of("name", "p", "prefixes", List.of("2001:db8::/56"), "default_prefixlen", 64));
    Reply made =
        server.post(
            "/subnets",
            Map.of(
                "subnet",
                Map.of(
                    "network_id",
                    network,
                    "ip_version",
                    6,
                    "subnetpool_id",
                    pool,
                    "ipv6_ra_mode",
                    "slaac",
                    "ipv6_address_mode",
                    "slaac")));
    assertThat(made.at("subnet", "cidr")).isEqualTo("2001:db8::/64");
  }

  @Test
  void prefixDelegationIsRefusedWithAWayOut() {
    Map<String, Object> values =
        Map.of("network_id", network, "ip_version", 6, "subnetpool_id", "prefix_delegation");
    Reply refused = server.post("/subnets", Map.of("subnet", values));
    assertThat(refused.status()).as("%s", refused).isEqualTo(400);
    assertThat(refused.message()).contains("subnetpool_id", "prefix delegation", "subnet pool");
  }

  /** A link of IPv6 carries packets of 1280 bytes: RFC 8200, section 5. */
  @Test
  void networksOfSmallPacketsHaveNoIpv6Subnets() {
    Reply small = change("mtu", 1279);
    assertThat(small.at("network", "mtu")).isEqualTo(1279);
    assertThat(server.subnet(network, "10.0.0.0/24")).isNotEmpty();
    Reply refused = post("2001:db8:9::/64");
    assertThat(refused.status()).as("%s", refused).isEqualTo(409);
    assertThat(refused.type()).isEqualTo("NetworkMTUSubnetConflict");
    assertThat(refused.message()).contains(network, "1280");
    assertThat(change("mtu", 1280).at("network", "mtu")).isEqualTo(1280);
    subnet("2001:db8:9::/64");
    assertThat(change("mtu", 1279).type()).isEqualTo("NetworkMTUSubnetConflict");
    assertThat(server.get("/networks/" + network).at("network", "mtu")).isEqualTo(1280);
    assertThat(change("name", "other").at("network", "name")).isEqualTo("other");
  }

  private Reply change(String attribute, Object value) {
    return server.put("/networks/" + network, Map.of("network", Map.of(attribute, value)));
  }
}
