package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.LiveServer.column;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.Caller;
import org.nucleon.network.api.Agents;
import org.nucleon.server.LiveServer.Reply;

/** What networks, subnets and ports do beside what every resource does. */
final class CoreResourcesTest {

  private static final String[] MEMBER = {"X-Project-Id", "p1", "X-Roles", "member"};

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(folder, "quotas", "quota_network", "-1", "quotas", "quota_subnet", "-1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void refused(Reply reply, int status, String type, String... words) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(status + " " + type);
    for (String word : words) {
      assertThat(reply.message()).contains(word);
    }
  }

  private static Reply change(String port, String name, Object value, String... headers) {
    Map<String, Object> values = new HashMap<>();
    values.put(name, value);
    return server.put("/ports/" + port, Map.of("port", values), headers);
  }

  @Test
  void aPortGetsAnotherMacAddressForNull() {
    String network = server.network("mac");
    String port = server.port(network, "mac_address", "fa:16:3e:00:00:01");
    Reply changed = change(port, "mac_address", null);
    assertThat(changed.status()).as("%s", changed).isEqualTo(200);
    assertThat((String) changed.at("port", "mac_address"))
        .startsWith("fa:16:3e:")
        .isNotEqualTo("fa:16:3e:00:00:01");
    server.port(network, "mac_address", "fa:16:3e:00:00:01"); // free again
    String service = server.port(network, "device_owner", "network:dhcp");
    refused(
        change(service, "mac_address", null), 409, "UnsupportedPortDeviceOwner", "network:dhcp");
    Map<String, Object> values = new HashMap<>(Map.of("network_id", network));
    values.put("mac_address", null);
    assertThat((String) server.post("/ports", Map.of("port", values)).at("port", "mac_address"))
        .startsWith("fa:16:3e:");
  }

  @Test
  void onlyWhoWatchesTheDataPlaneSaysHowItIs() {
    String network = server.create("/networks", "network", Map.of("name", "d"), MEMBER);
    String port = server.create("/ports", "port", Map.of("network_id", network), MEMBER);
    assertThat(server.get("/ports/" + port, MEMBER).at("port", "data_plane_status")).isNull();
    refused(
        change(port, "data_plane_status", "DOWN", MEMBER),
        403,
        "PolicyNotAuthorized",
        "data_plane_status");
    String[] integrator = {"X-Project-Id", "p1", "X-Roles", "data_plane_integrator"};
    assertThat(change(port, "data_plane_status", "DOWN", integrator).status()).isEqualTo(200);
    assertThat(server.get("/ports/" + port, MEMBER).at("port", "data_plane_status"))
        .isEqualTo("DOWN");
    refused(change(port, "data_plane_status", "BUILD"), 400, "HTTPBadRequest", "ACTIVE");
    assertThat(change(port, "data_plane_status", null).at("port", "data_plane_status")).isNull();
  }

  private static String subnet(String network, String cidr, Object... types) {
    return server.create(
        "/subnets",
        "subnet",
        Map.of(
            "network_id", network, "ip_version", 4, "cidr", cidr, "service_types", List.of(types)));
  }

  private static Object address(Reply port) {
    assertThat(port.status()).as("%s", port).isEqualTo(201);
    return port.at("port", "fixed_ips", 0, "ip_address");
  }

  private static Reply port(String network, String owner) {
    return server.post(
        "/ports", Map.of("port", Map.of("network_id", network, "device_owner", owner)));
  }

