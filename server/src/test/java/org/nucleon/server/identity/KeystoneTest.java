package org.nucleon.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer;
import org.nucleon.server.LiveServer.Reply;

/** A real Keystone tells callers apart. */
@Tag("os")
final class KeystoneTest {

  private static final Map<String, Object> NETWORK = Map.of("network", Map.of("name", "n"));

  @TempDir static Path folder;
  static KeystoneServer keystone;
  static LiveServer server;
  static String red;
  static String alice;
  static String bob;
  static String admin;

  private static final List<String> LOGGED = Collections.synchronizedList(new ArrayList<>());
  private static final Handler LISTENER = listener();

  private static Handler listener() {
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            LOGGED.add(new SimpleFormatter().format(record));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    return handler;
  }

  @BeforeAll
  static void start() throws Exception {
    Logger.getLogger("").addHandler(LISTENER);
    Logger.getLogger("nucleon").setLevel(Level.ALL);
    keystone = KeystoneServer.start(Files.createDirectory(folder.resolve("keystone")));
    red = keystone.project("red");
    String blue = keystone.project("blue");
    keystone.user("alice", red, "member");
    keystone.user("rita", red, "reader");
    keystone.user("bob", blue, "member");
    server = LiveServer.start(Files.createDirectory(folder.resolve("a")), keystone.options());
    keystone.endpoint("network", server.base());
    alice = keystone.token("alice", "red");
    bob = keystone.token("bob", "blue");
    admin = keystone.token("admin", "admin");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    keystone.close();
    Logger.getLogger("nucleon").setLevel(null);
    Logger.getLogger("").removeHandler(LISTENER);
    assertThat(LOGGED).as("Keystone was away, and that is told").isNotEmpty();
    for (String secret : List.of(alice, bob, admin, KeystoneServer.PASSWORD)) {
      assertThat(LOGGED).as("OSSA-2017-001").noneMatch(line -> line.contains(secret));
    }
  }

  @Test
  void whoHasNoGoodTokenIsToldWhereToGetOne() {
    for (String[] headers :
        List.of(
            new String[] {},
            new String[] {"X-Auth-Token", ""},
            new String[] {"X-Auth-Token", "gAAAA"},
            new String[] {"X-Auth-Token", "x".repeat(9_000)},
            new String[] {"X-Auth-Token", "../../v3/users"},
            new String[] {"X-Service-Token", admin})) {
      for (String path : List.of("/networks", "/extensions", "/nothing", "")) {
        Reply reply = server.get(path, headers);
        assertThat(reply.status()).as("%s %s", Arrays.asList(headers), reply).isEqualTo(401);
        assertThat(reply.headers().get("www-authenticate"))
            .containsExactly("Keystone uri=\"" + keystone.url() + "\"");
      }
    }
    assertThat(server.send("GET", "/", "").status()).isEqualTo(200);
    assertThat(server.send("GET", "/healthcheck", "").status()).isEqualTo(200);
  }

  @Test
  void tokensNameTheProject() {
    Reply made = server.post("/networks", NETWORK, "X-Auth-Token", alice);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("network", "project_id")).isEqualTo(red);
    assertThat(made.at("network").toString()).doesNotContain("provider:network_type");
    String path = "/networks/" + made.at("network", "id");
    assertThat(server.get(path, "X-Auth-Token", bob).status()).isEqualTo(404);
    assertThat(server.delete(path, "X-Auth-Token", bob).status()).isEqualTo(404);
    Reply seen = server.get(path, "X-Auth-Token", admin);
    assertThat(seen.at("network", "provider:network_type")).isEqualTo("vxlan");
  }

  /** corrections: whatever a client says of itself beside its token is not heard. */
  @Test
  void noOtherHeaderSaysWhoCalls() {
    Object shared = Map.of("network", Map.of("name", "n", "shared", true));
    List<String> headers = new ArrayList<>(List.of("X-Auth-Token", bob));
    for (String name :
        List.of(
            "X-Roles",
            "x-roles",
            "X-ROLES",
            "X-Role",
            "X_Roles",
            "X-Project-Id",
            "X-Tenant-Id",
            "X-Tenant",
            "X-User-Id",
            "X-User",
            "X-Is-Admin-Project",
            "X-Identity-Status",
            "X-Service-Roles",
            "X-Service-Identity-Status",
            "OpenStack-System-Scope")) {
      String value =
          switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "x-project-id", "x-tenant-id", "x-tenant" -> red;
            case "x-identity-status", "x-service-identity-status" -> "Confirmed";
            case "x-is-admin-project" -> "True";
            default -> "admin";
          };
      headers.addAll(List.of(name, value, name, value));
    }
    Reply refused = server.post("/networks", shared, headers.toArray(String[]::new));
    assertThat(refused.status()).as("%s", refused).isEqualTo(403);
    assertThat(refused.type()).isEqualTo("PolicyNotAuthorized");
    Reply made = server.post("/networks", NETWORK, headers.toArray(String[]::new));
    assertThat(made.at("network", "project_id")).isNotEqualTo(red);
  }

  @Test
  void readersOnlyReadWhereRolesAreEnforced() throws Exception {
    List<String> options = new ArrayList<>(Arrays.asList(keystone.options()));
    options.addAll(List.of("oslo_policy", "enforce_new_defaults", "true"));
    String rita = keystone.token("rita", "red");
    try (LiveServer strict =
        LiveServer.start(
            Files.createDirectory(folder.resolve("b")), options.toArray(String[]::new))) {
      assertThat(strict.post("/networks", NETWORK, "X-Auth-Token", rita).status()).isEqualTo(403);
      Reply made = strict.post("/networks", NETWORK, "X-Auth-Token", alice);
      String path = "/networks/" + made.at("network", "id");
      assertThat(strict.get(path, "X-Auth-Token", rita).status()).isEqualTo(200);
      assertThat(strict.delete(path, "X-Auth-Token", rita).status()).isEqualTo(403);
      assertThat(strict.delete(path, "X-Auth-Token", alice).status()).isEqualTo(204);
    }
  }

  /** What was said of a token goes on; what was never asked cannot be told. */
  @Test
  void keystoneAway() throws Exception {
    String unknown = keystone.token("alice", "red");
    assertThat(server.get("/networks", "X-Auth-Token", alice).status()).isEqualTo(200);
    keystone.stop();
    assertThat(server.get("/networks", "X-Auth-Token", alice).status()).isEqualTo(200);
    Reply refused = server.get("/networks", "X-Auth-Token", unknown);
    assertThat(refused.status()).as("%s", refused).isEqualTo(503);
    assertThat(refused.headers()).containsKey("retry-after");
    keystone.run();
    Reply again;
    do { // the pause after a failure
      again = server.get("/networks", "X-Auth-Token", unknown);
    } while (again.status() == 503);
    assertThat(again.status()).isEqualTo(200);
  }

  @Test
  void theOpenstackClientLogsIn() throws Exception {
    ProcessBuilder openstack =
        new ProcessBuilder("openstack", "network", "create", "-f", "value", "-c", "status", "mine");
    openstack
        .environment()
        .putAll(
            Map.of(
                "OS_AUTH_URL", keystone.url(),
                "OS_USERNAME", "alice",
                "OS_PASSWORD", KeystoneServer.PASSWORD,
                "OS_PROJECT_NAME", "red",
                "OS_USER_DOMAIN_ID", "default",
                "OS_PROJECT_DOMAIN_ID", "default"));
    Process client = openstack.redirectErrorStream(true).start();
    client.getOutputStream().close();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.strip()).isEqualTo("ACTIVE");
    assertThat(client.waitFor()).isZero();
  }
}
