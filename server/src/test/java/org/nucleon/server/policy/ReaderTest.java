package org.nucleon.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Visibility;
import org.nucleon.server.LiveServer;
import org.nucleon.server.LiveServer.Reply;

/** Who only reads writes nothing, by no path (CVE-2026-49299, OSSA-2024-005). */
final class ReaderTest {

  private static final String[] READER = {"X-Project-Id", "p", "X-Roles", "reader"};
  private static final String[] MEMBER = {"X-Project-Id", "p", "X-Roles", "member"};
  private static final String[] OTHER = {"X-Project-Id", "q", "X-Roles", "member"};

  @TempDir static Path folder;
  static LiveServer server;
  static String network;
  static String port;
  static String router;
  static String group;
  static String policy;

  @BeforeAll
  static void start() {
    server = LiveServer.start(folder, "oslo_policy", "enforce_new_defaults", "true");
    network = server.create("/networks", "network", Map.of("name", "n"), MEMBER);
    port = server.create("/ports", "port", Map.of("network_id", network), MEMBER);
    router = server.create("/routers", "router", Map.of("name", "r"), MEMBER);
    policy =
        server.create(
            "/qos/policies", "policy", Map.of("name", "q", "shared", true, "tenant_id", "p"));
    group = server.create("/security-groups", "security_group", Map.of("name", "g"), MEMBER);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aReaderSees() {
    assertThat(server.get("/networks/" + network, READER).status()).isEqualTo(200);
    assertThat(server.get("/ports/" + port, READER).status()).isEqualTo(200);
  }

  @Test
  void noCollectionTakesAnythingFromAReader() {
    long before = server.server().engine().picture().number();
    for (Layout layout : server.server().engine().catalog().layouts()) {
      if (layout.type().visibility() != Visibility.INTERNAL) {
        Map<String, Object> values = needed(layout.type().name());
        Reply reply =
            server.post(collection(layout.type()), Map.of(layout.type().name(), values), READER);
        assertThat(reply.status()).as("%s: %s", layout.type(), reply).isBetween(400, 404);
        Object bulk = Map.of(layout.type().plural(), List.of(values));
        assertThat(server.post(collection(layout.type()), bulk, READER).status())
            .as("%s", layout.type())
            .isBetween(400, 404);
      }
    }
    assertThat(server.server().engine().picture().number()).isEqualTo(before);
  }

  private static String collection(ResourceType type) {
    return type.below() == null
        ? "/" + type.path()
        : collection(type.above())
            + "/"
            + (type.above().name().equals("port") ? port : policy)
            + "/"
            + type.path();
  }

  private static Map<String, Object> needed(String type) {
    return switch (type) {
      case "network", "router", "security_group" -> Map.of("name", "x");
      case "port" -> Map.of("network_id", network);
      case "subnet" -> Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/24");
      case "security_group_rule" -> Map.of("security_group_id", group, "direction", "ingress");
      case "bandwidth_limit_rule" -> Map.of("max_kbps", 1);
      case "binding" -> Map.of("host", "h");
      case "dscp_marking_rule" -> Map.of("dscp_mark", 8);
      default -> Map.of();
    };
  }

  @Test
  void nothingOfItsProjectIsChangedByAReader() {
    refusesAll(READER, 403);
  }

  /** OSSA-2024-005: tags are their parent's, and what is not one's own is not there. */
  @Test
  void nothingOfAnotherProjectIsChangedByAMember() {
    refusesAll(OTHER, 404);
  }

  private static void refusesAll(String[] caller, int status) {
    long before = server.server().engine().picture().number();
    for (String path :
        List.of(
            "/networks/" + network,
            "/ports/" + port,
            "/routers/" + router,
            "/security-groups/" + group)) {
      String type = path.substring(1, path.indexOf('/', 1) - 1).replace('-', '_');
      Object change = Map.of(type, Map.of("name", "y"));
      assertThat(server.put(path, change, caller).status()).as(path).isEqualTo(status);
      assertThat(server.delete(path, caller).status()).as(path).isEqualTo(status);
      Object tags = Map.of("tags", List.of("red"));
      assertThat(server.put(path + "/tags", tags, caller).status()).as(path).isEqualTo(status);
      assertThat(server.send("PUT", "/v2.0" + path + "/tags/red", "", caller).status())
          .as(path)
          .isEqualTo(status);
      assertThat(server.delete(path + "/tags", caller).status()).as(path).isEqualTo(status);
      assertThat(server.delete(path + "/tags/red", caller).status()).as(path).isEqualTo(status);
    }
    for (String action : List.of("add_router_interface", "remove_router_interface")) {
      Object interfaces = Map.of("port_id", port);
      assertThat(server.put("/routers/" + router + "/" + action, interfaces, caller).status())
          .as(action)
          .isEqualTo(status);
    }
    assertThat(server.put("/quotas/p", Map.of("quota", Map.of("port", 1)), caller).status())
        .isEqualTo(403);
    assertThat(server.delete("/quotas/p", caller).status()).isEqualTo(403);
    assertThat(server.get("/watch?type=port", caller).status()).isEqualTo(403);
    assertThat(server.server().engine().picture().number()).isEqualTo(before);
  }
}