  @Test
  void portsGetAddressesOfSubnetsThatAreForThem() {
    String network = server.network("types");
    String gateways = subnet(network, "10.1.0.0/24", "network:floatingip_agent_gateway");
    refused(
        port(network, "compute:nova"),
        409,
        "IpAddressGenerationFailureNoMatchingSubnet",
        "compute:nova",
        network);
    subnet(network, "10.2.0.0/24");
    subnet(network, "10.3.0.0/24", "compute:nova", "compute:az2");
    assertThat(address(port(network, "compute:nova"))).isEqualTo("10.3.0.2");
    assertThat(address(port(network, "network:floatingip_agent_gateway"))).isEqualTo("10.1.0.2");
    assertThat(address(port(network, ""))).isEqualTo("10.2.0.2");
    Map<String, Object> asked =
        Map.of("network_id", network, "fixed_ips", List.of(Map.of("subnet_id", gateways)));
    assertThat(address(server.post("/ports", Map.of("port", asked)))).isEqualTo("10.1.0.3");
    assertThat(server.get("/subnets/" + gateways).at("subnet", "service_types"))
        .isEqualTo(List.of("network:floatingip_agent_gateway"));
    Map<String, Object> wrong = Map.of("service_types", List.of("compute"));
    refused(
        server.put("/subnets/" + gateways, Map.of("subnet", wrong)),
        400,
        "InvalidSubnetServiceType",
        "compute");
    refused(
        server.put("/subnets/" + gateways, Map.of("subnet", Map.of("service_types", List.of(7)))),
        400,
        "InvalidInputSubnetServiceType",
        "7");
    refused(
        server.put(
            "/subnets/" + gateways,
            Map.of("subnet", Map.of("service_types", List.of("compute:a", "compute:a")))),
        400,
        "HTTPBadRequest",
        "Duplicate");
  }

  @Test
  void groupsAndAddressPairsNeedPortSecurity() {
    String network = server.network("security");
    server.subnet(network, "10.6.0.0/24");
    String group = server.create("/security-groups", "security_group", Map.of("name", "g"));
    Map<String, Object> open =
        Map.of(
            "network_id",
            network,
            "port_security_enabled",
            false,
            "security_groups",
            List.of(group));
    refused(
        server.post("/ports", Map.of("port", open)),
        400,
        "PortSecurityAndIPRequiredForSecurityGroups");
    String port = server.port(network, "port_security_enabled", false);
    refused(
        change(port, "security_groups", List.of(group)),
        400,
        "PortSecurityAndIPRequiredForSecurityGroups");
    Map<String, Object> pair = Map.of("ip_address", "10.6.0.99");
    refused(
        change(port, "allowed_address_pairs", List.of(pair)),
        409,
        "AddressPairAndPortSecurityRequired");
    String secured = server.port(network, "security_groups", List.of(group));
    refused(
        change(secured, "port_security_enabled", false), 409, "PortSecurityPortHasSecurityGroup");
    Map<String, Object> both = Map.of("port_security_enabled", false, "security_groups", List.of());
    assertThat(server.put("/ports/" + secured, Map.of("port", both)).status()).isEqualTo(200);
    String paired = server.port(network, "allowed_address_pairs", List.of(pair));
    refused(
        change(paired, "allowed_address_pairs", List.of(pair, pair)),
        400,
        "DuplicateAddressPairInRequest");
    Object mac = server.get("/ports/" + paired).at("port", "mac_address");
    refused(
        change(
            paired,
            "allowed_address_pairs",
            List.of(pair, Map.of("ip_address", "10.6.0.99", "mac_address", mac))),
        400,
        "DuplicateAddressPairInRequest");
    refused(
        change(paired, "allowed_address_pairs", List.of(Map.of("mac_address", mac))),
        400,
        "AllowedAddressPairsMissingIP",
        "allowed_address_pairs");
    assertThat(change(paired, "allowed_address_pairs", null).at("port", "allowed_address_pairs"))
        .isEqualTo(List.of());
  }

