package org.nucleon.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.Caller;
import org.nucleon.core.schema.Catalog;
import org.nucleon.server.Features;

/** The language of policy files, and what the default rules come to. */
final class PolicyTest {

  private static final Map<String, String> TARGET =
      Map.of(
          "tenant_id",
          "p1",
          "shared",
          "True",
          "device_owner",
          "network:dhcp",
          "network:tenant_id",
          "p2");
  private static final Caller MEMBER =
      new Caller("p1", false, Set.of("member", "reader"), Map.of("user_id", "u1"));

  private static boolean holds(String rule) {
    return RuleParser.parse(rule)
        .holds(name -> RuleParser.parse(name.equals("yes") ? "@" : "!"), MEMBER, TARGET::get);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|true",
        "@|true",
        "!|false",
        "role:member|true",
        "role:Member|true",
        "role:admin|false",
        "not role:admin|true",
        "role:admin or role:member and rule:yes|true",
        "(role:admin or role:member) and rule:no|false",
        "role:admin or (not rule:no and (role:reader))|true",
        "role:admin OR role:member|true",
        "tenant_id:%(tenant_id)s|true",
        "project_id:%(network:tenant_id)s|false",
        "project_id:%(nothing)s|false",
        "user_id:u1|true",
        "user_id:%(user_id)s|false",
        "'True':%(shared)s|true",
        "field:networks:shared=True|true",
        "field:networks:shared=False|false",
        "field:port:device_owner=~^network:|true",
        "field:port:device_owner=~^compute:|false",
        "is_admin:False|true",
        "no_such_credential:x|false",
      })
  void readsTheLanguage(String rule, boolean holds) {
    assertThat(holds(rule)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role",
        "role:a or",
        "(role:a",
        "role:a)",
        "or role:a",
        "not",
        "role:a role:b",
        "field:x=1",
        "http://example.org/%(id)s",
        "field:a:b=~(",
        ":x"
      })
  void saysWhatIsWrong(String rule) {
    assertThatThrownBy(() -> RuleParser.parse(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rule);
  }

  private static Catalog catalog() {
    return Features.load().catalog();
  }

  @Test
  void refusesRulesThatLeadBackToThemselves() {
    assertThatThrownBy(() -> Policy.of(catalog(), Map.of("a", "rule:b", "b", "not rule:a"), false))
        .hasMessageContaining("leads back to itself")
        .hasMessageMatching(".*(a > b > a|b > a > b)");
  }

  @Test
  void namesTheRuleThatCannotBeRead() {
    assertThatThrownBy(() -> Policy.of(catalog(), Map.of("get_port", "rolle"), false))
        .hasMessageContaining("get_port")
        .hasMessageContaining("'rolle' is no kind:match");
  }

  /** Names that operators have in their files. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create_network:shared",
        "create_network:router:external",
        "create_network:provider:network_type",
        "get_network:provider:physical_network",
        "create_port:mac_address",
        "create_port:fixed_ips",
        "create_port:fixed_ips:ip_address",
        "create_port:device_owner",
        "update_port:mac_address",
        "get_port:binding:host_id",
        "create_port:binding:profile",
        "create_port:port_security_enabled",
        "create_port:allowed_address_pairs",
        "create_router:external_gateway_info:enable_snat",
        "update_router:external_gateway_info:external_fixed_ips",
        "create_floatingip:floating_ip_address",
        "get_security_group_rule",
        "delete_subnet"
      })
  void hasNeutronsNames(String rule) {
    assertThat(Policy.defaults(catalog()).texts()).containsKey(rule);
  }

  @Test
  void administratorsAreWhomThePolicyCallsSo() {
    Policy usual = Policy.defaults(catalog());
    assertThat(usual.judged(MEMBER).admin()).isFalse();
    Policy changed = Policy.of(catalog(), Map.of("context_is_admin", "user_id:u1"), false);
    assertThat(changed.judged(MEMBER).admin()).isTrue();
  }

  @Test
  void readsYamlJsonAndTheOldListForm(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(file, "# rules\n\"get_port\": \"rule:admin_only\"\ncreate_port: ''\n");
    assertThat(PolicyFile.read(file))
        .isEqualTo(Map.of("get_port", "rule:admin_only", "create_port", ""));
    Files.writeString(file, "{\"a\": [[\"role:x\", \"role:y\"], \"role:z\"], \"b\": []}");
    assertThat(PolicyFile.read(file))
        .isEqualTo(Map.of("a", "(role:x and role:y) or role:z", "b", ""));
    Files.writeString(file, "");
    assertThat(PolicyFile.read(file)).isEmpty();
    for (String wrong : new String[] {"- a\n", "a: {b: c}\n", "a: 'x\n", "a: ''\na: ''\n"}) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> PolicyFile.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
