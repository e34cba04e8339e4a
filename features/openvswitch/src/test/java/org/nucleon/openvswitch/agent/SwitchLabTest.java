package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.host.openflow.OpenFlowConnection;
import org.nucleon.host.openflow.OpenFlowListener;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** The plan on a real switch, with guests that send packets. */
@Tag("lab")
final class SwitchLabTest {

  private static final String MAC_A = "fa:16:3e:00:00:01";
  private static final String MAC_B = "fa:16:3e:00:00:02";
  private static final String IP_A = "10.0.0.1";
  private static final String IP_B = "10.0.0.2";

  private final Cloud cloud = new Cloud();
  private final UUID net = id("net");
  private final UUID a = id("a");
  private final UUID b = id("b");
  private final UUID web = id("web");
  private final UUID db = id("db");
  private PrivateSwitch ovs;
  private SmallAgent agent;

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void start() throws Exception {
    ovs = new PrivateSwitch();
    ovs.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=netdev");
    agent = newAgent();
    cloud.network(net, "vxlan", null, 4711);
    cloud.group(web);
    cloud.group(db);
    for (UUID group : List.of(web, db)) {
      cloud.rule(id("out of " + group), group, Direction.EGRESS, _ -> {});
    }
    cloud.port(a, net, Cloud.HERE, MAC_A, IP_A, web);
    cloud.port(b, net, Cloud.HERE, MAC_B, IP_B, db);
    ovs.guest("a", a.toString(), MAC_A, IP_A + "/24");
    ovs.guest("b", b.toString(), MAC_B, IP_B + "/24");
    agent.until("both guests are plugged", this::guestsAreThere);
    converge();
  }

  private boolean guestsAreThere() {
    return List.of(a, b).stream()
        .allMatch(port ->
            agent
                .facts()
                .find(SwitchInterface.class, SwitchInterface.KIND, port.toString())
                .filter(SwitchInterface::linkUp)
                .isPresent());
  }

  private SmallAgent newAgent() throws Exception {
    return new SmallAgent(
        Cloud.HERE,
        Map.of(
            "ovsdb_connection", "unix:" + ovs.socket(),
            "local_ip", "192.0.2.1",
            "bridge_mappings", "physnet:br-ex",
            "datapath_type", "netdev"));
  }

  @AfterEach
  void stop() throws Exception {
    agent.close();
    ovs.close();
  }

  /** What the switch has cached of the flows before follows a moment after the flows. */
  private void converge() throws Exception {
    agent.converge(cloud.picture());
    ovs.appctl("revalidator/wait");
  }

  private boolean pings(String guest, String address) {
    return ovs.attemptInside(guest, "ping", "-c", "1", "-W", "1", address).status() == 0;
  }