  @Test
  void oneDefaultExternalNetwork() {
    refused(
        server.post("/networks", Map.of("network", Map.of("is_default", true))),
        400,
        "InvalidInput",
        "router:external");
    Map<String, Object> external = Map.of("router:external", true, "is_default", true);
    String network = server.create("/networks", "network", external);
    assertThat(column(server.get("/networks?is_default=true"), "networks", "id"))
        .containsExactly(network);
    refused(
        server.post("/networks", Map.of("network", external)),
        409,
        "DefaultExternalNetworkExists",
        network);
    Reply internal =
        server.put("/networks/" + network, Map.of("network", Map.of("router:external", false)));
    assertThat(internal.at("network", "is_default")).isEqualTo(false);
    String other = server.create("/networks", "network", external);
    assertThat(server.delete("/networks/" + other).status()).isEqualTo(204);
    server.put("/networks/" + network, Map.of("network", external));
    refused(
        server.post("/networks", Map.of("network", external)),
        409,
        "DefaultExternalNetworkExists",
        network);
    server.put("/networks/" + network, Map.of("network", Map.of("is_default", false)));
    assertThat(
            server
                .put("/networks/" + network, Map.of("network", Map.of("is_default", true)))
                .status())
        .isEqualTo(200);
    refused(
        server.post(
            "/networks", Map.of("network", Map.of("name", "x", "is_default", true)), MEMBER),
        403,
        "PolicyNotAuthorized",
        "is_default");
  }

  @Test
  void whatServesANetworkGoesWithIt() {
    for (String owner :
        List.of("network:dhcp", "network:distributed", "network:floatingip_agent_gateway")) {
      String network = server.network("goes");
      String subnet = server.subnet(network, "10.4.0.0/24");
      String port = server.port(network, "device_owner", owner);
      assertThat(server.delete("/subnets/" + subnet).status()).as(owner).isEqualTo(204);
      server.port(network, "device_owner", owner);
      assertThat(server.delete("/networks/" + network).status()).as(owner).isEqualTo(204);
      assertThat(server.get("/ports/" + port).status()).isEqualTo(404);
    }
    String network = server.network("stays");
    String port = server.port(network, "device_owner", "compute:nova");
    refused(server.delete("/networks/" + network), 409, "NetworkInUse", network, port);
  }

  private static void agent(String host, String type, String zone, boolean up) {
    server
        .server()
        .engine()
        .write(
            Caller.SYSTEM,
            tx ->
                tx.create(
                    tx.draft(Agents.AGENT, "")
                        .set(Agents.TYPE, type)
                        .set(Agents.HOST, host)
                        .set(Agents.ADMIN_STATE_UP, up)
                        .set(Agents.AVAILABILITY_ZONE, zone)));
  }

  @Test
  void availabilityZonesAreThoseOfAgents() {
    agent("h1", "DHCP agent", "z1", true);
    agent("h2", "DHCP agent", "z1", false);
    agent("h2", "L3 agent", "z2", false);
    agent("h2", "Open vSwitch agent", null, true);
    assertThat(server.get("/availability_zones", MEMBER).at("availability_zones"))
        .isEqualTo(
            List.of(
                Map.of("name", "z1", "resource", "network", "state", "available"),
                Map.of("name", "z2", "resource", "router", "state", "unavailable")));
    assertThat(
            column(server.get("/availability_zones?resource=router"), "availability_zones", "name"))
        .containsExactly("z2");
    assertThat(server.get("/availability_zones?colour=red").status()).isEqualTo(400);
    assertThat(column(server.get("/agents?availability_zone=z1"), "agents", "host"))
        .containsExactlyInAnyOrder("h1", "h2");
    String network =
        server.create(
            "/networks", "network", Map.of("name", "z", "availability_zone_hints", List.of("z1")));
    Reply shown = server.get("/networks/" + network);
    assertThat(shown.at("network", "availability_zone_hints")).isEqualTo(List.of("z1"));
    assertThat(shown.at("network", "availability_zones")).isEqualTo(List.of());
    refused(
        server.post(
            "/networks", Map.of("network", Map.of("availability_zone_hints", List.of("z2")))),
        404,
        "AvailabilityZoneNotFound",
        "z2");
    refused(
        server.put(
            "/networks/" + network,
            Map.of("network", Map.of("availability_zone_hints", List.of()))),
        400,
        "HTTPBadRequest",
        "availability_zone_hints");
  }

