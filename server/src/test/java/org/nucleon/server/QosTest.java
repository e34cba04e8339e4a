package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.server.LiveServer.Reply;

/** QoS policies, their rules, and who has them. */
final class QosTest {

  private static final String[] MEMBER = {"X-Project-Id", "p", "X-Roles", "member"};
  private static final String[] OTHER = {"X-Project-Id", "q", "X-Roles", "member"};

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

  private static String policy(String project, Object... pairs) {
    Map<String, Object> values = new HashMap<>(Map.of("name", "q", "project_id", project));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return server.create("/qos/policies", "policy", values);
  }

  private static String limits(String policy) {
    return "/qos/policies/" + policy + "/bandwidth_limit_rules";
  }

  private static String limit(String policy, Map<String, Object> values) {
    return server.create(limits(policy), "bandwidth_limit_rule", values);
  }

  private static Map<String, Object> of(String type, Object... pairs) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return Map.of(type, values);
  }

  @Test
  void rulesArePartsOfTheirPolicy() {
    String policy = policy("p");
    String rule = limit(policy, Map.of("max_kbps", "10000"));
    Reply shown = server.get(limits(policy) + "/" + rule);
    assertThat(shown.at("bandwidth_limit_rule"))
        .isEqualTo(
            Map.of("id", rule, "max_kbps", 10_000, "max_burst_kbps", 0, "direction", "egress"));
    String dscp =
        server.create(
            "/qos/policies/" + policy + "/dscp_marking_rules",
            "dscp_marking_rule",
            Map.of("dscp_mark", 26));
    assertThat(server.get("/qos/policies/" + policy).at("policy", "rules"))
        .isEqualTo(
            List.of(
                Map.of(
                    "id",
                    rule,
                    "type",
                    "bandwidth_limit",
                    "qos_policy_id",
                    policy,
                    "max_kbps",
                    10_000,
                    "max_burst_kbps",
                    0,
                    "direction",
                    "egress"),
                Map.of(
                    "id", dscp, "type", "dscp_marking", "qos_policy_id", policy, "dscp_mark", 26)));
    assertThat(
            server
                .put(limits(policy) + "/" + rule, of("bandwidth_limit_rule", "max_kbps", 5))
                .at("bandwidth_limit_rule", "max_kbps"))
        .isEqualTo(5);
    assertThat(server.delete(limits(policy) + "/" + rule).status()).isEqualTo(204);
    Reply gone = server.get(limits(policy) + "/" + rule);
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.type()).isEqualTo("QosRuleNotFound");
    assertThat(gone.message())
        .isEqualTo("QoS rule " + rule + " for policy " + policy + " could not be found.");
  }

  @Test
  void aRuleIsFoundBelowItsOwnPolicyAlone() {
    String policy = policy("p");
    String other = policy("p");
    String rule = limit(policy, Map.of("max_kbps", 1));
    String elsewhere = limits(other) + "/" + rule;
    assertThat(server.get(elsewhere).status()).isEqualTo(404);
    assertThat(server.put(elsewhere, of("bandwidth_limit_rule", "max_kbps", 5)).status())
        .isEqualTo(404);
    assertThat(server.delete(elsewhere).status()).isEqualTo(404);
    assertThat((List<?>) server.get(limits(other)).at("bandwidth_limit_rules")).isEmpty();
    Reply nowhere = server.get("/qos/policies/" + rule + "/bandwidth_limit_rules");
    assertThat(nowhere.status()).isEqualTo(404);
    assertThat(nowhere.type()).isEqualTo("QosPolicyNotFound");
    assertThat(
            server
                .post(
                    "/qos/policies/" + rule + "/bandwidth_limit_rules",
                    of("bandwidth_limit_rule", "max_kbps", 5))
                .status())
        .isEqualTo(404);
  }

  @Test
  void listsOfPartsAreFilteredSortedAndCut() {
    String policy = policy("p");
    String out = limit(policy, Map.of("max_kbps", 7));
    String in = limit(policy, Map.of("max_kbps", 3, "direction", "ingress"));
    String path = limits(policy);
    assertThat(
            LiveServer.column(
                server.get(path + "?direction=ingress"), "bandwidth_limit_rules", "id"))
        .containsExactly(in);
    assertThat(
            LiveServer.column(
                server.get(path + "?sort_key=max_kbps"), "bandwidth_limit_rules", "id"))
        .containsExactly(in, out);
    Reply page = server.get(path + "?sort_key=max_kbps&limit=1&fields=max_kbps");
    assertThat(page.at("bandwidth_limit_rules")).isEqualTo(List.of(Map.of("max_kbps", 3)));
    String next = (String) page.at("bandwidth_limit_rules_links", 0, "href");
    Reply rest = server.send("GET", next.substring(server.base().length()), "");
    assertThat(rest.at("bandwidth_limit_rules", 0, "max_kbps")).isEqualTo(7);
    assertThat(server.get(path + "?min_kbps=3").status()).isEqualTo(400);
  }

  @Test
  void whatChangesARuleChangesItsPolicyAndRulesGoWithIt() {
    String policy = policy("p");
    Object before = server.get("/qos/policies/" + policy).at("policy", "revision_number");
    String rule = limit(policy, Map.of("max_kbps", 1));
    Object after = server.get("/qos/policies/" + policy).at("policy", "revision_number");
    assertThat((Integer) after).isGreaterThan((Integer) before);
    assertThat(server.delete("/qos/policies/" + policy).status()).isEqualTo(204);
    assertThat(server.get("/qos/alias-bandwidth-limit-rules/" + rule).status()).isEqualTo(404);
  }

  @Test
  void aliasesReachRulesWithoutTheirPolicies() {
    String policy = policy("p");
    String rule = limit(policy, Map.of("max_kbps", 1));
    String alias = "/qos/alias-bandwidth-limit-rules/" + rule;
    assertThat(server.get(alias).at("alias_bandwidth_limit_rule", "max_kbps")).isEqualTo(1);
    assertThat(
            server
                .put(alias, of("alias_bandwidth_limit_rule", "max_kbps", 2))
                .at("alias_bandwidth_limit_rule", "max_kbps"))
        .isEqualTo(2);
    assertThat(server.put(alias, of("alias_bandwidth_limit_rule", "max_kbps", 3), MEMBER).status())
        .isEqualTo(403);
    assertThat(server.get(alias, OTHER).status()).isEqualTo(404);
    assertThat(server.delete(alias).status()).isEqualTo(204);
    assertThat(server.get(limits(policy) + "/" + rule).status()).isEqualTo(404);
    assertThat(server.get("/qos/alias-bandwidth-limit-rules").status()).isEqualTo(404);
  }

  @Test
  void aPolicyHasOneRuleOfAKind() {
    String policy = policy("p");
    String out = limit(policy, Map.of("max_kbps", 7));
    Reply again = server.post(limits(policy), of("bandwidth_limit_rule", "max_kbps", 8));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.type()).isEqualTo("QoSRulesConflict");
    assertThat(again.message())
        .isEqualTo(
            "Rule bandwidth_limit conflicts with rule "
                + out
                + " which already exists in QoS Policy "
                + policy
                + ".");
    String in = limit(policy, Map.of("max_kbps", 8, "direction", "ingress"));
    assertThat(
            server
                .put(limits(policy) + "/" + in, of("bandwidth_limit_rule", "direction", "egress"))
                .status())
        .isEqualTo(409);
    String marks = "/qos/policies/" + policy + "/dscp_marking_rules";
    var _ = server.create(marks, "dscp_marking_rule", Map.of("dscp_mark", 8));
    assertThat(server.post(marks, of("dscp_marking_rule", "dscp_mark", 10)).status())
        .isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource({
    "bandwidth_limit_rule, max_kbps,       -1",
    "bandwidth_limit_rule, max_kbps,       2147483648",
    "bandwidth_limit_rule, max_kbps,       fast",
    "bandwidth_limit_rule, max_burst_kbps, -1",
    "bandwidth_limit_rule, direction,      any",
    "dscp_marking_rule,    dscp_mark,      2",
    "dscp_marking_rule,    dscp_mark,      7",
    "dscp_marking_rule,    dscp_mark,      42",
    "dscp_marking_rule,    dscp_mark,      64",
  })
  void refusesWhatNoRuleSays(String type, String attribute, String value) {
    String path = "/qos/policies/" + policy("p") + "/" + type + "s";
    Map<String, Object> values = new HashMap<>(Map.of(attribute, value));
    if (type.startsWith("bandwidth")) {
      values.putIfAbsent("max_kbps", 1);
    }
    Reply refused = server.post(path, Map.of(type, values));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains(attribute);
    assertThat((List<?>) server.get(path).at(type + "s")).isEmpty();
  }

  @Test
  void onlyAdministratorsWriteAndOwnersAndThoseItIsSharedWithSee() {
    String policy = policy("p");
    String rule = limit(policy, Map.of("max_kbps", 1));
    String path = "/qos/policies/" + policy;
    assertThat(server.get(path, MEMBER).status()).isEqualTo(200);
    assertThat(server.get(limits(policy) + "/" + rule, MEMBER).status()).isEqualTo(200);
    assertThat(server.get(path, OTHER).status()).isEqualTo(404);
    assertThat(server.get(limits(policy), OTHER).status()).isEqualTo(404);
    Reply refused = server.post(limits(policy), of("bandwidth_limit_rule", "max_kbps", 8), MEMBER);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message()).contains("create_policy_bandwidth_limit_rule");
    assertThat(server.post("/qos/policies", of("policy", "name", "x"), MEMBER).status())
        .isEqualTo(403);
    assertThat(server.put(path, of("policy", "name", "x"), MEMBER).status()).isEqualTo(403);
    assertThat(server.delete(limits(policy) + "/" + rule, MEMBER).status()).isEqualTo(403);
    assertThat(server.put(path, of("policy", "shared", true)).at("policy", "shared"))
        .isEqualTo(true);
    assertThat(server.get(path, OTHER).at("policy", "shared")).isEqualTo(true);
    assertThat(server.get(limits(policy) + "/" + rule, OTHER).status()).isEqualTo(200);
    assertThat(server.put(path, of("policy", "shared", false)).at("policy", "shared"))
        .isEqualTo(false);
    assertThat(server.get(path, OTHER).status()).isEqualTo(404);
  }

  @Test
  void portsAndNetworksAreGivenThoseThatTheirUserMaySee() {
    String hidden = policy("secret");
    String own = policy("p");
    String network =
        server.create("/networks", "network", Map.of("name", "n", "qos_policy_id", own), MEMBER);
    Reply refused =
        server.post("/ports", of("port", "network_id", network, "qos_policy_id", hidden), MEMBER);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.type()).isEqualTo("QosPolicyNotFound");
    String port = server.create("/ports", "port", Map.of("network_id", network), MEMBER);
    Reply shown = server.get("/ports/" + port, MEMBER);
    assertThat(shown.at("port", "qos_policy_id")).isNull();
    assertThat(shown.at("port", "qos_network_policy_id")).isEqualTo(own);
    assertThat(server.put("/ports/" + port, of("port", "qos_policy_id", hidden)).status())
        .isEqualTo(200);
    Reply notHis = server.put("/ports/" + port, of("port", "qos_policy_id", own), MEMBER);
    assertThat(notHis.status()).isEqualTo(403);
    assertThat(notHis.type()).isEqualTo("PolicyRemoveAuthorizationError");
    assertThat(server.put("/ports/" + port, of("port", "name", "x"), MEMBER).status())
        .isEqualTo(200);
    Object revision = server.get("/ports/" + port).at("port", "revision_number");
    assertThat(server.put("/networks/" + network, of("network", "qos_policy_id", null)).status())
        .isEqualTo(200);
    Reply after = server.get("/ports/" + port);
    assertThat(after.at("port", "qos_network_policy_id")).isNull();
    assertThat(after.at("port", "revision_number")).isEqualTo(revision);
    assertThat(server.put("/ports/" + port, of("port", "qos_network_policy_id", own)).status())
        .isEqualTo(400);
  }

  @Test
  void aPolicyInUseStays() {
    String policy = policy("p");
    String network = server.network("n");
    String port = server.port(network, "qos_policy_id", policy);
    Reply refused = server.delete("/qos/policies/" + policy);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.type()).isEqualTo("QosPolicyInUse");
    assertThat(refused.message())
        .isEqualTo("QoS Policy " + policy + " is used by port " + port + ".");
    assertThat(LiveServer.column(server.get("/ports?qos_policy_id=" + policy), "ports", "id"))
        .containsExactly(port);
    assertThat(server.delete("/ports/" + port).status()).isEqualTo(204);
    assertThat(server.delete("/qos/policies/" + policy).status()).isEqualTo(204);
  }

  @Test
  void newNetworksHaveTheirProjectsDefault() {
    String policy = policy("d", "is_default", true);
    Reply second =
        server.post(
            "/qos/policies", of("policy", "name", "x", "project_id", "d", "is_default", true));
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.type()).isEqualTo("QoSPolicyDefaultAlreadyExists");
    String[] member = {"X-Project-Id", "d", "X-Roles", "member"};
    String network = server.create("/networks", "network", Map.of("name", "n"), member);
    assertThat(server.get("/networks/" + network).at("network", "qos_policy_id")).isEqualTo(policy);
    String other = server.network("n");
    assertThat(server.get("/networks/" + other).at("network", "qos_policy_id")).isNull();
    assertThat(server.put("/qos/policies/" + policy, of("policy", "is_default", false)).status())
        .isEqualTo(200);
    assertThat(policy("d", "is_default", true)).isNotEqualTo(policy);
  }

  @Test
  void aPolicyIsSharedByRbacToo() {
    String policy = policy("p");
    Map<String, Object> grant =
        Map.of(
            "object_type", "qos_policy",
            "object_id", policy,
            "action", "access_as_shared",
            "target_tenant", "q");
    String rbac = server.create("/rbac-policies", "rbac_policy", grant);
    assertThat(server.get("/qos/policies/" + policy, OTHER).status()).isEqualTo(200);
    String network =
        server.create("/networks", "network", Map.of("name", "n", "qos_policy_id", policy), OTHER);
    assertThat(server.delete("/rbac-policies/" + rbac).type()).isEqualTo("RbacPolicyInUse");
    assertThat(server.delete("/networks/" + network).status()).isEqualTo(204);
    assertThat(server.delete("/rbac-policies/" + rbac).status()).isEqualTo(204);
  }

  @Test
  void ruleTypesSayWhatDriversTake() {
    assertThat(server.get("/qos/rule-types").at("rule_types"))
        .isEqualTo(List.of(Map.of("type", "bandwidth_limit"), Map.of("type", "dscp_marking")));
    Reply one = server.get("/qos/rule-types/bandwidth_limit");
    assertThat(one.at("rule_type", "drivers", 0, "name")).isEqualTo("openvswitch");
    assertThat(one.at("rule_type", "drivers", 0, "supported_parameters", 2))
        .isEqualTo(
            Map.of(
                "parameter_name", "direction",
                "parameter_type", "choices",
                "parameter_values", List.of("egress", "ingress")));
    assertThat(server.get("/qos/rule-types/minimum_bandwidth").status()).isEqualTo(404);
  }
}
