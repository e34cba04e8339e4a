package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Each rule that depends on what others do meanwhile, against its counterpart, 16 at a time. */
final class ContentionTest {

  static final int CLIENTS = 16;
  static final int ROUNDS = 5;
  private static final String[] OTHER = {"X-Project-Id", "other", "X-Roles", "member"};

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            folder,
            "quotas",
            "quota_network",
            "-1",
            "quotas",
            "quota_subnet",
            "-1",
            "quotas",
            "quota_rbac_policy",
            "-1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Sends all at once; none may be answered with a server's fault. */
  static List<Reply> together(IntFunction<Callable<Reply>> requests) throws Exception {
    List<Reply> replies = new ArrayList<>();
    CountDownLatch ready = new CountDownLatch(CLIENTS);
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Reply>> waiting = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Callable<Reply> request = requests.apply(i);
        waiting.add(
            threads.submit(() -> {
              ready.countDown();
              ready.await();
              return request.call();
            }));
      }
      for (Future<Reply> reply : waiting) {
        replies.add(reply.get());
      }
    }
    assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isLessThan(500));
    return replies;
  }

  static long succeeded(List<Reply> replies) {
    return replies.stream().filter(reply -> reply.status() < 300).count();
  }

  private static Callable<Reply> createPort(String network, String... headers) {
    return () -> server.post("/ports", Map.of("port", Map.of("network_id", network)), headers);
  }

  private static List<Object> portsOn(String network) {
    return LiveServer.column(server.get("/ports?network_id=" + network), "ports", "id");
  }

  @Test
  void networkRemovedAgainstPortsCreated() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String network = server.network("n" + round);
      together(i -> i % 2 == 0 ? createPort(network) : () -> server.delete("/networks/" + network));
      boolean there = server.get("/networks/" + network).status() == 200;
      assertThat(portsOn(network).isEmpty()).isEqualTo(!there);
    }
  }

  @Test
  void subnetRemovedAgainstPortsCreated() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String network = server.network("s" + round);
      String subnet = server.subnet(network, "10.0.0.0/24");
      together(i -> i % 2 == 0 ? createPort(network) : () -> server.delete("/subnets/" + subnet));
      boolean there = server.get("/subnets/" + subnet).status() == 200;
      List<Object> addressed =
          LiveServer.column(server.get("/ports?fixed_ips=subnet_id%3D" + subnet), "ports", "id");
      assertThat(addressed.isEmpty() || there).isTrue();
    }
  }

  @Test
  void overlappingSubnets() throws Exception {
    String network = server.network("o");
    List<Reply> replies =
        together(i ->
            () ->
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
                            "10.0.0.0/" + (16 + i % 8)))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }

  private static Reply rule(String group, int port) {
    return server.post(
        "/security-group-rules",
        Map.of(
            "security_group_rule",
            Map.of(
                "security_group_id",
                group,
                "direction",
                "ingress",
                "protocol",
                "tcp",
                "port_range_min",
                port,
                "port_range_max",
                port)));
  }

  @Test
  void rulesOfOneGroupAreMadeTogetherAndEachIsARevisionOfIt() throws Exception {
    String group = server.create("/security-groups", "security_group", Map.of("name", "many"));
    for (int round = 0; round < ROUNDS; round++) {
      int first = 1 + CLIENTS * round;
      assertThat(succeeded(together(i -> () -> rule(group, first + i)))).isEqualTo(CLIENTS);
    }
    assertThat(server.get("/security-groups/" + group).at("security_group", "revision_number"))
        .isEqualTo(1 + CLIENTS * ROUNDS);
  }

  private static String pool(String prefix, Map<String, ?> more) {
    Map<String, Object> values =
        new HashMap<>(Map.of("name", "p", "prefixes", List.of(prefix), "default_prefixlen", 26));
    values.putAll(more);
    return server.create("/subnetpools", "subnetpool", values);
  }

  private static Callable<Reply> subnetFrom(String pool, String network) {
    return () ->
        server.post(
            "/subnets",
            Map.of(
                "subnet", Map.of("network_id", network, "ip_version", 4, "subnetpool_id", pool)));
  }

  private static List<Object> blocksOf(String pool) {
    return LiveServer.column(server.get("/subnets?subnetpool_id=" + pool), "subnets", "cidr");
  }

  @Test
  void aSubnetPoolIsGivenOutToTheLastBlockWithoutOverlap() throws Exception {
    String pool = pool("10.30.0.0/23", Map.of()); // eight blocks for sixteen clients
    List<String> networks = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      networks.add(server.network("pool" + i));
    }
    List<Reply> replies = together(i -> subnetFrom(pool, networks.get(i)));
    assertThat(succeeded(replies)).isEqualTo(8);
    assertThat(replies.stream().filter(r -> r.status() != 201).map(Reply::type))
        .containsOnly("SubnetAllocationError");
    assertThat(blocksOf(pool)).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void aSubnetPoolsQuotaIsKept() throws Exception {
    String pool = pool("10.31.0.0/16", Map.of("default_quota", 64 * 5));
    List<String> networks = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      networks.add(server.network("quota" + i));
    }
    assertThat(succeeded(together(i -> subnetFrom(pool, networks.get(i))))).isEqualTo(5);
  }

  @Test
  void prefixesRemovedAgainstSubnetsMade() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String pool = pool("10.32.0.0/24", Map.of());
      server.put(
          "/subnetpools/" + pool + "/add_prefixes", Map.of("prefixes", List.of("10.33.0.0/24")));
      Object gone = Map.of("prefixes", List.of("10.32.0.0/24"));
      List<String> networks = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        networks.add(server.network("gone" + i));
      }
      together(i ->
          i % 2 == 0
              ? subnetFrom(pool, networks.get(i))
              : () -> server.put("/subnetpools/" + pool + "/remove_prefixes", gone));
      boolean there =
          server
              .get("/subnetpools/" + pool)
              .at("subnetpool", "prefixes")
              .toString()
              .contains(".32.");
      assertThat(blocksOf(pool).stream().anyMatch(block -> block.toString().contains(".32.")))
          .isEqualTo(there);
    }
  }

  @Test
  void poolsOfOneScopeDoNotOverlap() throws Exception {
    String scope = server.create("/address-scopes", "address_scope", Map.of("ip_version", 4));
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/subnetpools",
                    Map.of(
                        "subnetpool",
                        Map.of(
                            "name",
                            "s",
                            "prefixes",
                            List.of("10.34.0.0/" + (16 + i % 8)),
                            "address_scope_id",
                            scope))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }

  @Test
  void oneDefaultSubnetPool() throws Exception {
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/subnetpools",
                    Map.of(
                        "subnetpool",
                        Map.of(
                            "name",
                            "d",
                            "prefixes",
                            List.of("10.35.0.0/16"),
                            "is_default",
                            true))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }

  @Test
  void accessTakenAwayAgainstItsUse() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String network = server.network("rbac" + round);
      Map<String, Object> values =
          Map.of(
              "object_type",
              "network",
              "object_id",
              network,
              "action",
              "access_as_shared",
              "target_tenant",
              "other");
      String policy = server.create("/rbac-policies", "rbac_policy", values);
      together(i ->
          i % 2 == 0
              ? createPort(network, OTHER)
              : () -> server.delete("/rbac-policies/" + policy));
      boolean there = server.get("/rbac-policies/" + policy).status() == 200;
      assertThat(portsOn(network).isEmpty()).isEqualTo(!there);
    }
  }

  @Test
  void unsharedAgainstPortsOfOthers() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String network =
          server.create("/networks", "network", Map.of("name", "shared", "shared", true));
      together(i ->
          i % 2 == 0
              ? createPort(network, OTHER)
              : () ->
                  server.put("/networks/" + network, Map.of("network", Map.of("shared", false))));
      boolean shared = (boolean) server.get("/networks/" + network).at("network", "shared");
      assertThat(shared || portsOn(network).isEmpty()).isTrue();
    }
  }

  @Test
  void aChosenAddressIsGivenOnce() throws Exception {
    String network = server.network("a");
    server.subnet(network, "10.0.0.0/24");
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/ports",
                    Map.of(
                        "port",
                        Map.of(
                            "network_id",
                            network,
                            "fixed_ips",
                            List.of(Map.of("ip_address", "10.0.0.77"))))));
    assertThat(succeeded(replies)).isEqualTo(1);
    assertThat(replies.stream().filter(r -> r.status() == 409).map(Reply::type))
        .hasSize(CLIENTS - 1)
        .containsOnly("IpAddressInUse");
  }

  @Test
  void aPoolIsGivenOutToTheLastAddress() throws Exception {
    String network = server.network("p");
    server.subnet(network, "10.0.0.0/28"); // 16 less network, broadcast and gateway
    List<Reply> replies = together(i -> createPort(network));
    assertThat(succeeded(replies)).isEqualTo(13);
    assertThat(replies.stream().filter(r -> r.status() != 201).map(Reply::type))
        .containsOnly("IpAddressGenerationFailure");
  }

  @Test
  void aProjectHasOneDefaultGroup() throws Exception {
    String[] headers = {"X-Project-Id", "fresh", "X-Roles", "member"};
    String network = server.create("/networks", "network", Map.of("name", "d", "shared", true));
    server.subnet(network, "10.0.0.0/24");
    assertThat(succeeded(together(i -> createPort(network, headers)))).isEqualTo(CLIENTS);
    assertThat(
            LiveServer.column(server.get("/security-groups", headers), "security_groups", "name"))
        .isEqualTo(List.of("default"));
  }

  @Test
  void sameRuleTwice() throws Exception {
    String group = server.create("/security-groups", "security_group", Map.of("name", "r"));
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/security-group-rules",
                    Map.of(
                        "security_group_rule",
                        Map.of(
                            "security_group_id",
                            group,
                            "direction",
                            "ingress",
                            "protocol",
                            "tcp"))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }

  @Test
  void groupRemovedAgainstPortsInIt() throws Exception {
    String network = server.network("g");
    for (int round = 0; round < ROUNDS; round++) {
      String group = server.create("/security-groups", "security_group", Map.of("name", "g"));
      together(i ->
          i % 2 == 0
              ? () ->
                  server.post(
                      "/ports",
                      Map.of(
                          "port", Map.of("network_id", network, "security_groups", List.of(group))))
              : () -> server.delete("/security-groups/" + group));
      boolean there = server.get("/security-groups/" + group).status() == 200;
      List<Object> members =
          LiveServer.column(server.get("/ports?security_groups=" + group), "ports", "id");
      assertThat(members.isEmpty()).isEqualTo(!there);
    }
  }

  @Test
  void overlappingRouterInterfaces() throws Exception {
    String router = server.create("/routers", "router", Map.of("name", "o"));
    List<String> subnets = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      subnets.add(server.subnet(server.network("i" + i), "10.9.0.0/24"));
    }
    List<Reply> replies =
        together(i ->
            () ->
                server.put(
                    "/routers/" + router + "/add_router_interface",
                    Map.of("subnet_id", subnets.get(i))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }

  @Test
  void gatewayClearedAgainstFloatingIps() throws Exception {
    String external =
        server.create("/networks", "network", Map.of("name", "x", "router:external", true));
    server.subnet(external, "203.0.113.0/24");
    String network = server.network("f");
    String subnet = server.subnet(network, "10.8.0.0/24");
    String router =
        server.create(
            "/routers", "router", Map.of("external_gateway_info", Map.of("network_id", external)));
    server.put("/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet));
    String port = server.port(network);
    for (int round = 0; round < ROUNDS; round++) {
      together(i ->
          switch (i % 3) {
            case 0 ->
                () ->
                    server.post(
                        "/floatingips",
                        Map.of(
                            "floatingip",
                            Map.of("floating_network_id", external, "port_id", port)));
            case 1 ->
                () ->
                    server.put(
                        "/routers/" + router,
                        Map.of("router", Map.of("external_gateway_info", Map.of())));
            default ->
                () ->
                    server.put(
                        "/routers/" + router,
                        Map.of(
                            "router",
                            Map.of("external_gateway_info", Map.of("network_id", external))));
          });
      boolean hasGateway =
          server.get("/routers/" + router).at("router", "external_gateway_info") != null;
      List<Object> translating =
          LiveServer.column(server.get("/floatingips?router_id=" + router), "floatingips", "id");
      assertThat(translating).hasSizeLessThanOrEqualTo(1);
      assertThat(translating.isEmpty() || hasGateway).isTrue();
      for (Object floating : translating) {
        server.delete("/floatingips/" + floating);
      }
    }
  }

  @Test
  void routerRemovedAgainstInterfacesAdded() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String router = server.create("/routers", "router", Map.of("name", "d"));
      String subnet = server.subnet(server.network("d" + round), "10.7.0.0/24");
      together(i ->
          i % 2 == 0
              ? () ->
                  server.put(
                      "/routers/" + router + "/add_router_interface", Map.of("subnet_id", subnet))
              : () -> server.delete("/routers/" + router));
      boolean there = server.get("/routers/" + router).status() == 200;
      List<Object> interfaces =
          LiveServer.column(server.get("/ports?device_id=" + router), "ports", "id");
      assertThat(interfaces.isEmpty()).isEqualTo(!there);
    }
  }
}
