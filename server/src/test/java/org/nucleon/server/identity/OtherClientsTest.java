package org.nucleon.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.server.LiveServer;

/** Clients that others wrote, unmodified, with tokens of a real Keystone. */
@Tag("os")
final class OtherClientsTest {

  @TempDir static Path folder;
  static KeystoneServer keystone;
  static LiveServer server;

  @BeforeAll
  static void start() throws Exception {
    keystone = KeystoneServer.start(Files.createDirectory(folder.resolve("keystone")));
    keystone.user("alice", keystone.project("red"), "member");
    keystone.user("bob", keystone.project("blue"), "member");
    server = LiveServer.start(Files.createDirectory(folder.resolve("state")), keystone.options());
    keystone.endpoint("network", server.base());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    keystone.close();
  }

  private static String run(String input, String... command)
      throws IOException, InterruptedException {
    return run(input, Map.of(), command);
  }

  private static String run(String input, Map<String, String> more, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder client = new ProcessBuilder(command).redirectErrorStream(true);
    client.environment().putAll(more);
    client
        .environment()
        .putAll(
            Map.of(
                "OS_AUTH_URL", keystone.url(),
                "OS_IDENTITY_API_VERSION", "3",
                "OS_USERNAME", "alice",
                "OS_PASSWORD", KeystoneServer.PASSWORD,
                "OS_PROJECT_NAME", "red",
                "OS_USER_DOMAIN_ID", "default",
                "OS_PROJECT_DOMAIN_ID", "default"));
    Process process = client.start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static String text(String resource) throws IOException {
    try (InputStream text = OtherClientsTest.class.getResourceAsStream(resource)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void openstacksdk() throws Exception {
    assertThat(run(text("sdk.py"), "/usr/bin/python3", "-").strip()).endsWith("all well");
  }

  /** Debian's package of it, which is a GOPATH of sources; built with no network. */
  @Test
  void gophercloud() throws Exception {
    Path build = Files.createDirectory(folder.resolve("go"));
    Path source = Files.writeString(build.resolve("main.go"), text("gophercloud.go"));
    Map<String, String> go =
        Map.of(
            "GO111MODULE",
            "off",
            "GOPATH",
            "/usr/share/gocode",
            "GOCACHE",
            build.resolve("cache").toString());
    assertThat(run("", go, "go", "run", source.toString()).strip()).endsWith("all well");
  }

  @Test
  void openstack4j() {
    new Openstack4jWalk(keystone.url()).walk();
  }

  /** The client of Kilo's time; it says of itself that it is deprecated. */
  @Test
  void neutron() throws Exception {
    String said =
        run(
            """
            net-create old
            subnet-create old 10.1.0.0/24 --name olds
            port-create old --name oldp
            net-list
            port-list -c name -c mac_address
            router-create oldr
            router-interface-add oldr olds
            router-port-list oldr
            security-group-create oldg
            security-group-rule-create oldg --direction ingress --protocol tcp --port-range-min 22 --port-range-max 22
            security-group-rule-list
            port-update oldp --security-group oldg
            port-show oldp
            net-update old --name older
            quota-show
            ext-list
            subnetpool-create --pool-prefix 10.32.0.0/16 --default-prefixlen 24 oldpool
            router-interface-delete oldr olds
            router-delete oldr
            port-delete oldp
            security-group-delete oldg
            subnetpool-delete oldpool
            net-delete older
            net-list
            """,
            "neutron");
    assertThat(said)
        .contains(
            "Created a new network:",
            "Created a new subnet:",
            "Created a new port:",
            "Created a new router:",
            "Created a new security_group:",
            "Created a new security_group_rule:",
            "Created a new subnetpool:",
            "to router oldr.",
            "Updated port: oldp",
            "Updated network: old",
            "Removed interface from router oldr.",
            "Deleted network(s): older")
        .doesNotContain("Traceback", "Unable to", "Neutron server returns", "Unrecognized");
  }
}