  private void allowPing() {
    cloud.rule(
        id("ping"),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("icmp"))
                .set(SecurityGroupRules.REMOTE_GROUP_ID, web));
  }

  private static Protocol protocol(String text) {
    try {
      return Protocol.TYPE.parse(text);
    } catch (InvalidValue e) {
      throw new AssertionError(e);
    }
  }

  private void allowTcp(String rule, int port, UUID remote) {
    cloud.rule(
        id(rule),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("tcp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, port)
                .set(SecurityGroupRules.PORT_RANGE_MAX, port)
                .set(SecurityGroupRules.REMOTE_GROUP_ID, remote));
  }

  /** Packets that flows of a table and priority have met. */
  private long packets(Pipeline table, int priority) throws Exception {
    try (OpenFlowConnection connection =
        OpenFlowConnection.open(
            ovs.socket().resolveSibling("br-int.mgmt"), OpenFlowListener.NONE)) {
      return connection.flowStats().stream()
          .filter(stats -> stats.flow().table() == table.number())
          .filter(stats -> stats.flow().priority() == priority)
          .mapToLong(stats -> stats.packets())
          .sum();
    }
  }

  /** It is a setting of the bridge's, which a restart of the switch or anybody may undo. */
  @Test
  void firstFragmentsAreMatchedByWhatTheyTell() throws Exception {
    assertThat(ovs.ofctl("get-frags", "br-int")).contains("nx-match");
    assertThat(ovs.ofctl("get-frags", "br-ex")).contains("normal");
    ovs.ofctl("set-frags", "br-int", "normal");
    assertThat(agent.difference(cloud.picture())).isEqualTo(1);
    converge();
    assertThat(ovs.ofctl("get-frags", "br-int")).contains("nx-match");
  }

  @Test
  void switchHoldsWhatIsPlannedAndNothingElse() throws Exception {
    assertThat(agent.failed).isEmpty();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(ovs.vsctl("get", "Bridge", "br-int", "fail_mode").strip()).isEqualTo("secure");
    assertThat(ovs.ofctl("dump-flows", "br-int")).doesNotContain("NORMAL");
    assertThat(ovs.ofctl("dump-flows", "br-tun")).doesNotContain("NORMAL");
    assertThat(agent.description.configurations()).containsEntry("datapath_type", "netdev");
    agent.close();
    agent = newAgent();
    assertThat(agent.difference(cloud.picture())).as("for an agent started anew").isZero();
  }

  @Test
  void rulesOpenAndClose() throws Exception {
    assertThat(pings("a", IP_B)).isFalse();
    allowPing();
    converge();
    assertThat(pings("a", IP_B)).isTrue();
    assertThat(pings("b", IP_A)).as("nothing lets it in").isFalse();
    cloud.delete(SecurityGroupRules.RULE, id("ping"));
    converge();
    assertThat(pings("a", IP_B)).isFalse();
  }

  /** Every rule that can be planned can be held by the switch: OSSA-2019-001. */
  @Test
  void switchHoldsEveryKindOfRule() throws Exception {
    int count = 0;
    for (String protocol : RulesOracleTest.GRID) {
      for (List<Integer> range : RulesOracleTest.RANGES) {
        for (Direction direction : Direction.values()) {
          cloud.rule(
              id("grid" + ++count),
              web,
              direction,
              draft ->
                  draft
                      .set(SecurityGroupRules.PROTOCOL, protocol(protocol))
                      .set(SecurityGroupRules.PORT_RANGE_MIN, range.get(0))
                      .set(SecurityGroupRules.PORT_RANGE_MAX, range.get(1)));
        }
      }
    }
    converge();
    assertThat(agent.failed).isEmpty();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(pings("b", IP_A)).isTrue();
  }

  @Test
  void statelessGroupsTrackNothingAndNeedRulesForAnswers() throws Exception {
    for (UUID group : List.of(web, db)) {
      cloud.update(
          SecurityGroups.SECURITY_GROUP, group, draft -> draft.set(SecurityGroups.STATEFUL, false));
    }
    allowPing();
    converge();
    assertThat(pings("a", IP_B)).as("the answer has no rule").isFalse();
    cloud.rule(
        id("answers"),
        web,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("icmp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 0));
    converge();
    assertThat(agent.failed).isEmpty();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(pings("a", IP_B)).isTrue();
    assertThat(ovs.appctl("dpctl/dump-conntrack")).doesNotContain("icmp");
  }

  @Test
  void spoofedPacketsAreDroppedAndCounted() throws Exception {
    allowPing();
    converge();
    assertThat(pings("a", IP_B)).isTrue();
    assertThat(packets(Pipeline.ANTI_SPOOF, 10)).isZero();
    ovs.inside("a", "ip", "address", "add", "10.0.0.66/24", "dev", "eth0");
    assertThat(
            ovs.attemptInside("a", "ping", "-c", "1", "-W", "1", "-I", "10.0.0.66", IP_B).status())
        .isNotZero();
    assertThat(packets(Pipeline.ANTI_SPOOF, 10)).isPositive();
  }

  @Test
  void membersOfSeveralGroupsWithOneAddressAreToldApart() throws Exception {
    UUID ops = cloud.group(id("ops"));
    UUID third = cloud.network(id("third net"), "vxlan", null, 4713);
    cloud.port(id("namesake"), third, Cloud.THERE, "fa:16:3e:00:00:77", IP_A, ops);
    allowTcp("ssh", 22, web);
    allowTcp("http", 80, ops);
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    for (String port : List.of("22", "80", "443")) {
      ovs.startInside("b", "busybox", "nc", "-ll", "-p", port, "-e", "echo", "hello");
    }
    assertThat(hello("22")).isEqualTo("hello");
    assertThat(hello("80")).isEqualTo("hello");
    assertThat(hello("443")).isEmpty();
  }

  /** Servers may take a moment to listen: a connection refused is not yet an answer. */
  private String hello(String port) {
    PrivateSwitch.Answer answer;
    do {
      answer = ovs.attemptInside("a", "busybox", "nc", "-w", "1", IP_B, port);
    } while (answer.output().contains("refused"));
    return answer.status() == 0 ? answer.output().strip() : "";
  }

  @Test
  void metersStayGoAndComeBack() throws Exception {
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.NAME, "1000 2000 26"));
    converge();
    assertThat(agent.failed).isEmpty();
    assertThat(ovs.ofctl("dump-meters", "br-int"))
        .contains("rate=1000 burst_size=500", "rate=2000 burst_size=1000");
    allowPing();
    converge();
    assertThat(pings("a", IP_B)).as("what fits passes").isTrue();
    agent.close();
    agent = newAgent();
    assertThat(agent.difference(cloud.picture())).as("for an agent started anew").isZero();
    agent.forgetNews();
    ovs.ofctl("del-meters", "br-int");
    agent.hears("drift of MeterItem");
    agent.hears("drift of FlowItem");
    assertThat(agent.difference(cloud.picture())).as("meters and flows").isGreaterThan(4);
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    cloud.delete(Ports.PORT, a);
    converge();
    assertThat(ovs.ofctl("dump-meters", "br-int")).doesNotContain("rate=");
    assertThat(agent.difference(cloud.picture())).isZero();
  }

  @Test
  void flowsTakenAwayByHandComeBack() throws Exception {
    allowPing();
    converge();
    agent.forgetNews();
    ovs.ofctl("del-flows", "br-int");
    agent.hears("drift of FlowItem");
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(pings("a", IP_B)).isTrue();
  }

  @Test
  void portsTakenAwayByHandComeBack() throws Exception {
    agent.forgetNews();
    ovs.vsctl("del-port", "patch-tun");
    agent.hears("drift of SwitchItem");
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(ovs.vsctl("list-ports", "br-int")).contains("patch-tun", "tap-a", "tap-b");
  }

  @Test
  void restartOfTheSwitchHeals() throws Exception {
    allowPing();
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.NAME, "1000 2000 26"));
    converge();
    assertThat(pings("a", IP_B)).isTrue();
    agent.forgetNews();
    ovs.killForwarder();
    ovs.startForwarder();
    agent.hears("drift of MeterItem");
    agent.hears("drift of FlowItem");
    agent.until("the switch has its ports again", this::guestsAreThere);
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(ovs.ofctl("dump-meters", "br-int")).contains("rate=1000", "rate=2000");
    assertThat(pings("a", IP_B)).isTrue();
  }

  @Test
  void bridgeTakenAwayByHandComesBackWithItsNumbers() throws Exception {
    Map<String, Integer> kept = agent.store.read();
    agent.forgetNews();
    ovs.vsctl("del-br", "br-int");
    agent.hears("drift of SwitchItem");
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(agent.store.read()).isEqualTo(kept).isNotEmpty();
  }

  @Test
  void connectionsOfAPortThatIsGoneAreForgotten() throws Exception {
    allowPing();
    converge();
    assertThat(pings("a", IP_B)).isTrue();
    String zone = "zone=" + agent.store.read().get("zone:" + b);
    assertThat(ovs.appctl("dpctl/dump-conntrack", zone)).contains("icmp");
    cloud.delete(Ports.PORT, b);
    converge();
    assertThat(agent.failed).isEmpty();
    assertThat(ovs.appctl("dpctl/dump-conntrack", zone)).isEmpty();
  }

  @Test
  void plugsDevicesOfTheNetworkServiceAndUnplugsOnlyThose() throws Exception {
    UUID dhcp = id("dhcp");
    String tap = SwitchSettings.tap(dhcp);
    ovs.run("ip", "link", "add", tap, "type", "veth", "peer", "name", "other-end");
    cloud.port(dhcp, net, Cloud.HERE, "fa:16:3e:00:00:03", "10.0.0.3");
    cloud.update(Ports.PORT, dhcp, draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP));
    converge();
    assertThat(agent.failed).isEmpty();
    assertThat(ovs.vsctl("get", "Interface", tap, "external_ids:iface-id"))
        .contains(dhcp.toString());
    agent.until(
        "it has a number",
        () ->
            agent
                .facts()
                .find(SwitchInterface.class, SwitchInterface.KIND, dhcp.toString())
                .isPresent());
    cloud.delete(Ports.PORT, dhcp);
    cloud.delete(Ports.PORT, a);
    converge();
    assertThat(ovs.vsctl("list-ports", "br-int")).contains("tap-a").doesNotContain(tap);
    ovs.run("ip", "link", "delete", "other-end");
  }

  @Test
  void deviceThatIsNotThereIsToldOf() throws Exception {
    UUID router = id("router port");
    cloud.port(router, net, Cloud.HERE, "fa:16:3e:00:00:04", "10.0.0.4");
    cloud.update(
        Ports.PORT, router, draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.ROUTER_INTERFACE));
    converge();
    assertThat(agent.failed).containsOnlyKeys(SwitchSettings.tap(router));
  }

  @Test
  void tunnelsLeadToHostsThatShareNetworks() throws Exception {
    cloud.host(Cloud.THERE, "192.0.2.2");
    cloud.port(id("remote"), net, Cloud.THERE, "fa:16:3e:00:00:09", "10.0.0.9", web);
    converge();
    assertThat(ovs.vsctl("get", "Interface", "vxlan-c0000202", "options:remote_ip"))
        .contains("192.0.2.2");
    agent.until(
        "the tunnel has a number",
        () ->
            agent.facts().find(JoiningPort.class, JoiningPort.KIND, "vxlan-c0000202").isPresent());
    converge();
    assertThat(agent.difference(cloud.picture())).isZero();
    assertThat(ovs.ofctl("dump-flows", "br-tun")).contains("fa:16:3e:00:00:09");
  }

  @Test
  void numbersOutliveTheAgent() throws Exception {
    Map<String, Integer> kept = agent.store.read();
    assertThat(kept).containsKeys("vlan:" + net, "zone:" + a, "zone:" + b);
    agent.close();
    agent = newAgent();
    assertThat(agent.store.read()).isEqualTo(kept);
    agent.store.write(Map.of(), Set.of("zone:" + a));
    agent.close();
    agent = newAgent();
    assertThat(agent.store.read()).doesNotContainKey("zone:" + a).containsKey("zone:" + b);
  }

  @Test
  void portOfNoGroupsLetsNothingIn() throws Exception {
    cloud.update(Ports.PORT, b, draft -> draft.set(SecurityGroups.OF_PORT, List.of()));
    converge();
    assertThat(pings("a", IP_B)).isFalse();
    assertThat(packets(Pipeline.INGRESS_RULES, 0)).isPositive();
  }
}
