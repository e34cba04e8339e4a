package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.server.LiveServer.Reply;
import org.nucleon.server.watch.HostStream;

/** Agents as administrators see them, and what is placed on them and taken away, how and when. */
final class AgentSchedulerTest {

  private static final String[] ADA = {"X-Project-Id", "ada", "X-Roles", "member"};
  private static final String NOBODY = "00000000-0000-4000-8000-000000000000";
  private static final AgentDescription L3 =
      new AgentDescription("l3", "L3 agent", "neutron-l3-agent", "l3_agent", Map.of("a", "b"));
  private static final AgentDescription DHCP =
      new AgentDescription("dhcp", "DHCP agent", "neutron-dhcp-agent", "dhcp_agent", Map.of());

  @TempDir Path folder;
  private LiveServer server;
  private final Map<String, HostStream> hosts = new LinkedHashMap<>();

  @BeforeEach
  void start() {
    server =
        LiveServer.start(
            folder,
            "DEFAULT",
            "agent_down_time",
            "1",
            "DEFAULT",
            "dhcp_agents_per_network",
            "2",
            "ml2",
            "mechanism_drivers",
            "everywhere");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void connect(String... names) {
    for (String name : names) {
      hosts.put(name, server.server().agents().connect(name, List.of(L3, DHCP), Map.of()));
    }
  }

  private void lose(String name) {
    server.server().agents().disconnect(hosts.remove(name));
  }

  /** Waits until it is so. */
  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private String agent(String host, String type) {
    String query = "/agents?host=" + host + "&agent_type=" + type.replace(" ", "%20");
    return (String) server.get(query).at("agents", 0, "id");
  }

  private String l3(String host) {
    return agent(host, "L3 agent");
  }

  private String dhcp(String host) {
    return agent(host, "DHCP agent");
  }

  private List<Object> routerHosts(String router) {
    return LiveServer.column(server.get("/routers/" + router + "/l3-agents"), "agents", "host");
  }

  private List<Object> dhcpHosts(String network) {
    return LiveServer.column(server.get("/networks/" + network + "/dhcp-agents"), "agents", "host");
  }

  private Map<Object, Object> dhcpPorts(String network) {
    Map<Object, Object> addresses = new HashMap<>();
    Reply ports = server.get("/ports?device_owner=network:dhcp&network_id=" + network);
    for (Object port : (List<?>) ports.at("ports")) {
      Map<?, ?> of = (Map<?, ?>) port;
      addresses.put(
          of.get("binding:host_id"),
          ((Map<?, ?>) ((List<?>) of.get("fixed_ips")).getFirst()).get("ip_address"));
    }
    return addresses;
  }

  private String router() {
    return server.create("/routers", "router", Map.of("name", "r"));
  }

  private String network() {
    String network = server.network("n");
    server.subnet(network, "10.0.0.0/24");
    return network;
  }

  private void switched(String agent, boolean up) {
    Reply reply = server.put("/agents/" + agent, Map.of("agent", Map.of("admin_state_up", up)));
    assertThat(reply.at("agent", "admin_state_up")).isEqualTo(up);
  }

  private static void refused(Reply reply, String error, String says) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(error);
    assertThat(reply.message()).contains(says);
  }

  @Test
  void agentsAreShownAsToolsExpectThem() {
    connect("h1");
    String id = l3("h1");
    Reply shown = server.get("/agents/" + id);
    assertThat(shown.at("agent", "binary")).isEqualTo("neutron-l3-agent");
    assertThat(shown.at("agent", "alive")).isEqualTo(true);
    assertThat(shown.at("agent", "resources_synced")).isEqualTo(true);
    assertThat(shown.at("agent", "configurations", "a")).isEqualTo("b");
    for (String time : List.of("heartbeat_timestamp", "created_at", "started_at")) {
      assertThat((String) shown.at("agent", time))
          .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    }
    Map<String, Object> none = new HashMap<>();
    none.put("description", null);
    assertThat(server.put("/agents/" + id, Map.of("agent", none)).at("agent", "description"))
        .isEqualTo("");
    refused(server.post("/agents", Map.of("agent", Map.of())), "400 BadRequest", "connecting");
    refused(server.delete("/agents/" + id), "409 AgentInUse", id);
    refused(server.get("/agents/" + NOBODY), "404 AgentNotFound", NOBODY);
    lose("h1");
    Reply lost = server.get("/agents?alive=false&host=h1");
    assertThat((List<?>) lost.at("agents")).hasSize(2);
    assertThat(lost.at("agents", 0, "resources_synced")).isNull();
    assertThat(server.delete("/agents/" + id).status()).isEqualTo(204);
    assertThat(server.get("/agents/" + id, ADA).status()).isEqualTo(404);
    assertThat(LiveServer.column(server.get("/extensions"), "extensions", "alias"))
        .contains("agent", "agent-resources-synced", "l3_agent_scheduler", "dhcp_agent_scheduler")
        .doesNotContain("lbaas_agent_scheduler");
  }

