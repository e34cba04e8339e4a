package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/** The unmodified openstack client does with each resource what its users do. */
@Tag("os")
final class OpenstackClientTest {

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

  /** Runs several commands in one client, as starting it takes a second; what it wrote. */
  private static String run(String... lines) throws IOException, InterruptedException {
    ProcessBuilder openstack = new ProcessBuilder("openstack").redirectErrorStream(true);
    openstack.environment().put("OS_AUTH_TYPE", "none"); // as --os-auth-type, for all commands
    openstack.environment().put("OS_ENDPOINT", server.base());
    Process client = openstack.start();
    try (var in = client.getOutputStream()) {
      in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    client.waitFor();
    assertThat(said)
        .doesNotContain("Exception", "HttpException", "BadRequest", "No ", "rror", "sage:");
    return said;
  }

  /** The JSON values in the client's output, in order. */
  private static List<Object> json(String said) throws MalformedJson {
    List<Object> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    for (String line : said.lines().map(l -> l.replace("(openstack) ", "")).toList()) {
      if (!value.isEmpty() || line.startsWith("{") || line.startsWith("[")) {
        value.append(line);
        if (line.startsWith("}") || line.startsWith("]") || line.equals("[]")) {
          values.add(Json.parse(value.toString()));
          value.setLength(0);
        }
      }
    }
    return values;
  }

  private static Object in(Object json, String name) {
    return ((Map<?, ?>) json).get(name);
  }

  @Test
  void networksSubnetsAndPorts() throws Exception {
    List<Object> said =
        json(
            run(
                "network create --share --description d -f json n1",
                "subnet create --network n1 --subnet-range 10.0.0.0/24 --gateway 10.0.0.254"
                    + " --dns-nameserver 192.0.2.1 --allocation-pool start=10.0.0.10,end=10.0.0.20"
                    + " --host-route destination=10.9.0.0/16,gateway=10.0.0.3 -f json s1",
                "port create --network n1 --fixed-ip subnet=s1,ip-address=10.0.0.15"
                    + " --mac-address fa:16:3e:00:00:09 -f json p1",
                "network list -f json",
                "subnet list -f json",
                "port list --network n1 -f json",
                "network set --name n2 n1",
                "subnet set --no-dhcp --name s2 s1",
                "subnet unset --dns-nameserver 192.0.2.1 s2",
                "port set --name p2 --disable p1",
                "port unset --fixed-ip subnet=s2,ip-address=10.0.0.15 p2",
                "network show -f json n2",
                "subnet show -f json s2",
                "port show -f json p2",
                "port delete p2",
                "subnet delete s2",
                "network delete n2",
                "network list -f json"));
    assertThat(said).hasSize(10);
    assertThat(in(said.get(0), "shared")).isEqualTo(true);
    assertThat(in(said.get(1), "gateway_ip")).isEqualTo("10.0.0.254");
    assertThat(in(said.get(2), "mac_address")).isEqualTo("fa:16:3e:00:00:09");
    for (int list = 3; list < 6; list++) {
      assertThat((List<?>) said.get(list)).hasSize(1);
    }
    assertThat(in(said.get(6), "name")).isEqualTo("n2");
    assertThat(in(said.get(7), "enable_dhcp")).isEqualTo(false);
    assertThat(in(said.get(7), "dns_nameservers")).isEqualTo(List.of());
    assertThat(in(said.get(8), "admin_state_up")).isEqualTo(false);
    assertThat(in(said.get(8), "fixed_ips")).isEqualTo(List.of());
    assertThat((List<?>) said.get(9)).isEmpty();
  }

  @Test
  void securityGroupsAndRules() throws Exception {
    List<Object> said =
        json(
            run(
                "security group create --description d -f json g1",
                "security group rule create --protocol tcp --dst-port 80:81"
                    + " --remote-ip 10.0.0.0/8 -f json g1",
                "security group rule create --protocol icmp --remote-group g1 -f json g1",
                "security group rule list -f json g1",
                "security group list -f json",
                "security group set --name g2 g1",
                "security group show -f json g2",
                "security group delete g2"));
    assertThat(said).hasSize(6);
    assertThat(in(said.get(1), "port_range_max")).isEqualTo(81);
    assertThat((List<?>) said.get(3)).hasSize(4);
    assertThat(in(said.get(5), "name")).isEqualTo("g2");
  }

  @Test
  void routersAndFloatingIps() throws Exception {
    List<Object> said =
        json(
            run(
                "network create --external -f json ext",
                "subnet create --network ext --subnet-range 203.0.113.0/24 --no-dhcp -f json exts",
                "network create -f json in",
                "subnet create --network in --subnet-range 10.3.0.0/24 -f json ins",
                "router create -f json r1",
                "router set --external-gateway ext r1",
                "router add subnet r1 ins",
                "port create --network in -f json guest",
                "floating ip create --port guest --floating-ip-address 203.0.113.99 -f json ext",
                "floating ip list -f json",
                "router list -f json",
                "router show -f json r1",
                "floating ip unset --port 203.0.113.99",
                "floating ip set --port guest 203.0.113.99",
                "floating ip show -f json 203.0.113.99",
                "router set --route destination=10.8.0.0/24,gateway=10.3.0.9 r1",
                "router unset --route destination=10.8.0.0/24,gateway=10.3.0.9 r1",
                "floating ip delete 203.0.113.99",
                "router remove subnet r1 ins",
                "router unset --external-gateway r1",
                "router delete r1",
                "port delete guest",
                "network delete in ext",
                "router list -f json"));
    assertThat(in(said.get(6), "floating_ip_address")).isEqualTo("203.0.113.99");
    assertThat(in(said.get(10), "status")).isNotNull();
    assertThat((List<?>) said.getLast()).isEmpty();
  }

  @Test
  void agentsAndExtensions() throws Exception {
    List<Object> said = json(run("network agent list -f json", "extension list --network -f json"));
    assertThat((List<?>) said.get(0)).isEmpty();
    assertThat(((List<?>) said.get(1)).stream().map(one -> in(one, "Alias")))
        .contains("security-group", "router", "binding");
  }
}