  @Test
  void addressesUsedAndFree() {
    String network = server.network("counted");
    String subnet = server.subnet(network, "10.5.0.0/29");
    server.port(network);
    server.port(network);
    Reply one = server.get("/network-ip-availabilities/" + network);
    assertThat(one.status()).as("%s", one).isEqualTo(200);
    assertThat(one.at("network_ip_availability", "total_ips")).isEqualTo(5);
    assertThat(one.at("network_ip_availability", "used_ips")).isEqualTo(2);
    assertThat(one.at("network_ip_availability", "subnet_ip_availability"))
        .isEqualTo(
            List.of(
                Map.of(
                    "subnet_id",
                    subnet,
                    "subnet_name",
                    "",
                    "cidr",
                    "10.5.0.0/29",
                    "ip_version",
                    4,
                    "total_ips",
                    5,
                    "used_ips",
                    2)));
    assertThat(
            column(
                server.get("/network-ip-availabilities?network_name=counted"),
                "network_ip_availabilities",
                "network_id"))
        .containsExactly(network);
    assertThat(server.get("/network-ip-availabilities", MEMBER).status()).isEqualTo(403);
    assertThat(server.get("/network-ip-availabilities/" + subnet).status()).isEqualTo(404);
  }

  @Test
  void filtersOfPorts() {
    String network = server.network("filters");
    String subnet = server.subnet(network, "10.66.0.0/16");
    String low = server.port(network, "fixed_ips", List.of(Map.of("ip_address", "10.66.7.1")));
    String high = server.port(network, "fixed_ips", List.of(Map.of("ip_address", "10.66.77.2")));
    String bound = server.port(network, "binding:host_id", "h7");
    String in = "&network_id=" + network;
    assertThat(ports("fixed_ips=ip_address_substr%3D66.7" + in)).containsOnly(low, high);
    assertThat(ports("fixed_ips=ip_address_substr%3D.77." + in)).containsExactly(high);
    assertThat(ports("fixed_ips=ip_address_substr%3D.77.&fixed_ips=ip_address_substr%3D.7.1" + in))
        .containsOnly(low, high);
    assertThat(
            ports(
                "fixed_ips=ip_address_substr%3D66.7&fixed_ips=ip_address%3D10.66.7.1"
                    + "&fixed_ips=subnet_id%3D"
                    + subnet))
        .containsExactly(low);
    assertThat(ports("fixed_ips=ip_address_substr%3Dx" + in)).isEmpty();
    String group = server.create("/security-groups", "security_group", Map.of("name", "f"));
    String member = server.port(network, "security_groups", List.of(group));
    assertThat(ports("security_groups=" + group)).containsExactly(member);
    server.delete("/ports/" + member);
    assertThat(ports("binding:host_id=h7")).containsExactly(bound);
    assertThat(ports("binding%3Ahost_id=" + in)).containsOnly(low, high);
    assertThat(ports("name=&name=x" + in)).hasSize(3);
    assertThat(server.get("/ports?fixed_ips=colour%3Dred").status()).isEqualTo(400);
    assertThat(server.get("/ports?binding:host_id=h7", MEMBER).status()).isEqualTo(400);
  }

  private static List<Object> ports(String query) {
    Reply list = server.get("/ports?" + query);
    assertThat(list.status()).as("%s: %s", query, list).isEqualTo(200);
    return column(list, "ports", "id");
  }

  @Test
  void listsWhatChangedSinceATime() {
    String network = server.network("changed");
    String time = (String) server.get("/networks/" + network).at("network", "updated_at");
    String here = "&name=changed";
    assertThat(column(server.get("/networks?changed_since=" + time + here), "networks", "id"))
        .containsExactly(network);
    assertThat(
            column(
                server.get("/networks?changed_since=2999-01-01T00:00:00Z" + here),
                "networks",
                "id"))
        .isEmpty();
    refused(server.get("/networks?changed_since=yesterday"), 400, "InvalidInput", "changed_since");
    refused(
        server.get("/networks?changed_since=2015-13-01T00:00:00Z"),
        400,
        "InvalidInput",
        "changed_since");
    assertThat(server.get("/agents?changed_since=" + time).status()).isEqualTo(400);
  }
}
