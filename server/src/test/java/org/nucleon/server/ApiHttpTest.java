package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.LiveServer.column;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.server.LiveServer.Reply;

/** What the API owes to HTTP, and to whoever may use it. */
final class ApiHttpTest {

  private static final String[] ALICE = {"X-Project-Id", "alice", "X-Roles", "member"};
  private static final String[] BOB = {"X-Project-Id", "bob", "X-Roles", "member"};

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

  /** A request byte by byte, as no client library lets one write it; the answer's first line. */
  private static String raw(String request) throws IOException {
    URI base = URI.create(server.base());
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.lines().findFirst().orElse("nothing");
    }
  }

  @Test
  void answersToItsLoopbackNamesOnly() throws IOException {
    for (String host : List.of("127.0.0.1:9696", "localhost", "[::1]:80")) {
      assertThat(
              raw("GET /v2.0/networks HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .contains("200");
    }
    for (String host : List.of("evil.example", "127.0.0.1.evil.example", "10.0.0.1")) {
      assertThat(
              raw("GET /v2.0/networks HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .contains("403");
    }
    for (String host : List.of("a b", "", "_x", "[")) {
      assertThat(
              raw("GET /v2.0/networks HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .matches("HTTP/1.1 4\\d\\d.*");
    }
    assertThat(raw("GET /v2.0/networks HTTP/1.1\r\nConnection: close\r\n\r\n")).contains("400");
  }

  @Test
  void takesJsonOnly() {
    String body = "{\"network\":{\"name\":\"form\"}}";
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      assertThat(server.send("POST", "/v2.0/networks", body, "Content-Type", type).status())
          .isEqualTo(415);
    }
    assertThat(column(server.get("/networks?name=form"), "networks", "id")).isEmpty();
  }

  @Test
  void refusesHugeBodiesHeadersAndNesting() throws IOException {
    String huge = "{\"network\":{\"name\":\"" + "x".repeat(2_000_000) + "\"}}";
    assertThat(server.send("POST", "/v2.0/networks", huge).status()).isEqualTo(413);
    String deep = "{\"network\":{\"name\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}}";
    assertThat(server.send("POST", "/v2.0/networks", deep).status()).isEqualTo(400);
    String header = "X: " + "y".repeat(100_000);
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n")).contains("431");
  }

  @Test
  void namesEveryAnswerDifferently() {
    Reply one = server.get("/networks");
    Reply two = server.get("/nothing");
    assertThat(one.headers().get("x-openstack-request-id").getFirst())
        .matches("req-[0-9a-f-]{36}")
        .isNotEqualTo(two.headers().get("x-openstack-request-id").getFirst());
  }

  @Test
  void changesOnlyTheRevisionThatTheClientKnows() {
    String id = server.network("revised");
    String path = "/networks/" + id;
    int revision = (Integer) server.get(path).at("network", "revision_number");
    Object change = Map.of("network", Map.of("description", "x"));
    Reply stale = server.put(path, change, "If-Match", "revision_number=" + (revision + 7));
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.type()).isEqualTo("RevisionNumberConstraintFailed");
    assertThat(server.put(path, change, "If-Match", "revision_number=" + revision).status())
        .isEqualTo(200);
    assertThat(server.delete(path, "If-Match", "revision_number=" + revision).status())
        .isEqualTo(412);
    assertThat(server.delete(path, "If-Match", "revision_number=" + (revision + 1)).status())
        .isEqualTo(204);
  }

  @Test
  void describesItself() {
    assertThat(server.send("GET", "/", "").at("versions", 0, "id")).isEqualTo("v2.0");
    assertThat(column(server.get("/"), "resources", "collection"))
        .contains("networks", "subnets", "ports", "security_groups", "routers", "floatingips");
    List<Object> aliases = column(server.get("/extensions"), "extensions", "alias");
    assertThat(aliases).contains("security-group", "router", "agent", "binding");
    for (Object alias : aliases) {
      assertThat(server.get("/extensions/" + alias).status()).isEqualTo(200);
    }
    assertThat(server.send("GET", "/healthcheck", "").status()).isEqualTo(200);
  }

  @Test
  void makesAllOfABulkOrNothing() {
    Object good = Map.of("networks", List.of(Map.of("name", "bulk"), Map.of("name", "bulk")));
    assertThat(server.post("/networks", good).status()).isEqualTo(201);
    assertThat(column(server.get("/networks?name=bulk"), "networks", "id")).hasSize(2);
    String network = server.network("bulk-ports");
    server.subnet(network, "10.0.0.0/29");
    List<Object> many = java.util.Collections.nCopies(6, Map.of("network_id", network));
    Reply full = server.post("/ports", Map.of("ports", many));
    assertThat(full.type()).isEqualTo("IpAddressGenerationFailure");
    assertThat(column(server.get("/ports?network_id=" + network), "ports", "id")).isEmpty();
    assertThat(server.post("/ports", Map.of("ports", many.subList(0, 5))).status()).isEqualTo(201);
  }

  @Test
  void keepsProjectsApart() {
    String mine = server.create("/networks", "network", Map.of("name", "mine"), ALICE);
    assertThat(server.get("/networks/" + mine, ALICE).at("network", "project_id"))
        .isEqualTo("alice");
    assertThat(server.get("/networks/" + mine, BOB).status()).isEqualTo(404);
    assertThat(server.delete("/networks/" + mine, BOB).status()).isEqualTo(404);
    assertThat(column(server.get("/networks", BOB), "networks", "id")).doesNotContain(mine);
    Object port = Map.of("port", Map.of("network_id", mine));
    assertThat(server.post("/ports", port, BOB).status()).isEqualTo(404);
    Object foreign = Map.of("network", Map.of("name", "x", "project_id", "alice"));
    assertThat(server.post("/networks", foreign, BOB).status()).isEqualTo(400);
    assertThat(server.get("/networks/" + mine).status()).as("administrator").isEqualTo(200);
  }

  @Test
  void sharedNetworksAreSeenAndUsedByAllButChangedByTheirOwner() {
    String shared = server.create("/networks", "network", Map.of("name", "shared", "shared", true));
    assertThat(server.get("/networks/" + shared, BOB).status()).isEqualTo(200);
    Object change = Map.of("network", Map.of("name", "taken over"));
    assertThat(server.put("/networks/" + shared, change, BOB).status()).isEqualTo(403);
    assertThat(server.delete("/networks/" + shared, BOB).status()).isEqualTo(403);
    String port = server.create("/ports", "port", Map.of("network_id", shared), BOB);
    assertThat(server.get("/ports/" + port, ALICE).status()).isEqualTo(404);
    for (Map<String, Object> attribute :
        List.<Map<String, Object>>of(
            Map.of("mac_address", "fa:16:3e:00:00:77"),
            Map.of("fixed_ips", List.of()),
            Map.of("fixed_ips", List.of(Map.of("ip_address", "10.1.2.3"))),
            Map.of("device_owner", "network:dhcp"),
            Map.of("device_owner", "network:router_interface"),
            Map.of("port_security_enabled", false),
            Map.of("allowed_address_pairs", List.of(Map.of("ip_address", "0.0.0.0/0"))))) {
      Reply refused = server.put("/ports/" + port, Map.of("port", attribute), BOB);
      assertThat(refused.status()).as("%s %s", attribute, refused).isEqualTo(403);
      if (attribute.equals(Map.of("fixed_ips", List.of()))) {
        continue; // on create the subnet may be chosen, the address not
      }
      Map<String, Object> made = new java.util.HashMap<>(attribute);
      made.put("network_id", shared);
      assertThat(server.post("/ports", Map.of("port", made), BOB).status())
          .as("%s", attribute)
          .isEqualTo(403);
    }
  }

  /** OSSA-2014-031: who may not set it may not take it back to the default either. */
  @Test
  void administratorsAttributesAreRefusedWhateverTheirValue() {
    String mine = server.create("/networks", "network", Map.of("name", "d"), ALICE);
    for (String attribute : List.of("shared", "router:external")) {
      Object body = Map.of("network", Map.of(attribute, false));
      assertThat(server.put("/networks/" + mine, body, ALICE).status()).isEqualTo(403);
      assertThat(server.post("/networks", body, ALICE).status()).as("sets nothing").isEqualTo(201);
      Object asked = Map.of("network", Map.of(attribute, true));
      assertThat(server.post("/networks", asked, ALICE).status()).isEqualTo(403);
    }
    for (String provider : List.of("provider:network_type", "provider:physical_network")) {
      Map<String, Object> none = new java.util.HashMap<>();
      none.put(provider, null);
      assertThat(server.post("/networks", Map.of("network", none), ALICE).status())
          .isBetween(400, 403);
      Map<?, ?> shown = (Map<?, ?>) server.get("/networks/" + mine, ALICE).at("network");
      assertThat(shown.containsKey(provider)).isFalse();
    }
    assertThat(server.get("/agents", ALICE).at("agents")).isEqualTo(List.of());
  }

  /**
   * CVE-2022-3277: reading makes nothing for projects that are not the caller's own, least of all
   * for those that nobody knows; see SecurityGroupTest for the one thing that it makes.
   */
  @Test
  void readingNeverWritesForOthers() {
    server.get("/security-groups", "X-Project-Id", "reader", "X-Roles", "member");
    server.get("/security-groups");
    long before = server.server().engine().picture().number();
    for (String path :
        List.of("/networks", "/security-groups", "/security-groups?project_id=ghost", "/ports")) {
      assertThat(server.get(path, "X-Project-Id", "reader", "X-Roles", "member").status())
          .isEqualTo(200);
      assertThat(server.get(path).status()).isEqualTo(200);
    }
    assertThat(server.server().engine().picture().number()).isEqualTo(before);
  }

  /** OSSA-2014-025. */
  @Test
  void listsInBodiesAreBounded() {
    String network = server.network("lists");
    List<Object> pairs = new java.util.ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      pairs.add(Map.of("ip_address", "10." + i / 250 + "." + i % 250 + ".1"));
    }
    Reply reply =
        server.post(
            "/ports",
            Map.of("port", Map.of("network_id", network, "allowed_address_pairs", pairs)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(server.get("/ports?" + "id=x&".repeat(2_500)).status()).isEqualTo(400);
  }

  /** OSSA-2021-006: what is not there leaves nothing behind. */
  @Test
  void unknownPathsTakeNoMemory() {
    unknownPaths(2_000);
    long before = used();
    unknownPaths(20_000);
    assertThat(used() - before).as("bytes").isLessThan(4 << 20);
  }

  private static void unknownPaths(int many) {
    for (int i = 0; i < many; i++) {
      String name = "x".repeat(100) + i;
      String path = i % 2 == 0 ? "/" + name : "/networks/" + name;
      assertThat(server.get(path + "?fields=" + name).status()).isEqualTo(404);
    }
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** A refusal reaches who is still sending a body, whatever the path. */
  @Test
  void largeBodiesToStrangePathsAreAnswered() {
    String body = Json.text(Map.of("subnet", Map.of("name", "x".repeat(500_000))));
    for (int i = 0; i < 50; i++) {
      for (String path : List.of("/v2.0/subnets/%2F..%2F%25eth0", "/%0D%0Ax", "/v2.0/ports?%ff")) {
        assertThat(server.send("PUT", path, body).status()).isIn(400, 404, 405);
      }
    }
  }
}
