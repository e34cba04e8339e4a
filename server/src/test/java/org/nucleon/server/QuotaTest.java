package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** How many resources projects may have, and that nobody gets more. */
final class QuotaTest {

  private static final int CLIENTS = 16;

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder, "quotas", "quota_router", "3");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String[] member(String project) {
    return new String[] {"X-Project-Id", project, "X-Roles", "member"};
  }

  private static void limit(String project, String type, int limit) {
    Reply reply = server.put("/quotas/" + project, Map.of("quota", Map.of(type, limit)));
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.at("quota", type)).isEqualTo(limit);
  }

  private static long used(String project, String type) {
    return (int) server.get("/quotas/" + project + "/details").at("quota", type, "used");
  }

  @Test
  void defaultsAreTheConfiguredOnes() {
    assertThat(server.get("/quotas/anyone").at("quota", "router")).isEqualTo(3);
    assertThat(server.get("/quotas/anyone").at("quota", "port")).isEqualTo(500);
    assertThat(server.get("/quotas/anyone/default").at("quota", "network")).isEqualTo(100);
  }

  /** Whatever the mix of single and bulk requests, the last free place is given once. */
  @Test
  void neverExceeded() throws Exception {
    String shared = server.create("/networks", "network", Map.of("shared", true));
    server.subnet(shared, "10.20.0.0/16");
    limit("busy", "port", 20);
    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Reply>> waiting = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Map<String, Object> port = Map.of("network_id", shared);
        Object body =
            i % 5 == 0 ? Map.of("ports", List.of(port, port, port)) : Map.of("port", port);
        waiting.add(threads.submit(() -> server.post("/ports", body, member("busy"))));
      }
      for (Future<Reply> reply : waiting) {
        replies.add(reply.get());
      }
    }
    assertThat(replies)
        .allSatisfy(reply -> {
          assertThat(reply.status()).isIn(201, 409);
          if (reply.status() == 409) {
            assertThat(reply.type()).isEqualTo("OverQuota");
            assertThat(reply.message()).isEqualTo("Quota exceeded for resources: ['port'].");
          }
        });
    assertThat(used("busy", "port")).isBetween(18L, 20L); // three in bulk may find two places
    assertThat((List<?>) server.get("/ports", member("busy")).at("ports"))
        .hasSize((int) used("busy", "port"));
  }

  @Test
  void whatIsRemovedMakesRoom() {
    limit("small", "network", 1);
    String network = server.create("/networks", "network", Map.of("name", "a"), member("small"));
    Object another = Map.of("network", Map.of("name", "b"));
    assertThat(server.post("/networks", another, member("small")).type()).isEqualTo("OverQuota");
    server.delete("/networks/" + network, member("small"));
    assertThat(server.post("/networks", another, member("small")).status()).isEqualTo(201);
    limit("small", "network", 0);
    assertThat(used("small", "network")).as("a lower limit removes nothing").isEqualTo(1);
    limit("small", "network", -1);
    assertThat(server.post("/networks", another, member("small")).status()).isEqualTo(201);
  }

  @Test
  void aLimitBelowUseIsRefusedIfAskedTo() {
    server.create("/networks", "network", Map.of("name", "a"), member("checked"));
    Object below = Map.of("quota", Map.of("network", 0, "check_limit", true));
    Reply refused = server.put("/quotas/checked", below);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains("Quota limit 0 for network", "already used 1");
  }

  @Test
  void projectsSeeTheirOwnOnly() {
    assertThat(server.get("/quotas/me", member("me")).status()).isEqualTo(200);
    assertThat(server.get("/quotas/project", member("me")).at("project", "project_id"))
        .isEqualTo("me");
    assertThat(server.get("/quotas/tenant", member("me")).at("tenant", "tenant_id"))
        .isEqualTo("me");
    assertThat(server.get("/quotas/me/details", member("me")).status()).isEqualTo(200);
    assertThat(server.get("/quotas/you", member("me")).status()).isEqualTo(403);
    assertThat(server.get("/quotas/you/details", member("me")).status()).isEqualTo(403);
    assertThat(server.get("/quotas", member("me")).status()).isEqualTo(403);
    Object more = Map.of("quota", Map.of("port", 1_000));
    assertThat(server.put("/quotas/me", more, member("me")).status()).isEqualTo(403);
    assertThat(server.delete("/quotas/me", member("me")).status()).isEqualTo(403);
  }

  @Test
  void resetToTheDefaults() {
    limit("reset", "router", 7);
    assertThat(server.get("/quotas").at("quotas").toString()).contains("reset");
    assertThat(server.delete("/quotas/reset").status()).isEqualTo(204);
    assertThat(server.get("/quotas/reset").at("quota", "router")).isEqualTo(3);
    assertThat(server.delete("/quotas/reset").type()).isEqualTo("TenantQuotaNotFound");
  }

  @Test
  void badLimitsAreNamed() {
    for (Object wrong : List.of(-2, "many", 1.5, List.of(), 2_147_483_648L)) {
      Reply reply = server.put("/quotas/p", Map.of("quota", Map.of("port", wrong)));
      assertThat(reply.status()).as("%s %s", wrong, reply).isEqualTo(400);
      assertThat(reply.message()).contains("port");
    }
    for (Object body :
        List.of(Map.of(), Map.of("quota", 1), List.of(), Map.of("quota", Map.of("ports", 1)))) {
      assertThat(server.put("/quotas/p", body).status()).as("%s", body).isEqualTo(400);
    }
    assertThat(server.send("PUT", "/v2.0/quotas/p", "{").status()).isEqualTo(400);
    assertThat(server.post("/quotas", Map.of("quota", Map.of())).status()).isEqualTo(405);
    assertThat(server.get("/quotas/p/nothing").status()).isEqualTo(404);
    assertThat(server.get("/quotas/" + "p".repeat(256)).status()).isEqualTo(400);
  }
}
