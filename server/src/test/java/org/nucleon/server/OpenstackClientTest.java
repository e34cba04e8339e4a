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
import org.nucleon.core.feature.AgentDescription;
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
    return run(server, lines);
  }

  private static String run(LiveServer server, String... lines)
      throws IOException, InterruptedException {
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
  void subnetsOfIpv6() throws Exception {
    List<Object> said =
        json(
            run(
                "network create n6",
                "subnet create --network n6 --ip-version 6 --subnet-range 2001:db8:1::/64"
                    + " --ipv6-ra-mode slaac --ipv6-address-mode slaac"
                    + " --dns-nameserver 2001:db8::53 -f json s6",
                "subnet create --network n6 --ip-version 6 --subnet-range 2001:db8:2::/64"
                    + " --gateway none --no-dhcp -f json t6",
                "port create --network n6 --mac-address fa:16:3e:00:00:09 -f json p6",
                "subnet list --ip-version 6 --network n6 -f json",
                "port list --fixed-ip ip-address=2001:db8:1::f816:3eff:fe00:9 -f json",
                "port delete p6",
                "subnet delete s6 t6",
                "network delete n6"));
    assertThat(in(said.get(0), "ipv6_ra_mode")).isEqualTo("slaac");
    assertThat(in(said.get(0), "ipv6_address_mode")).isEqualTo("slaac");
    assertThat(in(said.get(0), "gateway_ip")).isEqualTo("2001:db8:1::1");
    assertThat(in(said.get(1), "gateway_ip")).isNull();
    assertThat(String.valueOf(in(said.get(2), "fixed_ips")))
        .contains("2001:db8:1:0:f816:3eff:fe00:9", "2001:db8:2::1");
    assertThat((List<?>) said.get(3)).hasSize(2);
    assertThat((List<?>) said.get(4)).hasSize(1);
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
  void qosPoliciesAndRules() throws Exception {
    List<Object> said =
        json(
            run(
                "network qos policy create --share --description d -f json q1",
                "network qos rule create --type bandwidth-limit --max-kbps 10000"
                    + " --max-burst-kbits 8000 --egress -f json q1",
                "network qos rule create --type dscp-marking --dscp-mark 26 -f json q1",
                "network qos rule list -f json q1",
                "network qos policy list -f json",
                "network qos rule type list -f json",
                "network qos rule type show -f json dscp_marking",
                "network create --qos-policy q1 -f json n",
                "port create --network n --qos-policy q1 -f json p",
                "port unset --qos-policy p",
                "port show -f json p",
                "port set --qos-policy q1 p",
                "port show -f json p",
                "network set --no-qos-policy n",
                "network show -f json n",
                "network qos policy set --name q2 --default --no-share q1",
                "network qos policy show -f json q2",
                "port delete p",
                "network delete n",
                "network qos policy delete q2",
                "network qos policy list -f json"));
    Object policy = in(said.get(0), "id");
    assertThat(in(said.get(0), "shared")).isEqualTo(true);
    assertThat(in(said.get(1), "max_kbps")).isEqualTo(10_000);
    assertThat(in(said.get(1), "direction")).isEqualTo("egress");
    assertThat(in(said.get(2), "dscp_mark")).isEqualTo(26);
    assertThat((List<?>) said.get(3)).hasSize(2);
    assertThat((List<?>) said.get(4)).hasSize(1);
    assertThat((List<?>) said.get(5)).hasSize(2);
    assertThat(String.valueOf(said.get(6))).contains("openvswitch", "dscp_mark");
    assertThat(in(said.get(7), "qos_policy_id")).isEqualTo(policy);
    assertThat(in(said.get(8), "qos_policy_id")).isEqualTo(policy);
    assertThat(in(said.get(8), "qos_network_policy_id")).isEqualTo(policy);
    assertThat(in(said.get(9), "qos_policy_id")).isNull();
    assertThat(in(said.get(10), "qos_policy_id")).isEqualTo(policy);
    assertThat(in(said.get(11), "qos_policy_id")).isNull();
    assertThat(in(said.get(12), "is_default")).isEqualTo(true);
    assertThat(in(said.get(12), "shared")).isEqualTo(false);
    assertThat((List<?>) said.get(13)).isEmpty();
  }

  /** What is asked for by a rule's id alone. */
  @Test
  void qosRulesOneByOne() throws Exception {
    String policy = server.create("/qos/policies", "policy", Map.of("name", "one"));
    String rule =
        server.create(
            "/qos/policies/" + policy + "/bandwidth_limit_rules",
            "bandwidth_limit_rule",
            Map.of("max_kbps", 7));
    List<Object> said =
        json(
            run(
                "network qos rule set --max-kbps 9 --ingress one " + rule,
                "network qos rule show -f json one " + rule,
                "network qos rule delete one " + rule,
                "network qos rule list -f json one",
                "network qos policy delete one"));
    assertThat(in(said.get(0), "max_kbps")).isEqualTo(9);
    assertThat(in(said.get(0), "direction")).isEqualTo("ingress");
    assertThat((List<?>) said.get(1)).isEmpty();
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
                "security group create --stateless -f json g3",
                "security group rule create --protocol vrrp -f json g3",
                "security group rule create --ethertype IPv6 --protocol ipv6-icmp --icmp-type 128"
                    + " -f json g3",
                "security group set --name g2 g1",
                "security group show -f json g2",
                "security group delete g2"));
    assertThat(said).hasSize(9);
    assertThat(in(said.get(1), "port_range_max")).isEqualTo(81);
    assertThat((List<?>) said.get(3)).hasSize(4);
    assertThat(in(said.get(5), "stateful")).isEqualTo(false);
    assertThat(in(said.get(6), "protocol")).isEqualTo("vrrp");
    assertThat(in(said.get(7), "ether_type")).isEqualTo("IPv6");
    assertThat(in(said.get(8), "name")).isEqualTo("g2");
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
                "router add route --route destination=10.8.0.0/24,gateway=10.3.0.9"
                    + " --route destination=10.8.0.0/24,gateway=10.3.0.8 r1",
                "router remove route --route destination=10.8.0.0/24,gateway=10.3.0.9 r1",
                "router show -f json -c routes r1",
                "router remove route --route destination=10.8.0.0/24,gateway=10.3.0.8 r1",
                "floating ip unset --port 203.0.113.99",
                "router set --external-gateway ext --disable-snat"
                    + " --fixed-ip subnet=exts,ip-address=203.0.113.50 r1",
                "router show -f json -c external_gateway_info r1",
                "floating ip delete 203.0.113.99",
                "router remove subnet r1 ins",
                "router unset --external-gateway r1",
                "router delete r1",
                "port delete guest",
                "network delete in ext",
                "router list -f json"));
    assertThat(in(said.get(6), "floating_ip_address")).isEqualTo("203.0.113.99");
    assertThat(in(said.get(10), "status")).isNotNull();
    assertThat(said.toString())
        .contains("destination=10.8.0.0/24", "nexthop=10.3.0.8")
        .contains("enable_snat=false", "203.0.113.50");
    assertThat((List<?>) said.getLast()).isEmpty();
  }

  @Test
  void schedulersMetersAndProviders() throws Exception {
    try (LiveServer own = LiveServer.start(folder.resolve("own"))) {
      for (String host : List.of("h1", "h2")) {
        own.server()
            .agents()
            .connect(
                host,
                List.of(
                    new AgentDescription("l3", "L3 agent", "neutron-l3-agent", "t", Map.of()),
                    new AgentDescription(
                        "dhcp", "DHCP agent", "neutron-dhcp-agent", "t", Map.of())),
                Map.of());
      }
      String routing = id(own, "/agents?agent_type=L3%20agent&host=h1");
      String other = id(own, "/agents?agent_type=L3%20agent&host=h2");
      String serving = id(own, "/agents?agent_type=DHCP%20agent&host=h1");
      own.subnet(own.network("n"), "10.0.0.0/24");
      for (int i = 0; // until the scheduler has placed it there, the first of two
          !own.get("/agents/" + serving + "/dhcp-networks").toString().contains("name=n");
          i++) {
        assertThat(i).isLessThan(20_000);
      }
      own.create("/routers", "router", Map.of("name", "r"));
      List<Object> said =
          json(
              run(
                  own,
                  "network agent list -f json",
                  "network agent set --disable --description d " + other,
                  "network agent show -f json " + other,
                  "network agent set --disable " + routing,
                  "network agent set --enable " + routing,
                  "network agent remove router --l3 " + routing + " r",
                  "network agent add router --l3 " + routing + " r",
                  "network agent list --router r -f json",
                  "router list --agent " + routing + " -f json",
                  "network agent remove network --dhcp " + serving + " n",
                  "network agent add network --dhcp " + serving + " n",
                  "network agent list --network n -f json",
                  "network list --agent " + serving + " -f json",
                  "network meter create --description d -f json m",
                  "network meter rule create --ingress --remote-ip-prefix 10.0.0.0/8 -f json m",
                  "network meter rule create --egress --exclude --source-ip-prefix 10.0.0.0/8"
                      + " -f json m",
                  "network meter list -f json",
                  "network meter rule list -f json",
                  "network meter delete m",
                  "network service provider list -f json"));
      assertThat((List<?>) said.get(0)).hasSize(4);
      assertThat(in(said.get(1), "admin_state_up")).isEqualTo(false);
      assertThat(said.get(2).toString()).contains("Host=h1");
      assertThat(said.get(3).toString()).contains("Name=r");
      assertThat(said.get(4).toString()).contains("Host=h1");
      assertThat(said.get(5).toString()).contains("Name=n");
      assertThat(in(said.get(6), "name")).isEqualTo("m");
      assertThat(in(said.get(7), "direction")).isEqualTo("ingress");
      assertThat(in(said.get(8), "source_ip_prefix")).isEqualTo("10.0.0.0/8");
      assertThat((List<?>) said.get(9)).hasSize(1);
      assertThat((List<?>) said.get(10)).hasSize(2);
      assertThat(said.get(11).toString()).contains("L3_ROUTER_NAT", "single_node");
    }
  }

  private static String id(LiveServer of, String agents) {
    return (String) of.get(agents).at("agents", 0, "id");
  }

  @Test
  void agentsAndExtensions() throws Exception {
    List<Object> said = json(run("network agent list -f json", "extension list --network -f json"));
    assertThat((List<?>) said.get(0)).isEmpty();
    assertThat(((List<?>) said.get(1)).stream().map(one -> in(one, "Alias")))
        .contains("security-group", "router", "binding");
  }
}
