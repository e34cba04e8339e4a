package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer.Reply;

/** Security groups and their rules as clients of Neutron know them. */
final class SecurityGroupTest {

  private static final String[] ADA = {"X-Project-Id", "ada", "X-Roles", "member"};
  private static final String[] BOB = {"X-Project-Id", "bob", "X-Roles", "member"};

  /** Neutron's 24 names and an alias. */
  private static final List<String> NAMES =
      List.of(
          "ah",
          "dccp",
          "egp",
          "esp",
          "gre",
          "hopopt",
          "icmp",
          "icmpv6",
          "igmp",
          "ip",
          "ipip",
          "ipv6-encap",
          "ipv6-frag",
          "ipv6-icmp",
          "ipv6-nonxt",
          "ipv6-opts",
          "ipv6-route",
          "ospf",
          "pgm",
          "rsvp",
          "sctp",
          "tcp",
          "udp",
          "udplite",
          "vrrp");

  @TempDir static Path folder;
  static LiveServer server;
  private String group;

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            folder,
            "quotas",
            "quota_security_group_rule",
            "5000",
            "quotas",
            "quota_security_group",
            "1000");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeGroup() {
    group = group("g");
  }

  private static String group(String name, String... headers) {
    return server.create("/security-groups", "security_group", Map.of("name", name), headers);
  }

  private Map<String, Object> rule(Object... pairs) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("security_group_id", group);
    rule.put("direction", "ingress");
    for (int i = 0; i < pairs.length; i += 2) {
      rule.put((String) pairs[i], pairs[i + 1]);
    }
    return rule;
  }

  private Reply post(Object... pairs) {
    return server.post("/security-group-rules", Map.of("security_group_rule", rule(pairs)));
  }

  private Object made(String attribute, Object... pairs) {
    Reply reply = post(pairs);
    assertThat(reply.status()).as("%s", reply).isEqualTo(201);
    return reply.at("security_group_rule", attribute);
  }

  private void refused(String error, String says, Object... pairs) {
    Reply reply = post(pairs);
    assertThat(reply.status() + " " + reply.type())
        .as("%s: %s", Arrays.toString(pairs), reply)
        .isEqualTo(error);
    assertThat(reply.message()).contains(says);
  }

  @Test
  void protocolsHaveNamesAndNumbers() {
    for (String name : NAMES) {
      boolean onlyIpv6 = name.contains("v6");
      String ethertype = onlyIpv6 ? "IPv6" : "IPv4";
      String shown = name.equals("icmpv6") ? "ipv6-icmp" : name;
      String other = group(name);
      assertThat(
              made(
                  "protocol",
                  "security_group_id",
                  other,
                  "protocol",
                  name.toUpperCase(java.util.Locale.ROOT),
                  "ethertype",
                  ethertype))
          .isEqualTo(shown);
      if (onlyIpv6) {
        refused(
            "400 SecurityGroupEthertypeConflictWithProtocol",
            name,
            "protocol",
            name,
            "ethertype",
            "IPv4");
      }
    }
    assertThat(made("protocol", "protocol", 255)).isEqualTo("255");
    assertThat(made("protocol", "protocol", "0")).isEqualTo("0");
    for (int number : List.of(41, 43, 44, 58, 59, 60)) {
      refused("400 SecurityGroupEthertypeConflictWithProtocol", "" + number, "protocol", number);
    }
    for (Object wrong : List.of("256", -1, "tcpx", "", 1L << 40, List.of("tcp"))) {
      refused("400 SecurityGroupRuleInvalidProtocol", "protocol", "protocol", wrong);
    }
  }

  @Test
  void icmpOverIpv6HasOneName() {
    for (Object given : List.of("icmp", "icmpv6", "ipv6-icmp", 1, 58)) {
      String other = group("v6");
      Object shown =
          made(
              "protocol",
              "security_group_id",
              other,
              "ethertype",
              "IPv6",
              "protocol",
              given,
              "port_range_min",
              128);
      assertThat(shown).isEqualTo(given instanceof Integer ? "58" : "ipv6-icmp");
      refused(
          "409 SecurityGroupRuleExists",
          "already exists",
          "security_group_id",
          other,
          "ethertype",
          "IPv6",
          "protocol",
          "icmp",
          "port_range_min",
          128);
    }
  }

  @Test
  void icmpHasTypesAndCodes() {
    made("id", "protocol", "icmp", "port_range_min", 0, "port_range_max", 0);
    made("id", "protocol", "icmp", "port_range_min", 3, "port_range_max", 1);
    made("id", "protocol", "icmp", "port_range_min", 255);
    refused(
        "400 SecurityGroupMissingIcmpType",
        "port-range-min",
        "protocol",
        "icmp",
        "port_range_max",
        0);
    refused("400 SecurityGroupInvalidIcmpValue", "256", "protocol", "icmp", "port_range_min", 256);
    refused(
        "400 SecurityGroupInvalidIcmpValue",
        "code",
        "protocol",
        "1",
        "port_range_min",
        8,
        "port_range_max",
        256);
  }

  @Test
  void portsHaveRanges() {
    for (String protocol : List.of("tcp", "udp", "dccp", "sctp", "udplite", "6", "136")) {
      String other = group(protocol);
      String of = "security_group_id";
      String min = "port_range_min";
      String max = "port_range_max";
      assertThat(made(min, of, other, "protocol", protocol, min, "22", max, 80)).isEqualTo(22);
      assertThat(made(max, of, other, "protocol", protocol, min, 1, max, 65_535))
          .as("the whole range is none")
          .isNull();
      String range = "400 SecurityGroupInvalidPortRange";
      refused(range, "port_range_min", of, other, "protocol", protocol, min, 80, max, 22);
      refused(range, "port_range_min", of, other, "protocol", protocol, min, 80);
      refused(range, "port_range_min", of, other, "protocol", protocol, max, 80);
      String value = "400 SecurityGroupInvalidPortValue";
      refused(value, "0", of, other, "protocol", protocol, min, 0, max, 80);
      refused(value, min, of, other, "protocol", protocol, min, 65_536, max, 80);
      refused(value, max, of, other, "protocol", protocol, min, 1, max, "x");
    }
    refused("400 SecurityGroupProtocolRequiredWithPorts", "protocol", "port_range_min", 22);
    for (String protocol : List.of("vrrp", "gre", "ah", "0", "255")) {
      refused(
          "400 SecurityGroupInvalidProtocolForPort",
          protocol,
          "protocol",
          protocol,
          "port_range_min",
          1,
          "port_range_max",
          2);
    }
  }

  /** OSSA-2019-001: whatever is asked for is a rule or a refusal that says why. */
  @Test
  void anyCombinationIsARuleOrARefusal() {
    List<Object> protocols = new ArrayList<>(NAMES);
    protocols.add(null);
    protocols.addAll(List.of(0, 17, 112, 255));
    List<List<Integer>> ranges =
        List.of(
            Arrays.asList(null, null),
            Arrays.asList(8, null),
            Arrays.asList(null, 8),
            List.of(0, 0),
            List.of(22, 22),
            List.of(22, 80),
            List.of(80, 22),
            List.of(1, 65_535));
    String other = group("grid");
    for (Object protocol : protocols) {
      for (List<Integer> range : ranges) {
        for (String direction : List.of("ingress", "egress")) {
          for (String ethertype : List.of("ipv4", "IPv6")) {
            Reply reply =
                post(
                    "security_group_id", other,
                    "protocol", protocol,
                    "port_range_min", range.get(0),
                    "port_range_max", range.get(1),
                    "direction", direction,
                    "ethertype", ethertype);
            assertThat(reply.status() == 201 || reply.type().startsWith("SecurityGroup"))
                .as("%s %s: %s", protocol, range, reply)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void versionsOfIpAreNamedAndAgree() {
    refused("400 SecurityGroupRuleInvalidEtherType", "ethertype", "ethertype", "IPv5");
    refused("400 SecurityGroupRuleInvalidEtherType", "ethertype", "ethertype", null);
    refused(
        "400 SecurityGroupRuleParameterConflict",
        "2001:db8::/32",
        "remote_ip_prefix",
        "2001:db8::/32");
    refused(
        "400 SecurityGroupRuleParameterConflict",
        "10.0.0.0/8",
        "ethertype",
        "IPv6",
        "remote_ip_prefix",
        "10.0.0.0/8");
  }

  @Test
  void prefixesAreShownAsGivenAndNormalized() {
    Reply reply = post("remote_ip_prefix", "10.1.2.3/16");
    assertThat(reply.at("security_group_rule", "remote_ip_prefix")).isEqualTo("10.1.2.3/16");
    assertThat(reply.at("security_group_rule", "normalized_cidr")).isEqualTo("10.1.0.0/16");
    Reply found =
        server.get("/security-group-rules?normalized_cidr=10.1.0.0/16&security_group_id=" + group);
    assertThat(LiveServer.column(found, "security_group_rules", "id"))
        .containsExactly(reply.at("security_group_rule", "id"));
    assertThat(made("normalized_cidr", "remote_ip_prefix", "10.9.9.9")).isEqualTo("10.9.9.9/32");
    assertThat(made("normalized_cidr", "direction", "egress", "protocol", "tcp")).isNull();
    refused("409 SecurityGroupRuleExists", "already exists", "remote_ip_prefix", "10.1.99.99/16");
    Reply shown = server.get("/security-groups/" + group);
    assertThat(shown.at("security_group", "security_group_rules").toString())
        .contains("normalized_cidr=10.1.0.0/16");
  }

  @Test
  void sameRuleTwiceIsRefused() {
    Object id = made("id", "protocol", "tcp", "port_range_min", 22, "port_range_max", 22);
    refused(
        "409 SecurityGroupRuleExists",
        id.toString(),
        "protocol",
        6,
        "port_range_min",
        22,
        "port_range_max",
        22,
        "description",
        "another");
    made("id", "protocol", "udp");
    refused("409 SecurityGroupRuleExists", "", "protocol", "udp", "remote_ip_prefix", "0.0.0.0/0");
  }

  private Reply bulk(Object... rules) {
    return server.post("/security-group-rules", Map.of("security_group_rules", List.of(rules)));
  }

  @Test
  void bulkRequestsAreAboutOneGroup() {
    Reply made = bulk(rule("protocol", "tcp"), rule("protocol", "udp"));
    assertThat(made.status()).isEqualTo(201);
    Reply twice = bulk(rule("protocol", "sctp"), rule("protocol", 132));
    assertThat(twice.status() + " " + twice.type())
        .isEqualTo("409 DuplicateSecurityGroupRuleInPost");
    Reply groups = bulk(rule("protocol", "ah"), rule("security_group_id", group("other")));
    assertThat(groups.status() + " " + groups.type())
        .isEqualTo("400 SecurityGroupNotSingleGroupRules");
    Reply projects = bulk(rule("protocol", "ah"), rule("protocol", "esp", "tenant_id", "ada"));
    assertThat(projects.status() + " " + projects.type())
        .isEqualTo("400 SecurityGroupRulesNotSingleTenant");
    assertThat(
            (List<?>)
                server
                    .get("/security-group-rules?security_group_id=" + group)
                    .at("security_group_rules"))
        .as("two of its own, two made")
        .hasSize(4);
  }

  @Test
  void remotesAreOneOfTheOwnProject() {
    made("id", "remote_group_id", group);
    refused(
        "400 SecurityGroupMultipleRemoteEntites",
        "remote_group_id",
        "remote_group_id",
        group,
        "remote_ip_prefix",
        "10.0.0.0/8");
    String foreign = group("bob's", BOB);
    String own = group("ada's", ADA);
    for (Map<String, Object> rule :
        List.of(
            rule("security_group_id", own, "remote_group_id", foreign),
            rule("security_group_id", foreign))) {
      Reply reply = server.post("/security-group-rules", Map.of("security_group_rule", rule), ADA);
      assertThat(reply.status() + " " + reply.type()).isEqualTo("404 SecurityGroupNotFound");
      assertThat(reply.message()).contains(foreign);
    }
    assertThat(made("id", "remote_group_id", foreign)).as("administrators may").isNotNull();
    assertThat(server.delete("/security-groups/" + foreign, BOB).status()).isEqualTo(204);
    assertThat(server.get("/security-groups/" + group).at("security_group").toString())
        .doesNotContain(foreign);
  }

  /** CVE-2022-3277, CVE-2023-3637: looking never makes anything for a project not one's own. */
  @Test
  void defaultGroupIsMadeForWhoLooksAndNobodyElse() {
    String[] carol = {"X-Project-Id", "carol", "X-Roles", "member"};
    long before = server.server().engine().picture().number();
    assertThat((List<?>) server.get("/security-groups?project_id=bogus").at("security_groups"))
        .isEmpty();
    for (String path :
        List.of("/security-groups", "/security-group-rules", "/security-groups?name=default")) {
      for (String other : List.of("dora", "bogus")) {
        String query = path + (path.contains("?") ? "&" : "?");
        assertThat(server.get(query + "project_id=" + other, ADA).status()).isEqualTo(200);
        assertThat(server.get(query + "tenant_id=" + other).status()).isEqualTo(200);
      }
    }
    List<Object> projects =
        LiveServer.column(server.get("/security-groups"), "security_groups", "project_id");
    assertThat(projects).doesNotContain("dora", "bogus", "carol");
    Reply rules = server.get("/security-group-rules", carol);
    assertThat((List<?>) rules.at("security_group_rules")).hasSize(4);
    long made = server.server().engine().picture().number();
    assertThat(made).isGreaterThan(before);
    assertThat(LiveServer.column(server.get("/security-groups", carol), "security_groups", "name"))
        .containsExactly("default");
    assertThat(server.server().engine().picture().number()).as("made once").isEqualTo(made);
  }

  @Test
  void defaultGroupLetsItsMembersInAndAllOut() {
    String[] erin = {"X-Project-Id", "erin", "X-Roles", "member"};
    Reply list = server.get("/security-groups", erin);
    String id = (String) list.at("security_groups", 0, "id");
    List<String> rules = new ArrayList<>();
    for (Object rule : (List<?>) list.at("security_groups", 0, "security_group_rules")) {
      Map<?, ?> of = (Map<?, ?>) rule;
      rules.add(of.get("direction") + " " + of.get("ethertype") + " " + of.get("remote_group_id"));
    }
    assertThat(rules)
        .containsExactlyInAnyOrder(
            "egress IPv4 null", "egress IPv6 null", "ingress IPv4 " + id, "ingress IPv6 " + id);
    Object name = Map.of("security_group", Map.of("name", "mine"));
    assertThat(server.put("/security-groups/" + id, name, erin).type())
        .isEqualTo("SecurityGroupCannotUpdateDefault");
    assertThat(server.put("/security-groups/" + id, name).type())
        .isEqualTo("SecurityGroupCannotUpdateDefault");
    Object description = Map.of("security_group", Map.of("description", "ours"));
    assertThat(server.put("/security-groups/" + id, description, erin).status()).isEqualTo(200);
    assertThat(server.delete("/security-groups/" + id, erin).type())
        .isEqualTo("SecurityGroupCannotRemoveDefault");
    Reply second =
        server.post("/security-groups", Map.of("security_group", Map.of("name", "Default")), erin);
    assertThat(second.status() + " " + second.type())
        .isEqualTo("409 SecurityGroupDefaultAlreadyExists");
    String own = group("own", erin);
    Object renamed = Map.of("security_group", Map.of("name", "default"));
    assertThat(server.put("/security-groups/" + own, renamed, erin).type())
        .isEqualTo("SecurityGroupDefaultAlreadyExists");
    assertThat(server.delete("/security-groups/" + id).status())
        .as("administrators may")
        .isEqualTo(204);
    assertThat(LiveServer.column(server.get("/security-groups", erin), "security_groups", "name"))
        .contains("default");
  }

  @Test
  void trackingIsChosenWhileNoPortUsesTheGroup() {
    String stateless =
        server.create("/security-groups", "security_group", Map.of("name", "s", "stateful", false));
    assertThat(server.get("/security-groups/" + stateless).at("security_group", "stateful"))
        .isEqualTo(false);
    assertThat(
            LiveServer.column(
                server.get("/security-groups?stateful=false"), "security_groups", "id"))
        .containsExactly(stateless);
    String network = server.network("stateless");
    String port = server.port(network, "security_groups", List.of(stateless));
    Object on = Map.of("security_group", Map.of("stateful", true));
    Reply used = server.put("/security-groups/" + stateless, on);
    assertThat(used.status() + " " + used.type()).isEqualTo("409 SecurityGroupInUse");
    Object both = Map.of("port", Map.of("security_groups", List.of(group, stateless)));
    Reply mixed = server.put("/ports/" + port, both);
    assertThat(mixed.status() + " " + mixed.type()).isEqualTo("409 SecurityGroupConflict");
    Reply made =
        server.post(
            "/ports",
            Map.of(
                "port",
                Map.of("network_id", network, "security_groups", List.of(stateless, group))));
    assertThat(made.type()).isEqualTo("SecurityGroupConflict");
    Object same = Map.of("security_group", Map.of("stateful", false, "name", "still"));
    assertThat(server.put("/security-groups/" + stateless, same).status()).isEqualTo(200);
    server.put("/ports/" + port, Map.of("port", Map.of("security_groups", List.of(group))));
    assertThat(server.put("/security-groups/" + stateless, on).status()).isEqualTo(200);
  }

  @Test
  void listsCanBeFilteredByWhetherGroupsAreShared() {
    assertThat((List<?>) server.get("/security-groups?shared=True").at("security_groups"))
        .isEmpty();
    assertThat(LiveServer.column(server.get("/security-groups?shared=0"), "security_groups", "id"))
        .contains(group);
    assertThat(server.get("/security-groups/" + group).at("security_group", "shared"))
        .isEqualTo(false);
  }

  @Test
  void portsNameGroupsOfTheirProject() {
    String network = server.create("/networks", "network", Map.of("name", "n"), ADA);
    String foreign = group("x", BOB);
    String nobody = "00000000-0000-4000-8000-000000000000";
    Map<String, Object> port = new HashMap<>();
    port.put("network_id", network);
    port.put("security_groups", List.of(foreign, nobody));
    Reply reply = server.post("/ports", Map.of("port", port), ADA);
    assertThat(reply.status() + " " + reply.type()).isEqualTo("404 SecurityGroupNotFound");
    assertThat(reply.message()).contains(foreign, nobody);
    assertThat(server.delete("/security-groups/" + group("unused", ADA), ADA).status())
        .isEqualTo(204);
  }

  @Test
  void groupInUseStays() {
    server.port(server.network("use"), "security_groups", List.of(group));
    Reply reply = server.delete("/security-groups/" + group);
    assertThat(reply.status() + " " + reply.type()).isEqualTo("409 SecurityGroupInUse");
    assertThat(reply.message()).contains(group);
  }

  /** The two rules that a group begins with count, and so do the four of a default group. */
  @Test
  void groupsAreHeldToTheQuotaOfRules() {
    String[] fred = {"X-Project-Id", "fred", "X-Roles", "member"};
    server.put("/quotas/fred", Map.of("quota", Map.of("security_group_rule", 7)));
    group("first", fred);
    Reply second =
        server.post("/security-groups", Map.of("security_group", Map.of("name", "b")), fred);
    assertThat(second.status() + " " + second.type()).isEqualTo("409 OverQuota");
    assertThat(second.message()).contains("security_group_rule");
    assertThat((List<?>) server.get("/security-groups", fred).at("security_groups")).hasSize(2);
  }

  @Test
  void whatIsTrueIsAdvertised() {
    List<Object> aliases = LiveServer.column(server.get("/extensions"), "extensions", "alias");
    assertThat(aliases)
        .containsAll(
            Set.of(
                "security-group",
                "security-groups-normalized-cidr",
                "stateful-security-group",
                "security-groups-shared-filtering"))
        .doesNotContain("address-group", "security-groups-remote-address-group");
  }
}
