package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.server.ContentionTest.CLIENTS;
import static org.nucleon.server.ContentionTest.ROUNDS;
import static org.nucleon.server.ContentionTest.succeeded;
import static org.nucleon.server.ContentionTest.together;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** What QoS policies and bindings promise holds whoever asks at the same time. */
final class QosContentionTest {

  private static final String[] OTHER = {"X-Project-Id", "q", "X-Roles", "member"};

  @TempDir static Path folder;
  static LiveServer server;

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            folder,
            "ml2",
            "mechanism_drivers",
            "everywhere",
            "quotas",
            "quota_network",
            "-1",
            "quotas",
            "quota_port",
            "-1",
            "quotas",
            "quota_rbac_policy",
            "-1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String policy(Map<String, ?> values) {
    return server.create("/qos/policies", "policy", values);
  }

  @Test
  void onePolicyHasOneRuleInADirection() throws Exception {
    String policy = policy(Map.of("name", "q"));
    String rules = "/qos/policies/" + policy + "/bandwidth_limit_rules";
    List<Reply> replies =
        together(i ->
            () -> server.post(rules, Map.of("bandwidth_limit_rule", Map.of("max_kbps", 1 + i))));
    assertThat(succeeded(replies)).isEqualTo(1);
    assertThat((List<?>) server.get(rules).at("bandwidth_limit_rules")).hasSize(1);
  }

  @Test
  void policyRemovedAgainstRulesMade() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String policy = "/qos/policies/" + policy(Map.of("name", "q"));
      List<Reply> replies =
          together(i ->
              i % 2 == 0
                  ? () -> server.delete(policy)
                  : () ->
                      server.post(
                          policy + "/dscp_marking_rules",
                          Map.of("dscp_marking_rule", Map.of("dscp_mark", 8))));
      assertThat(server.get(policy).status()).isEqualTo(404);
      for (Reply reply : replies) {
        if (reply.status() == 201) {
          String alias = "/qos/alias-dscp-marking-rules/" + reply.at("dscp_marking_rule", "id");
          assertThat(server.get(alias).status()).isEqualTo(404);
        }
      }
    }
  }

  @Test
  void policyRemovedAgainstItsUse() throws Exception {
    String network = server.network("n");
    for (int round = 0; round < ROUNDS; round++) {
      String policy = policy(Map.of("name", "q"));
      together(i ->
          i % 2 == 0
              ? () -> server.delete("/qos/policies/" + policy)
              : () ->
                  server.post(
                      "/ports",
                      Map.of("port", Map.of("network_id", network, "qos_policy_id", policy))));
      boolean there = server.get("/qos/policies/" + policy).status() == 200;
      assertThat(LiveServer.column(server.get("/ports?qos_policy_id=" + policy), "ports", "id"))
          .satisfies(ports -> assertThat(ports.isEmpty()).isEqualTo(!there));
    }
  }

  @Test
  void portsKnowTheirNetworksPolicy() throws Exception {
    String policy = policy(Map.of("name", "q"));
    for (int round = 0; round < ROUNDS; round++) {
      String network = server.network("k" + round);
      together(i ->
          i % 4 == 0
              ? () ->
                  server.put(
                      "/networks/" + network, Map.of("network", Map.of("qos_policy_id", policy)))
              : () -> server.post("/ports", Map.of("port", Map.of("network_id", network))));
      assertThat(
              LiveServer.column(
                  server.get("/ports?network_id=" + network), "ports", "qos_network_policy_id"))
          .isNotEmpty()
          .containsOnly(policy);
    }
  }

  @Test
  void aProjectHasOneDefault() throws Exception {
    List<Reply> replies =
        together(i ->
            () ->
                server.post(
                    "/qos/policies",
                    Map.of("policy", Map.of("name", "q" + i, "is_default", true))));
    assertThat(succeeded(replies)).isEqualTo(1);
  }

  @Test
  void unsharedAgainstItsUseByOthers() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String policy = policy(Map.of("name", "q", "shared", true));
      together(i ->
          i % 2 == 0
              ? () ->
                  server.put("/qos/policies/" + policy, Map.of("policy", Map.of("shared", false)))
              : () ->
                  server.post(
                      "/networks",
                      Map.of("network", Map.of("name", "u", "qos_policy_id", policy)),
                      OTHER));
      Object shared = server.get("/qos/policies/" + policy).at("policy", "shared");
      List<Object> users =
          LiveServer.column(server.get("/networks?qos_policy_id=" + policy), "networks", "id");
      assertThat(users.isEmpty()).isEqualTo(Boolean.FALSE.equals(shared));
    }
  }

  @Test
  void aPortHasOneBindingForAHostAndOneThatIsActive() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String port =
          server.port(
              server.network("b" + round), "device_owner", "compute:nova", "binding:host_id", "h0");
      String bindings = "/ports/" + port + "/bindings";
      List<Reply> made =
          together(i ->
              () -> server.post(bindings, Map.of("binding", Map.of("host", "h" + (1 + i % 4)))));
      assertThat(succeeded(made)).isEqualTo(4);
      together(i -> () -> server.put(bindings + "/h" + (i % CLIENTS % 5) + "/activate", Map.of()));
      assertThat(LiveServer.column(server.get(bindings), "bindings", "host"))
          .containsExactlyInAnyOrder("h0", "h1", "h2", "h3", "h4");
      Reply active = server.get(bindings + "?status=ACTIVE");
      assertThat(LiveServer.column(active, "bindings", "host"))
          .containsExactly(server.get("/ports/" + port).at("port", "binding:host_id"));
    }
  }
}
