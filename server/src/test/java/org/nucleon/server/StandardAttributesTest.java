package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType.Visibility;
import org.nucleon.server.LiveServer.Reply;

/** Times, revisions and tags: on the types on which Neutron has them. */
final class StandardAttributesTest {

  private static final List<String> ALL =
      List.of("created_at", "updated_at", "revision_number", "tags");
  private static final List<String> WITHOUT_TAGS = ALL.subList(0, 3);

  /** As Neutron's reference of the API has them. */
  private static final Map<String, List<String>> EXPECTED =
      Map.ofEntries(
          Map.entry("network", ALL),
          Map.entry("subnet", ALL),
          Map.entry("subnetpool", ALL),
          Map.entry("port", ALL),
          Map.entry("router", ALL),
          Map.entry("floatingip", ALL),
          Map.entry("security_group", ALL),
          Map.entry("security_group_rule", WITHOUT_TAGS),
          Map.entry("address_scope", List.of()),
          Map.entry("rbac_policy", List.of()),
          Map.entry("metering_label", List.of()),
          Map.entry("metering_label_rule", List.of()),
          Map.entry("policy", ALL),
          Map.entry("bandwidth_limit_rule", List.of()),
          Map.entry("dscp_marking_rule", List.of()));

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

  @Test
  void everyTypeHasThoseThatNeutronHas() {
    Map<String, List<String>> declared = new TreeMap<>();
    for (Layout layout : server.server().engine().catalog().layouts()) {
      if (layout.type().visibility() == Visibility.OWNER) {
        declared.put(
            layout.type().name(),
            ALL.stream().filter(name -> layout.attribute(name).isPresent()).toList());
      }
    }
    assertThat(declared).isEqualTo(EXPECTED);
  }

  @ParameterizedTest
  @CsvSource({
    "/networks,            network,        name=n",
    "/subnetpools,         subnetpool,     name=p prefixes=10.0.0.0/8",
    "/address-scopes,      address_scope,  name=s ip_version=4",
    "/metering/metering-labels, metering_label, name=l",
  })
  void theApiShowsThoseAndActsByNoOthers(String path, String type, String values) {
    Map<String, Object> body = new TreeMap<>();
    for (String pair : values.split(" ")) {
      String[] parts = pair.split("=");
      body.put(parts[0], parts[0].equals("prefixes") ? List.of(parts[1]) : parts[1]);
    }
    String one = path + "/" + server.create(path, type, body);
    boolean has = EXPECTED.get(type).contains("tags");
    assertThat(((Map<?, ?>) server.get(one).at(type)).keySet().stream().map(String::valueOf))
        .filteredOn(ALL::contains)
        .containsExactlyInAnyOrderElementsOf(EXPECTED.get(type));
    Stream.of("changed_since=2999-01-01T00:00:00Z", "tags=red", "revision_number=77")
        .forEach(filter -> {
          Reply found = server.get(path + "?" + filter);
          assertThat(found.status()).as(filter).isEqualTo(has ? 200 : 400);
          if (!has) {
            assertThat(found.message()).contains(filter.substring(0, filter.indexOf('=')));
          }
        });
    Object tags = Map.of("tags", List.of("red"));
    assertThat(server.put(one + "/tags", tags).status()).isEqualTo(has ? 200 : 404);
    assertThat(server.get(one + "/tags/red").status()).isEqualTo(has ? 204 : 404);
    Map<String, Object> change = Map.of(type, Map.of("name", "other"));
    if (!type.startsWith("metering")) {
      assertThat(server.put(one, change, "If-Match", "revision_number=4711").status())
          .isEqualTo(has ? 412 : 200);
    }
  }
}
