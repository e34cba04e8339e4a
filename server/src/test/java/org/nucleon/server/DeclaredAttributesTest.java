package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.server.LiveServer.Reply;

/**
 * Every attribute of every resource type, as the catalog declares them, is given what it cannot be:
 * always a refusal in Neutron's form, never a fault of ours, and never a change.
 */
@Timeout(60) // of many values each: none takes long to refuse, OSSA-2014-039
final class DeclaredAttributesTest {

  /** What hardly any attribute can be, and a way into what is behind some services. */
  static final List<Object> HOSTILE = hostile();

  @TempDir static Path folder;
  static LiveServer server;
  static final Map<String, Map<String, Object>> needed = new HashMap<>();
  static final Map<String, String> existing = new HashMap<>();

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            folder,
            "DEFAULT",
            "vlan_transparent",
            "true",
            "ml2",
            "mechanism_drivers",
            "everywhere");
    String network = server.network("n");
    existing.put("network", network);
    existing.put("subnet", server.subnet(network, "10.0.0.0/24"));
    existing.put("port", server.port(network));
    existing.put(
        "whole of a binding",
        server.port(network, "device_owner", "compute:nova", "binding:host_id", "h1"));
    existing.put("binding", "h1");
    needed.put("binding", Map.of("host", "h2"));
    String group = server.create("/security-groups", "security_group", Map.of("name", "g"));
    existing.put("security_group", group);
    existing.put("router", server.create("/routers", "router", Map.of("name", "r")));
    String external =
        server.create("/networks", "network", Map.of("name", "e", "router:external", true));
    server.subnet(external, "203.0.113.0/24");
    existing.put(
        "floatingip",
        server.create("/floatingips", "floatingip", Map.of("floating_network_id", external)));
    Map<String, Object> rule =
        Map.of("security_group_id", group, "direction", "ingress", "protocol", 6);
    existing.put(
        "security_group_rule", server.create("/security-group-rules", "security_group_rule", rule));
    String pool =
        server.create(
            "/subnetpools", "subnetpool", Map.of("name", "p", "prefixes", List.of("10.8.0.0/16")));
    existing.put("subnetpool", pool);
    existing.put(
        "address_scope",
        server.create("/address-scopes", "address_scope", Map.of("ip_version", 4)));
    Map<String, Object> policy =
        Map.of("object_type", "network", "object_id", network, "action", "access_as_shared");
    Map<String, Object> forProject = new HashMap<>(policy);
    forProject.put("target_tenant", "p1");
    existing.put("rbac_policy", server.create("/rbac-policies", "rbac_policy", forProject));
    forProject.put("target_tenant", "p2");
    needed.put("rbac_policy", forProject);
    String label =
        server.create("/metering/metering-labels", "metering_label", Map.of("name", "l"));
    existing.put("metering_label", label);
    existing.put(
        "metering_label_rule",
        server.create(
            "/metering/metering-label-rules",
            "metering_label_rule",
            Map.of(
                "metering_label_id", label,
                "direction", "ingress",
                "source_ip_prefix", "192.0.2.0/24")));
    needed.put(
        "metering_label_rule",
        Map.of(
            "metering_label_id", label,
            "direction", "egress",
            "destination_ip_prefix", "192.0.2.0/24"));
    String qos = server.create("/qos/policies", "policy", Map.of("name", "q"));
    existing.put("policy", qos);
    existing.put(
        "bandwidth_limit_rule",
        server.create(
            "/qos/policies/" + qos + "/bandwidth_limit_rules",
            "bandwidth_limit_rule",
            Map.of("max_kbps", 1_000)));
    existing.put(
        "dscp_marking_rule",
        server.create(
            "/qos/policies/" + qos + "/dscp_marking_rules",
            "dscp_marking_rule",
            Map.of("dscp_mark", 26)));
    needed.put("policy", Map.of("name", "x"));
    needed.put("bandwidth_limit_rule", Map.of("max_kbps", 1, "direction", "ingress"));
    needed.put("dscp_marking_rule", Map.of("dscp_mark", 8));
    needed.put("subnetpool", Map.of("name", "x", "prefixes", List.of("10.9.0.0/16")));
    needed.put("address_scope", Map.of("ip_version", 4));
    needed.put("subnet", Map.of("network_id", network, "ip_version", 4, "cidr", "10.9.0.0/24"));
    needed.put("port", Map.of("network_id", network));
    needed.put("security_group", Map.of("name", "x"));
    needed.put("security_group_rule", Map.of("security_group_id", group, "direction", "egress"));
    needed.put("floatingip", Map.of("floating_network_id", external));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<Object> hostile() {
    List<Object> values = new ArrayList<>();
    values.add(null);
    values.addAll(List.of(true, 0, -1, 7, 1L << 40, 1.5, "", "None", "x", "x".repeat(70_000)));
    values.add(new java.math.BigInteger("9".repeat(90)));
    values.addAll(
        List.of("\r\ndhcp-option=1", "\u0007\u001b[31m", "a\u2028b", "'; DROP TABLE resource;--"));
    values.addAll(
        List.of("../../etc/passwd", "${jndi:ldap://x}", "%s%n", "\ud83d\ude00".repeat(300)));
    values.addAll(
        List.of("999.1.1.1", "1.2.3.4/99", "::ffff:1.2.3.4", "fe80::1%eth0", "1.2.3.4\n"));
    values.addAll(List.of("a".repeat(64) + "!", "0".repeat(5_000), "1.".repeat(3_000)));
    values.addAll(List.of(List.of(), Map.of(), List.of(List.of(List.of())), Map.of("a", Map.of())));
    List<Object> nulls = new ArrayList<>();
    nulls.add(null);
    values.add(nulls);
    values.add(List.of("x", "x"));
    values.add(List.of(Map.of("x", 1)));
    values.add(List.of(Map.of("ip_address", "x", "subnet_id", 7, "destination", List.of())));
    values.add(java.util.Collections.nCopies(5_000, "10.0.0.1"));
    values.add(Map.of("network_id", "x", "enable_snat", "maybe", "external_fixed_ips", 3));
    return values;
  }

  static Stream<Attribute<?>> attributes() {
    return Features.load().catalog().layouts().stream()
        .flatMap(layout -> {
          List<Attribute<?>> all = new ArrayList<>();
          layout.attributes().forEach(all::add);
          return all.stream();
        });
  }

  /** The path of the collection; of parts, below what {@link #existing} has of the whole. */
  private static String collection(ResourceType type) {
    if (type.below() == null) {
      return "/" + type.path();
    }
    String whole =
        existing.getOrDefault("whole of a " + type.name(), existing.get(type.above().name()));
    return collection(type.above()) + "/" + whole + "/" + type.path();
  }

  /** The attribute by which a path names one. */
  private static String key(ResourceType type) {
    return type.below() == null ? "id" : type.below().key();
  }

  private static Layout layout(Attribute<?> attribute) {
    return server.server().engine().catalog().layout(attribute.resource());
  }

  private static Map<String, Object> body(Attribute<?> attribute, Object value, boolean create) {
    String type = attribute.resource().name();
    Map<String, Object> values =
        new LinkedHashMap<>(create ? needed.getOrDefault(type, Map.of()) : Map.of());
    values.put(attribute.name(), value);
    Map<String, Object> body = new HashMap<>();
    body.put(type, values);
    return body;
  }

  /**
   * A value that happens to be right is let through; it must then be shown as valid, and never be a
   * 500.
   */
  @ParameterizedTest
  @MethodSource("attributes")
  void takesOrRefusesAnything(Attribute<?> attribute) {
    String path = collection(attribute.resource());
    String type = attribute.resource().name();
    for (Object value : HOSTILE) {
      long before = server.server().engine().picture().number();
      Reply reply = server.post(path, body(attribute, value, true));
      judge(attribute, value, reply, before);
      if (reply.status() == 201) {
        String key = String.valueOf(reply.at(type, key(attribute.resource())));
        server.delete(
            path + "/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20"));
      }
      if (existing.containsKey(type)) {
        before = server.server().engine().picture().number();
        judge(
            attribute,
            value,
            server.put(path + "/" + existing.get(type), body(attribute, value, false)),
            before);
      }
    }
  }

  private static void judge(Attribute<?> attribute, Object value, Reply reply, long before) {
    String what = attribute + " = " + String.valueOf(value).lines().findFirst().orElse("");
    what = what.length() > 120 ? what.substring(0, 120) : what;
    assertThat(reply.status()).as("%s: %s", what, reply).isNotEqualTo(500).isBetween(200, 503);
    if (reply.status() >= 400) {
      assertThat(reply.type()).as("%s: %s", what, reply).isNotEqualTo("no NeutronError");
      assertThat(server.server().engine().picture().number()).as(what).isEqualTo(before);
      assertThat(reply.message())
          .as(what)
          .doesNotContain("\n", "\u001b", "\u0007")
          .hasSizeLessThan(2_000);
    }
  }

  /** What no text, list or object can be is refused by an answer that names the attribute. */
  @ParameterizedTest
  @MethodSource("attributes")
  void namesTheAttributeThatIsWrong(Attribute<?> attribute) {
    Object wrong = List.of(List.of(Map.of("no", "sense")));
    String path = collection(attribute.resource());
    if (attribute.resource().visibility()
        == org.nucleon.core.schema.ResourceType.Visibility.INTERNAL) {
      assertThat(server.get(path).status()).isEqualTo(404);
      return;
    }
    Reply reply = server.post(path, body(attribute, wrong, true));
    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
    assertThat(reply.message()).as("%s", reply).contains(attribute.name());
  }

  @ParameterizedTest
  @MethodSource("attributes")
  void refusesWhatIsNotDeclaredAsSettable(Attribute<?> attribute) {
    String type = attribute.resource().name();
    String path = collection(attribute.resource());
    if (!existing.containsKey(type)) {
      return;
    }
    assertThat(layout(attribute).attribute(attribute.name())).isPresent();
    for (Operation operation : Operation.values()) {
      if (!attribute.isSettable(operation)) {
        boolean create = operation == Operation.CREATE;
        Map<String, Object> body = body(attribute, "x", create);
        Reply reply =
            create ? server.post(path, body) : server.put(path + "/" + existing.get(type), body);
        assertThat(reply.status()).as("%s %s: %s", operation, attribute, reply).isEqualTo(400);
        assertThat(reply.message()).contains(attribute.name());
      }
    }
  }

  /** Whatever is declared for filtering or sorting can be asked for with any text. */
  @ParameterizedTest
  @MethodSource("attributes")
  void filtersAndSortsByWhatIsDeclared(Attribute<?> attribute) {
    String type = attribute.resource().name();
    if (!existing.containsKey(type)) {
      return;
    }
    String path = collection(attribute.resource());
    Reply one = server.get(path + "/" + existing.get(type));
    Object shown = ((Map<?, ?>) one.at(type)).get(attribute.name());
    for (String text :
        List.of("", "x", "%00", "%0a", "true", "-1", "9".repeat(200), "%F0%9F%98%80", "%ff")) {
      Reply reply = server.get(path + "?" + attribute.name() + "=" + text);
      assertThat(reply.status()).as("%s=%s: %s", attribute, text, reply).isIn(200, 400);
    }
    if (attribute.isFilter()
        && (shown instanceof String || shown instanceof Boolean || shown instanceof Integer)) {
      String text =
          java.net.URLEncoder.encode(shown.toString(), java.nio.charset.StandardCharsets.UTF_8);
      Reply reply = server.get(path + "?" + attribute.name() + "=" + text);
      assertThat(LiveServer.column(reply, attribute.resource().plural(), key(attribute.resource())))
          .as("%s", attribute)
          .contains(existing.get(type));
    }
    int sorted = server.get(path + "?sort_key=" + attribute.name()).status();
    assertThat(sorted).as("sort by %s", attribute).isEqualTo(attribute.isSort() ? 200 : 400);
  }
}
