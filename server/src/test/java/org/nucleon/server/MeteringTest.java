package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.feature.Option;
import org.nucleon.server.LiveServer.Reply;
import org.nucleon.server.config.IniConfiguration;

/** Metering labels and rules, and service providers. */
final class MeteringTest {

  private static final String[] READER = {"X-Project-Id", "ada", "X-Roles", "reader"};
  private static final String[] MEMBER = {"X-Project-Id", "ada", "X-Roles", "member"};
  private static final String LABELS = "/metering/metering-labels";
  private static final String RULES = "/metering/metering-label-rules";
  private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

  @TempDir static Path folder;
  static LiveServer server;
  private String label;

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            folder,
            "service_providers",
            "service_provider",
            "L3_ROUTER_NAT:one:x:default\nVPN:strong:y");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeLabel() {
    label = server.create(LABELS, "metering_label", Map.of("name", "l", "tenant_id", "ada"));
  }

  private Map<String, Object> rule(Object... pairs) {
    Map<String, Object> rule = new HashMap<>();
    rule.put("metering_label_id", label);
    rule.put("direction", "ingress");
    for (int i = 0; i < pairs.length; i += 2) {
      rule.put((String) pairs[i], pairs[i + 1]);
    }
    return rule;
  }

  private Reply post(Object... pairs) {
    return server.post(RULES, Map.of("metering_label_rule", rule(pairs)));
  }

  private void made(Object... pairs) {
    assertThat(post(pairs).status()).isEqualTo(201);
  }

  private static void refused(Reply reply, String error, String says) {
    assertThat(reply.status() + " " + reply.type()).as("%s", reply).isEqualTo(error);
    assertThat(reply.message()).contains(says);
  }

  @Test
  void labelsAreMadeShownAndRemoved() {
    Reply shown = server.get(LABELS + "/" + label);
    assertThat(shown.at("metering_label", "name")).isEqualTo("l");
    assertThat(shown.at("metering_label", "shared")).isEqualTo(false);
    assertThat(shown.at("metering_label", "tenant_id")).isEqualTo("ada");
    refused(
        server.put(LABELS + "/" + label, Map.of("metering_label", Map.of("name", "x"))),
        "400 HTTPBadRequest",
        "name");
    String shared = server.create(LABELS, "metering_label", Map.of("shared", true));
    assertThat(LiveServer.column(server.get(LABELS + "?shared=true"), "metering_labels", "id"))
        .containsExactly(shared);
    Reply sorted = server.get(LABELS + "?sort_key=description&limit=1");
    assertThat(sorted.at("metering_labels_links", 0, "href").toString())
        .contains("/v2.0/metering/metering-labels?");
    made("source_ip_prefix", "192.0.2.0/24");
    assertThat(server.delete(LABELS + "/" + label).status()).isEqualTo(204);
    assertThat(server.get(RULES + "?metering_label_id=" + label).at("metering_label_rules"))
        .as("its rules go with it")
        .isEqualTo(List.of());
    refused(server.get(LABELS + "/" + label), "404 MeteringLabelNotFound", label);
    refused(server.delete(RULES + "/" + NOBODY), "404 MeteringLabelRuleNotFound", NOBODY);
    assertThat(server.get("/metering").status()).isEqualTo(404);
    assertThat(server.get("/metering-labels").status()).isEqualTo(404);
    assertThat(server.get("/metering/networks").status()).isEqualTo(404);
  }

  @Test
  void rulesSayWhichTraffic() {
    made("remote_ip_prefix", "10.0.0.0/24", "excluded", true);
    made("source_ip_prefix", "10.1.0.0/24", "destination_ip_prefix", "10.2.0.0/24");
    refused(post(), "400 BadRequest", "remote_ip_prefix");
    refused(
        post("remote_ip_prefix", "10.0.0.0/24", "source_ip_prefix", "10.1.0.0/24"),
        "400 BadRequest",
        "combined");
    refused(
        post("source_ip_prefix", "10.1.0.0/24", "destination_ip_prefix", "2001:db8::/32"),
        "400 BadRequest",
        "version");
    refused(post("remote_ip_prefix", "10.0.0.1/24"), "400 HTTPBadRequest", "10.0.0.0/24");
    refused(post("remote_ip_prefix", "10.0.0.1"), "400 HTTPBadRequest", "remote_ip_prefix");
    refused(
        post("remote_ip_prefix", "10.0.0.0/24", "direction", "both"),
        "400 HTTPBadRequest",
        "direction");
    refused(
        post("remote_ip_prefix", "10.0.0.0/24", "metering_label_id", NOBODY),
        "404 MeteringLabelNotFound",
        NOBODY);
  }

  @Test
  void rulesOfALabelDoNotOverlap() {
    made("remote_ip_prefix", "10.0.0.0/16");
    refused(
        post("remote_ip_prefix", "10.0.3.0/24"), "409 MeteringLabelRuleOverlaps", "10.0.3.0/24");
    refused(
        post("source_ip_prefix", "10.0.3.0/24"), "409 MeteringLabelRuleOverlaps", "10.0.3.0/24");
    made("remote_ip_prefix", "10.0.3.0/24", "excluded", true);
    made("remote_ip_prefix", "10.0.3.0/24", "direction", "egress");
    made("remote_ip_prefix", "10.1.0.0/16");
    made("remote_ip_prefix", "2001:db8::/32");
    made("source_ip_prefix", "10.4.0.0/24", "destination_ip_prefix", "10.5.0.0/24");
    made("source_ip_prefix", "10.4.0.0/24", "destination_ip_prefix", "10.5.1.0/24");
    refused(
        post("source_ip_prefix", "10.4.0.0/16", "destination_ip_prefix", "10.5.1.128/25"),
        "409 MeteringLabelRuleOverlaps",
        "10.5.1.128/25");
    String other = server.create(LABELS, "metering_label", Map.of("name", "other"));
    made("remote_ip_prefix", "10.0.0.0/16", "metering_label_id", other);
  }

  @Test
  void sameRuleTwiceInOneRequestIsRefused() {
    Object one = rule("remote_ip_prefix", "10.0.0.0/24");
    refused(
        server.post(RULES, Map.of("metering_label_rules", List.of(one, one))),
        "409 DuplicateMeteringRuleInPost",
        "Duplicate");
    Object two = rule("remote_ip_prefix", "10.0.1.0/24");
    Reply both = server.post(RULES, Map.of("metering_label_rules", List.of(one, two)));
    assertThat((List<?>) both.at("metering_label_rules")).hasSize(2);
  }

  @Test
  void administratorsWriteAndReadersSeeTheirOwn() {
    refused(
        server.post(LABELS, Map.of("metering_label", Map.of("name", "x")), MEMBER),
        "403 PolicyNotAuthorized",
        "create_metering_label");
    assertThat(LiveServer.column(server.get(LABELS, READER), "metering_labels", "id"))
        .contains(label);
    assertThat(server.get(LABELS, MEMBER).at("metering_labels")).isEqualTo(List.of());
    assertThat(server.delete(LABELS + "/" + label, READER).status()).isEqualTo(403);
    assertThat(server.delete(LABELS + "/" + label, MEMBER).status()).isEqualTo(404);
    assertThat(LiveServer.column(server.get("/extensions"), "extensions", "alias"))
        .contains("metering", "metering_source_and_destination_fields", "service-type");
  }

  @Test
  void serviceProvidersAreThoseOfTheConfiguration() {
    assertThat(server.get("/service-providers", MEMBER).at("service_providers"))
        .isEqualTo(
            List.of(
                Map.of("service_type", "L3_ROUTER_NAT", "name", "one", "default", true),
                Map.of("service_type", "VPN", "name", "strong", "default", false)));
    assertThat(
            LiveServer.column(
                server.get("/service-providers?default=True&fields=name"),
                "service_providers",
                "name"))
        .containsExactly("one");
    assertThat(server.delete("/service-providers").status()).isEqualTo(405);
    for (String wrong :
        List.of(
            "VPN:a",
            "VPN:a:b:c",
            "WHAT:a:b",
            "VPN::b",
            "VPN:a:b\nVPN:a:c",
            "VPN:a:b:default\nVPN:c:d:default")) {
      assertThatThrownBy(() ->
              LiveServer.start(
                      folder.resolve("wrong" + wrong.hashCode()),
                      "service_providers",
                      "service_provider",
                      wrong)
                  .close())
          .as(wrong)
          .hasMessageContaining("service_provider");
    }
  }

  @Test
  void linesOfAMultiOptionAddUp() throws Exception {
    Path file = folder.resolve("many.ini");
    Files.writeString(file, "[a]\nb = one\nb = two\n  three\nc = x\nc = y\n");
    IniConfiguration configuration = IniConfiguration.read(List.of(file));
    assertThat(configuration.get(Option.multi("a", "b", "", "")))
        .containsExactly("one", "two", "three");
    assertThat(configuration.get(Option.text("a", "c", "", ""))).isEqualTo("y");
  }
}