  @Test
  void routersArePlacedAndMovedByHand() {
    connect("h1", "h2");
    String router = router();
    await("placed", () -> routerHosts(router).size() == 1);
    String host = (String) routerHosts(router).getFirst();
    String other = host.equals("h1") ? "h2" : "h1";
    Reply of = server.get("/agents/" + l3(host) + "/l3-routers");
    assertThat(LiveServer.column(of, "routers", "id")).containsExactly(router);
    assertThat(server.get("/agents/" + l3(other) + "/l3-routers").at("routers"))
        .isEqualTo(List.of());
    assertThat(server.get("/agents/" + dhcp(host) + "/l3-routers").at("routers"))
        .isEqualTo(List.of());
    Map<String, Object> body = Map.of("router_id", router);
    refused(
        server.post("/agents/" + l3(other) + "/l3-routers", body),
        "409 RouterHostedByL3Agent",
        l3(host));
    Reply again = server.post("/agents/" + l3(host) + "/l3-routers", body);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json()).isNull();
    refused(
        server.delete("/agents/" + l3(other) + "/l3-routers/" + router),
        "409 RouterNotHostedByL3Agent",
        router);
    assertThat(server.delete("/agents/" + l3(host) + "/l3-routers/" + router).status())
        .isEqualTo(204);
    connect("h3"); // the scheduler looks at everything, and leaves what was taken away by hand
    String another = router();
    await("placed", () -> routerHosts(another).size() == 1);
    assertThat(routerHosts(router)).isEmpty();
    assertThat(server.post("/agents/" + l3(other) + "/l3-routers", body).status()).isEqualTo(201);
    assertThat(routerHosts(router)).containsExactly(other);
  }

  @Test
  void whatCannotBePlacedIsRefused() {
    connect("h1");
    String router = router();
    String network = network();
    await("placed", () -> !routerHosts(router).isEmpty() && !dhcpHosts(network).isEmpty());
    String routers = "/agents/" + l3("h1") + "/l3-routers";
    String networks = "/agents/" + dhcp("h1") + "/dhcp-networks";
    refused(server.post(routers, Map.of()), "400 HTTPBadRequest", "router_id");
    refused(server.post(routers, Map.of("router_id", NOBODY)), "404 RouterNotFound", NOBODY);
    refused(server.post(routers, Map.of("router_id", 7)), "404 RouterNotFound", "7");
    refused(server.delete(routers + "/" + NOBODY), "404 RouterNotFound", NOBODY);
    refused(server.delete(routers + "/x"), "404 RouterNotFound", "x");
    refused(server.post(networks, Map.of()), "400 HTTPBadRequest", "network_id");
    refused(server.post(networks, Map.of("network_id", NOBODY)), "404 NetworkNotFound", NOBODY);
    refused(
        server.post(networks, Map.of("network_id", network)),
        "409 NetworkHostedByDHCPAgent",
        network);
    refused(
        server.delete(networks + "/" + server.network("other")),
        "409 NetworkNotHostedByDhcpAgent",
        dhcp("h1"));
    refused(
        server.post("/agents/" + dhcp("h1") + "/l3-routers", Map.of("router_id", router)),
        "404 InvalidL3Agent",
        dhcp("h1"));
    refused(
        server.post("/agents/" + l3("h1") + "/dhcp-networks", Map.of("network_id", network)),
        "404 InvalidDHCPAgent",
        l3("h1"));
    switched(l3("h1"), false);
    switched(dhcp("h1"), false);
    refused(server.post(routers, Map.of("router_id", router)), "404 InvalidL3Agent", "disabled");
    refused(
        server.post(networks, Map.of("network_id", network)), "404 InvalidDHCPAgent", "disabled");
    refused(server.get("/agents/" + NOBODY + "/l3-routers"), "404 AgentNotFound", NOBODY);
    assertThat(server.put(routers, Map.of()).status()).isEqualTo(405);
    assertThat(server.post("/routers/" + router + "/l3-agents", Map.of()).status()).isEqualTo(405);
    assertThat(server.get(routers, ADA).status()).isEqualTo(404);
    String own = server.create("/routers", "router", Map.of("name", "a"), ADA);
    assertThat(server.get("/routers/" + own + "/l3-agents", ADA).status()).isEqualTo(403);
    assertThat(server.get("/routers/" + router + "/l3-agents", ADA).status()).isEqualTo(404);
  }

  @Test
  void networksAreServedByAsManyAgentsAsConfigured() {
    connect("h1");
    String network = network();
    await("one", () -> dhcpHosts(network).equals(List.of("h1")));
    connect("h2", "h3");
    await("two", () -> dhcpHosts(network).size() == 2);
    assertThat(dhcpPorts(network)).hasSize(2);
    Set<Object> serving = dhcpPorts(network).keySet();
    assertThat(serving).containsExactlyInAnyOrderElementsOf(dhcpHosts(network));
    String third = serving.contains("h2") ? "h3" : "h2";
    Map<String, Object> body = Map.of("network_id", network);
    assertThat(server.post("/agents/" + dhcp(third) + "/dhcp-networks", body).status())
        .isEqualTo(201);
    await("three", () -> dhcpPorts(network).size() == 3);
    assertThat(
            LiveServer.column(
                server.get("/agents/" + dhcp(third) + "/dhcp-networks"), "networks", "id"))
        .containsExactly(network);
    for (String host : List.of("h1", "h2", "h3")) {
      assertThat(server.delete("/agents/" + dhcp(host) + "/dhcp-networks/" + network).status())
          .isEqualTo(204);
    }
    assertThat(dhcpPorts(network).keySet()).as("kept for the next").containsOnly("");
    String another = network();
    await("placed", () -> dhcpHosts(another).size() == 2);
    assertThat(dhcpHosts(network)).as("taken away by hand").isEmpty();
  }

  @Test
  void whoIsSwitchedOffServesNothingAndGetsNothing() {
    connect("h1", "h2", "h3");
    String router = router();
    String network = network();
    await("placed", () -> routerHosts(router).size() == 1 && dhcpPorts(network).size() == 2);
    String host = (String) routerHosts(router).getFirst();
    switched(l3(host), false);
    await("moved", () -> routerHosts(router).size() == 1 && !routerHosts(router).contains(host));
    String more = router();
    await("placed", () -> routerHosts(more).size() == 1);
    assertThat(routerHosts(more)).doesNotContain(host);
    Map<Object, Object> before = dhcpPorts(network);
    String serving = (String) dhcpHosts(network).getFirst();
    switched(dhcp(serving), false);
    await(
        "moved", () -> dhcpPorts(network).size() == 2 && !dhcpPorts(network).containsKey(serving));
    assertThat(dhcpPorts(network).values())
        .as("guests find their name servers where they were")
        .containsExactlyInAnyOrderElementsOf(before.values());
    List.of("h1", "h2", "h3").forEach(h -> switched(l3(h), false));
    await("released", () -> routerHosts(router).isEmpty() && routerHosts(more).isEmpty());
    switched(l3("h2"), true);
    await(
        "placed again",
        () -> routerHosts(router).equals(List.of("h2")) && routerHosts(more).equals(List.of("h2")));
  }

  @Test
  void whatALostAgentServedIsGivenToAnother() {
    connect("h1", "h2", "h3", "h4");
    String external =
        server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    server.create(
        "/subnets",
        "subnet",
        Map.of(
            "network_id",
            external,
            "ip_version",
            4,
            "cidr",
            "203.0.113.0/24",
            "enable_dhcp",
            false));
    String network = network();
    Object subnet = server.get("/networks/" + network).at("network", "subnets", 0);
    String router =
        server.create(
            "/routers", "router", Map.of("external_gateway_info", Map.of("network_id", external)));
    server.put("/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet));
    String floating =
        server.create(
            "/floatingips",
            "floatingip",
            Map.of("floating_network_id", external, "port_id", server.port(network)));
    await("placed", () -> routerHosts(router).size() == 1 && dhcpPorts(network).size() == 2);
    String host = (String) routerHosts(router).getFirst();
    String agentBefore = l3(host);
    server
        .server()
        .agents()
        .report(
            host,
            List.of(
                new org.nucleon.server.watch.AgentService.Report(
                    "floatingip",
                    "status",
                    java.util.UUID.fromString(floating),
                    Map.of("status", "ACTIVE"))));
    assertThat(server.get("/floatingips/" + floating).at("floatingip", "status"))
        .isEqualTo("ACTIVE");
    lose(host);
    await("moved", () -> routerHosts(router).size() == 1 && !routerHosts(router).contains(host));
    await("moved", () -> dhcpPorts(network).size() == 2 && !dhcpPorts(network).containsKey(host));
    assertThat(server.get("/floatingips/" + floating).at("floatingip", "status"))
        .as("until the other host translates it")
        .isEqualTo("DOWN");
    Object now = routerHosts(router).getFirst();
    Reply busy = server.get("/agents/" + l3((String) now));
    assertThat(busy.at("agent", "configurations", "interfaces")).isEqualTo(1);
    assertThat(busy.at("agent", "configurations", "ex_gw_ports")).isEqualTo(1);
    Reply serving = server.get("/agents/" + dhcp((String) dhcpHosts(network).getFirst()));
    assertThat(serving.at("agent", "configurations", "networks")).isEqualTo(1);
    assertThat(serving.at("agent", "configurations", "ports"))
        .as("the router's, the guest's and the two servers'")
        .isEqualTo(4);
    assertThat(
            LiveServer.column(server.get("/ports?device_id=" + router), "ports", "binding:host_id"))
        .hasSize(2)
        .containsOnly(now);
    connect(host);
    assertThat(l3(host)).as("the same agent").isEqualTo(agentBefore);
    String third = router();
    await("placed", () -> routerHosts(third).size() == 1);
    assertThat(routerHosts(router)).as("and it stays where it is").containsExactly(now);
  }

  @Test
  void routersArePlacedInTheirZones() {
    for (String zone : List.of("z1", "z2")) {
      AgentDescription l3 =
          new AgentDescription(
              "l3", "L3 agent", "neutron-l3-agent", "t", Map.of("availability_zone", zone));
      hosts.put(zone, server.server().agents().connect("h" + zone, List.of(l3), Map.of()));
    }
    for (String zone : List.of("z2", "z1", "z2")) {
      String router =
          server.create("/routers", "router", Map.of("availability_zone_hints", List.of(zone)));
      await("placed", () -> routerHosts(router).equals(List.of("h" + zone)));
      Reply shown = server.get("/routers/" + router);
      assertThat(shown.at("router", "availability_zones")).isEqualTo(List.of(zone));
      assertThat(shown.at("router", "availability_zone_hints")).isEqualTo(List.of(zone));
    }
    refused(
        server.post("/routers", Map.of("router", Map.of("availability_zone_hints", List.of("z9")))),
        "404 AvailabilityZoneNotFound",
        "z9");
    assertThat(LiveServer.column(server.get("/extensions"), "extensions", "alias"))
        .contains("router_availability_zone");
  }

  @Test
  void networksAreServedInTheirZonesOneServerInEach() {
    for (String host : List.of("h11", "h12", "h21", "h31")) {
      AgentDescription dhcp =
          new AgentDescription(
              "dhcp",
              "DHCP agent",
              "neutron-dhcp-agent",
              "t",
              Map.of("availability_zone", "z" + host.charAt(1)));
      hosts.put(host, server.server().agents().connect(host, List.of(dhcp), Map.of()));
    }
    for (int i = 0; i < 4; i++) {
      String network =
          server.create(
              "/networks", "network", Map.of("availability_zone_hints", List.of("z1", "z2")));
      server.subnet(network, "10.0.0.0/24");
      await("placed", () -> dhcpHosts(network).size() == 2);
      assertThat(dhcpHosts(network)).contains("h21").doesNotContain("h31");
      assertThat(server.get("/networks/" + network).at("network", "availability_zones"))
          .isEqualTo(List.of("z1", "z2"));
    }
    String anywhere = network();
    await("placed", () -> dhcpHosts(anywhere).size() == 2);
    assertThat(dhcpHosts(anywhere)).as("the least busy one").contains("h31");
  }

  @Test
  void removedAgentLosesWhatItServed() {
    connect("h1");
    String router = router();
    await("placed", () -> routerHosts(router).equals(List.of("h1")));
    lose("h1");
    assertThat(server.delete("/agents/" + l3("h1")).status()).isEqualTo(204);
    await("released", () -> routerHosts(router).isEmpty());
    connect("h2");
    await("placed", () -> routerHosts(router).equals(List.of("h2")));
  }
}
