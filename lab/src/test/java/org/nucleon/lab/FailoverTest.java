package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts are lost: what others can do for them, others do. */
@Tag("lab")
@LabScenario
final class FailoverTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Either of two DHCP servers is enough. */
  @Test
  void twoDhcpServersServeANetwork(Lab lab) {
    LabHost h1 = lab.host("h1");
    LabHost h2 = lab.host("h2");
    Cloud cloud = Cloud.with(lab, "dhcp_agents_per_network = 2\n", h1, h2);
    String network = cloud.network("red", "10.1.0.0/24");
    Eventually.within(LIMIT, "there are two servers", () -> servers(cloud, network).size() == 2);
    for (JsonNode port : servers(cloud, network)) {
      cloud.awaitStatus("port", port.get("id").asString(), "ACTIVE");
    }
    Guest a = cloud.guest(h1, "a", network, Map.of());
    Guest b = cloud.guest(h2, "b", network, Map.of());
    for (LabHost host : List.of(h1, h2)) {
      LabHost other = host == h1 ? h2 : h1;
      cloud.agent(host).kill();
      cloud.agent(host).awaitEnd();
      host.machine().exec("pkill", "dnsmasq");
      for (Guest guest : List.of(a, b)) {
        Lease lease = guest.dhcp();
        assertThat(lease.address()).isEqualTo(cloud.address(guest.name()));
        assertThat(lease.server())
            .as("%s without %s", guest, host)
            .isEqualTo(address(cloud, network, other));
        guest.dhcpRelease();
      }
      cloud.startAgent(host);
      cloud.awaitAlive(host);
      Eventually.within(
          LIMIT,
          "nothing differs on " + host,
          () -> cloud.difference(host),
          difference -> difference.contains("no difference"));
    }
  }

  private static List<JsonNode> servers(Cloud cloud, String network) {
    return cloud.api().list("port", Map.of("network_id", network, "device_owner", "network:dhcp"));
  }

  private static String address(Cloud cloud, String network, LabHost host) {
    return servers(cloud, network).stream()
        .filter(port -> port.get("binding:host_id").asString().equals(host.name()))
        .map(port -> port.get("fixed_ips").get(0).get("ip_address").asString())
        .findFirst()
        .orElseThrow();
  }

  /** A host with a router, and a network's DHCP server, loses its power. */
  @Test
  void routerAndDhcpComeUpOnAnotherHost(Lab lab) {
    LabHost h1 = lab.hostWithExternal("h1");
    LabHost h2 = lab.hostWithExternal("h2");
    Cloud cloud = Cloud.with(lab, "agent_down_time = 5\n", "report_interval = 1\n", h1, h2);
    Api api = cloud.api();
    String external = cloud.externalNetwork();
    String network = cloud.network("red", "10.1.0.0/24");
    String router =
        api.create(
                "router",
                Map.of("name", "r", "external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    String subnet =
        api.list("subnet", Map.of("network_id", network)).getFirst().get("id").asString();
    api.action("router", router, "add_router_interface", Map.of("subnet_id", subnet));
    String group = api.create("security_group", Map.of("name", "all")).get("id").asString();
    api.create("security_group_rule", Map.of("security_group_id", group, "direction", "ingress"));
    LabHost lost = hostOf(cloud, router).equals("h1") ? h1 : h2;
    LabHost left = lost == h1 ? h2 : h1;
    Guest guest = cloud.guest(left, "a", network, Map.of("security_groups", List.of(group)));
    String address = guest.dhcp().server();
    for (LabHost host : List.of(left, lost)) {
      handOver(cloud, network, host);
      assertThat(address(cloud, network, host)).isEqualTo(address);
      assertThat(guest.renew().event()).as("without starting anew").isEqualTo("renew");
    }
    String floating =
        api.create(
                "floatingip",
                Map.of(
                    "floating_network_id",
                    external,
                    "floating_ip_address",
                    SmallCloud.FLOATING,
                    "port_id",
                    cloud.port("a")))
            .get("id")
            .asString();
    cloud.awaitStatus("floatingip", floating, "ACTIVE");
    Endpoint outside = lab.internet().server();
    assertThat(outside.ping(SmallCloud.FLOATING)).isTrue();

    lost.close();
    Eventually.within(
        LIMIT, "the router is moved", () -> hostOf(cloud, router).equals(left.name()));
    cloud.awaitStatus("floatingip", floating, "ACTIVE");
    Eventually.within(LIMIT, "the floating IP answers", () -> outside.ping(SmallCloud.FLOATING));
    Eventually.within(
        LIMIT,
        "the network is served here alone",
        () ->
            servers(cloud, network).stream()
                .map(port -> port.get("binding:host_id").asString())
                .toList()
                .equals(List.of(left.name())));
    Guest late = cloud.guest(left, "b", network, Map.of("security_groups", List.of(group)));
    Lease lease = late.dhcp();
    assertThat(lease.address()).isEqualTo(cloud.address("b"));
    assertThat(lease.server()).as("where it was").isEqualTo(address);
    assertThat(guest.renew().event()).as("without starting anew").isEqualTo("renew");
    assertThat(late.ping(Internet.SERVER)).isTrue();
    JsonNode agent =
        api.list("agent", Map.of("host", lost.name(), "agent_type", "L3 agent")).getFirst();
    assertThat(agent.get("alive").asBoolean()).isFalse();
  }

  /**
   * Takes a network from its DHCP server, who leaves its port, and gives it to that of a host, who
   * takes the port.
   */
  private static void handOver(Cloud cloud, String network, LabHost to) {
    JsonNode port = servers(cloud, network).getFirst();
    String networks = "/dhcp-networks";
    String from = "/v2.0/agents/" + dhcpAgent(cloud, port.get("binding:host_id").asString());
    cloud.api().send("DELETE", from + networks + "/" + network, Map.of());
    JsonNode left = servers(cloud, network).getFirst();
    assertThat(left.get("device_id").asString()).isEqualTo("reserved_dhcp_port");
    assertThat(left.get("binding:host_id").asString()).isEmpty();
    cloud
        .api()
        .send(
            "POST",
            "/v2.0/agents/" + dhcpAgent(cloud, to.name()) + networks,
            Map.of("network_id", network));
    Eventually.within(
        LIMIT,
        to + " serves",
        () -> servers(cloud, network),
        now ->
            now.size() == 1
                && now.getFirst().get("id").equals(port.get("id"))
                && now.getFirst().get("binding:host_id").asString().equals(to.name()));
    cloud.awaitStatus("port", port.get("id").asString(), "ACTIVE");
    assertThat(cloud.difference(to)).contains("no difference");
  }

  private static String dhcpAgent(Cloud cloud, String host) {
    return cloud
        .api()
        .list("agent", Map.of("host", host, "agent_type", "DHCP agent"))
        .getFirst()
        .get("id")
        .asString();
  }

  private static String hostOf(Cloud cloud, String router) {
    return Eventually.within(
        LIMIT,
        "the router has a host",
        () ->
            cloud
                .api()
                .list("port", Map.of("device_id", router))
                .getFirst()
                .get("binding:host_id")
                .asString(),
        host -> !host.isEmpty());
  }
}
