package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.SecurityGroupRules;

/**
 * Every verdict over a packet, as a real switch tells it of the planned flows: where the packet
 * comes out, or the stage of the pipeline that drops it.
 */
@Tag("lab")
final class VerdictTraceTest {

  private static final String A = "fa:16:3e:00:00:01";
  private static final String B = "fa:16:3e:00:00:02";
  private static final String OPEN = "fa:16:3e:00:00:03";
  private static final String SERVER = "fa:16:3e:00:00:04";
  private static final String TWIN = "fa:16:3e:00:00:05";
  private static final String EXT = "fa:16:3e:00:00:06";
  private static final String MUTE = "fa:16:3e:00:00:07";
  private static final String REMOTE = "fa:16:3e:00:00:09";
  private static final String PAIR = "fa:16:3e:00:00:50";
  private static final String NOBODY = "fa:16:3e:ff:ff:ff";
  private static final String ALL = "ff:ff:ff:ff:ff:ff";
  private static final String ALL_NODES = "33:33:00:00:00:01";
  private static final String A6 = "2001:db8::1";
  private static final String B6 = "2001:db8::2";
  private static final String A_LINK = "fe80::f816:3eff:fe00:1";

  private static final UUID NET = id("net");
  private static final Cloud CLOUD = new Cloud();
  private static final Map<String, String> NUMBERS = new HashMap<>();
  private static PrivateSwitch ovs;
  private static SmallAgent agent;

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeAll
  static void start() throws Exception {
    ovs = new PrivateSwitch();
    ovs.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=netdev");
    agent =
        new SmallAgent(
            Cloud.HERE,
            Map.of(
                "ovsdb_connection", "unix:" + ovs.socket(),
                "local_ip", "192.0.2.1",
                "bridge_mappings", "physnet:br-ex",
                "datapath_type", "netdev"));
    CLOUD.host(Cloud.HERE, "192.0.2.1");
    CLOUD.host(Cloud.THERE, "192.0.2.2");
    CLOUD.network(NET, "vxlan", null, 4711);
    CLOUD.network(id("twin net"), "vxlan", null, 4712);
    CLOUD.network(id("ext net"), "vlan", "physnet", 300);
    for (String group : List.of("web", "db", "nothing")) {
      CLOUD.group(id(group));
    }
    port("a", NET, A, "web", "10.0.0.1", A6);
    port("b", NET, B, "db", "10.0.0.2", B6);
    port("open", NET, OPEN, "", "10.0.0.3", "2001:db8::3");
    port("twin", id("twin net"), TWIN, "db", "10.0.0.1");
    port("ext", id("ext net"), EXT, "db", "203.0.113.6");
    port("mute", NET, MUTE, "nothing", "10.0.0.7", "2001:db8::7");
    CLOUD.update(Ports.PORT, id("open"), draft -> draft.set(PortSecurity.ENABLED, false));
    CLOUD.update(
        Ports.PORT,
        id("a"),
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(
                    new AddressPair(IpPrefix.parse("10.0.9.0/24"), null),
                    new AddressPair(IpPrefix.parse("10.0.0.50/32"), MacAddress.parse(PAIR)))));
    CLOUD.port(id("remote"), NET, Cloud.THERE, REMOTE, "10.0.0.9", id("web"));
    rules();
    // A DHCP server's device is the agent's to plug.
    String tap = SwitchSettings.tap(id("server"));
    ovs.run("ip", "link", "add", tap, "type", "veth", "peer", "name", "server-end");
    CLOUD.port(id("server"), NET, Cloud.HERE, SERVER, "10.0.0.4");
    CLOUD.update(
        Ports.PORT, id("server"), draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP));
    agent.converge(CLOUD.picture());
    agent.until(
        "all are plugged",
        () ->
            List.of("a", "b", "open", "twin", "ext", "mute", "server").stream()
                .allMatch(VerdictTraceTest::isThere));
    agent.until(
        "the tunnel is there",
        () ->
            agent.facts().find(JoiningPort.class, JoiningPort.KIND, "vxlan-c0000202").isPresent());
    agent.converge(CLOUD.picture());
    assertThat(agent.failed).isEmpty();
    assertThat(agent.difference(CLOUD.picture())).isZero();
    for (String bridge : List.of("br-int", "br-tun")) {
      for (String port : ovs.vsctl("list-ports", bridge).lines().toList()) {
        String number = ovs.vsctl("get", "Interface", port, "ofport").strip();
        NUMBERS.put(port.equals(tap) ? "tap-server" : port, bridge + " " + number);
      }
    }
  }

  private static boolean isThere(String port) {
    return agent
        .facts()
        .find(SwitchInterface.class, SwitchInterface.KIND, id(port).toString())
        .isPresent();
  }

  private static void port(
      String name, UUID network, String mac, String group, String... addresses) {
    UUID[] groups = group.isEmpty() ? new UUID[0] : new UUID[] {id(group)};
    CLOUD.port(id(name), network, Cloud.HERE, mac, addresses[0], groups);
    List<FixedIp> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(new FixedIp(network, IpAddress.parse(address)));
    }
    CLOUD.update(Ports.PORT, id(name), draft -> draft.set(Ports.FIXED_IPS, List.copyOf(all)));
    ovs.guest(name, id(name).toString(), mac, addresses[0] + "/24");
  }

  private static void rules() {
    for (String group : List.of("web", "db")) {
      CLOUD.rule(id("4 out of " + group), id(group), Direction.EGRESS, _ -> {});
      CLOUD.rule(
          id("6 out of " + group),
          id(group),
          Direction.EGRESS,
          draft -> draft.set(SecurityGroupRules.ETHERTYPE, Ethertype.IPV6));
    }
    rule(
        "ssh from web", draft -> tcp(draft, 22).set(SecurityGroupRules.REMOTE_GROUP_ID, id("web")));
    rule("http", draft -> tcp(draft, 80));
    rule("dns", draft -> ports(draft, "udp", 53));
    rule("http by IPv6", draft -> tcp(draft, 80).set(SecurityGroupRules.ETHERTYPE, Ethertype.IPV6));
  }

  private static void rule(String name, Consumer<Draft> fill) {
    CLOUD.rule(id(name), id("db"), Direction.INGRESS, fill);
  }

  private static Draft tcp(Draft rule, int port) {
    return ports(rule, "tcp", port);
  }

  private static Draft ports(Draft rule, String protocol, int port) {
    try {
      return rule.set(SecurityGroupRules.PROTOCOL, Protocol.TYPE.parse(protocol))
          .set(SecurityGroupRules.PORT_RANGE_MIN, port)
          .set(SecurityGroupRules.PORT_RANGE_MAX, port);
    } catch (InvalidValue e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    ovs.close();
    ovs = null;
  }

  /** A packet from a port, in the words of the switch. */
  private record Packet(String what, String from, String flow, String tracking) {

    /**
     * The same in a connection that is tracked as told, by the sender's side and the receiver's.
     */
    Packet tracked(String state) {
      return new Packet(what, from, flow, "--ct-next trk,%1$s --ct-next trk,%1$s".formatted(state));
    }

    private Trace trace() {
      List<String> command = new ArrayList<>(List.of("ofproto/trace", "br-int"));
      command.add(NUMBERS.get(from).replace("br-int ", "in_port=") + "," + flow);
      if (!tracking.isEmpty()) {
        command.addAll(List.of(tracking.split(" ")));
      }
      return Trace.of(ovs.appctl(command.toArray(String[]::new)));
    }

    DynamicTest dropped(Pipeline stage) {
      return dynamicTest(
          what + ": dropped by " + stage,
          () -> {
            Trace trace = trace();
            assertThat(trace.outputs()).as(trace.text()).isEmpty();
            assertThat(Pipeline.nameOf(trace.table())).as(trace.text()).isEqualTo(stage.name());
          });
    }

    /** The switch itself answers, to who asked. */
    DynamicTest answered() {
      return dynamicTest(
          what + ": answered",
          () -> {
            Trace trace = trace();
            assertThat(trace.text()).contains("IN_PORT");
            assertThat(trace.outputs()).as(trace.text()).isEmpty();
          });
    }

    DynamicTest reaches(String... ports) {
      return dynamicTest(
          what + ": to " + String.join(", ", ports),
          () -> {
            Trace trace = trace();
            List<String> numbers = List.of(ports).stream().map(NUMBERS::get).toList();
            assertThat(trace.outputs())
                .as(trace.text())
                .containsExactlyInAnyOrderElementsOf(numbers);
          });
    }
  }

  private static Packet packet(String what, String from, String flow) {
    return new Packet(what, from, flow, "");
  }

  private static Packet tcp(
      String what, String from, String mac, String ip, String toMac, String toIp, int port) {
    return packet(
        what,
        "tap-" + from,
        "tcp,dl_src=%s,nw_src=%s,dl_dst=%s,nw_dst=%s,tp_src=5000,tp_dst=%d"
            .formatted(mac, ip, toMac, toIp, port));
  }

  private static Packet arp(String what, String from, String mac, String sender, String says) {
    return packet(
        what,
        "tap-" + from,
        "arp,arp_op=1,dl_src=%s,dl_dst=%s,arp_spa=%s,arp_sha=%s,arp_tpa=10.0.0.77"
            .formatted(mac, ALL, sender, says));
  }

  private static Packet neighbour(String what, String source, String target, String told) {
    return packet(
        what,
        "tap-a",
        ("icmp6,icmpv6_type=136,icmpv6_code=0,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=ff02::1,"
                + "nd_target=%s,nd_tll=%s")
            .formatted(A, ALL_NODES, source, target, told));
  }

  @TestFactory
  List<DynamicTest> addressesOfGuests() {
    Pipeline stage = Pipeline.ANTI_SPOOF;
    return List.of(
        tcp("own addresses", "a", A, "10.0.0.1", B, "10.0.0.2", 22).reaches("tap-b"),
        tcp("another's MAC address", "a", B, "10.0.0.1", B, "10.0.0.2", 22).dropped(stage),
        tcp("nobody's MAC address", "a", NOBODY, "10.0.0.1", B, "10.0.0.2", 22).dropped(stage),
        tcp("another's IP address", "a", A, "10.0.0.3", B, "10.0.0.2", 22).dropped(stage),
        tcp("a pair's prefix", "a", A, "10.0.9.7", B, "10.0.0.2", 80).reaches("tap-b"),
        tcp("beyond a pair's prefix", "a", A, "10.0.8.7", B, "10.0.0.2", 80).dropped(stage),
        tcp("a pair's MAC address", "a", PAIR, "10.0.0.50", B, "10.0.0.2", 80).reaches("tap-b"),
        tcp("a pair's address, own MAC address", "a", A, "10.0.0.50", B, "10.0.0.2", 80)
            .dropped(stage),
        tcp("own address, a pair's MAC address", "a", PAIR, "10.0.0.1", B, "10.0.0.2", 80)
            .dropped(stage),
        tcp("anything without port security", "open", NOBODY, "192.0.2.99", B, "10.0.0.2", 80)
            .reaches("tap-b"),
        packet("another protocol", "tap-a", "dl_type=0x88cc,dl_src=%s,dl_dst=%s".formatted(A, B))
            .dropped(stage),
        packet(
                "a VLAN tag",
                "tap-a",
                "dl_vlan=7,ip,dl_src=%s,dl_dst=%s,nw_src=10.0.0.1".formatted(A, B))
            .dropped(Pipeline.CLASSIFY),
        packet(
                "a VLAN tag without port security",
                "tap-open",
                "dl_vlan=7,ip,dl_src=%s,dl_dst=%s,nw_src=10.0.0.3".formatted(OPEN, B))
            .dropped(Pipeline.CLASSIFY));
  }

  @TestFactory
  List<DynamicTest> whoSpeaksForAnAddress() {
    Pipeline stage = Pipeline.ANTI_SPOOF;
    String[] others = {"tap-b", "tap-open", "tap-mute", "tap-server", "patch-tun"};
    List<String> flooded = new ArrayList<>(List.of(others));
    flooded.add("vxlan-c0000202");
    String[] everybody = flooded.toArray(String[]::new);
    return List.of(
        arp("ARP for itself", "a", A, "10.0.0.1", A).reaches(everybody),
        arp("ARP for another's address", "a", A, "10.0.0.2", A).dropped(stage),
        arp("ARP that tells another's MAC address", "a", A, "10.0.0.1", B).dropped(stage),
        arp("ARP from another's MAC address", "a", B, "10.0.0.1", B).dropped(stage),
        packet(
                "ARP for a known address",
                "tap-a",
                "arp,arp_op=1,dl_src=%1$s,dl_dst=%2$s,arp_spa=10.0.0.1,arp_sha=%1$s,arp_tpa=%3$s"
                    .formatted(A, ALL, "10.0.0.9"))
            .answered(),
        neighbour("advertisement of its own", A6, A6, A).reaches(everybody),
        neighbour("advertisement of another's address", A6, B6, A).dropped(stage),
        neighbour("advertisement of another's MAC address", A6, A6, B).dropped(stage),
        packet(
                "solicitation from another's address",
                "tap-a",
                ("icmp6,icmpv6_type=135,icmpv6_code=0,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=ff02::1,"
                        + "nd_target=2001:db8::77,nd_sll=%1$s")
                    .formatted(A, ALL_NODES, B6))
            .dropped(stage));
  }

  @TestFactory
  List<DynamicTest> whoServesTheNetwork() {
    String offer = "udp,dl_src=%s,dl_dst=%s,nw_src=%s,nw_dst=%s,udp_src=67,udp_dst=68";
    return List.of(
        packet(
                "a guest's router advertisement",
                "tap-a",
                "icmp6,icmpv6_type=134,icmpv6_code=0,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=ff02::1"
                    .formatted(A, ALL_NODES, A_LINK))
            .dropped(Pipeline.ANTI_SPOOF),
        packet("a guest as DHCP server", "tap-a", offer.formatted(A, B, "10.0.0.1", "10.0.0.2"))
            .dropped(Pipeline.ANTI_SPOOF),
        packet(
                "a guest as DHCPv6 server",
                "tap-a",
                "udp6,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=%s,udp_src=547,udp_dst=546"
                    .formatted(A, B, A_LINK, B6))
            .dropped(Pipeline.ANTI_SPOOF),
        packet(
                "a guest that asks for a lease",
                "tap-mute",
                "udp,dl_src=%s,dl_dst=%s,nw_src=0.0.0.0,nw_dst=255.255.255.255,udp_src=68,udp_dst=67"
                    .formatted(MUTE, SERVER))
            .reaches("tap-server"),
        packet(
                "the DHCP server",
                "tap-server",
                offer.formatted(SERVER, MUTE, "10.0.0.4", "10.0.0.7"))
            .reaches("tap-mute"),
        packet(
                "who is no DHCP server",
                "tap-open",
                offer.formatted(OPEN, MUTE, "10.0.0.3", "10.0.0.7"))
            .dropped(Pipeline.INGRESS_RULES));
  }

  @TestFactory
  List<DynamicTest> rulesOfSecurityGroups() {
    return List.of(
        tcp("nothing may be sent", "mute", MUTE, "10.0.0.7", B, "10.0.0.2", 80)
            .dropped(Pipeline.EGRESS_RULES),
        tcp("nothing may be received", "a", A, "10.0.0.1", MUTE, "10.0.0.7", 80)
            .dropped(Pipeline.INGRESS_RULES),
        tcp(
                "nothing may be received, sender unfiltered",
                "open",
                OPEN,
                "10.0.0.3",
                MUTE,
                "10.0.0.7",
                80)
            .dropped(Pipeline.INGRESS_RULES),
        tcp("an answer to what was allowed", "mute", MUTE, "10.0.0.7", B, "10.0.0.2", 80)
            .tracked("est,rpl")
            .reaches("tap-b"),
        tcp(
                "a connection that no rule allows any more",
                "mute",
                MUTE,
                "10.0.0.7",
                B,
                "10.0.0.2",
                80)
            .tracked("est")
            .dropped(Pipeline.EGRESS_RULES),
        tcp("a connection whose rule is gone", "a", A, "10.0.0.1", B, "10.0.0.2", 81)
            .tracked("est")
            .dropped(Pipeline.INGRESS_RULES),
        tcp("what belongs to no connection", "a", A, "10.0.0.1", B, "10.0.0.2", 80)
            .tracked("inv")
            .dropped(Pipeline.EGRESS_RULES),
        tcp("the port of a rule", "a", A, "10.0.0.1", B, "10.0.0.2", 80).reaches("tap-b"),
        tcp("the port beside it", "a", A, "10.0.0.1", B, "10.0.0.2", 81)
            .dropped(Pipeline.INGRESS_RULES),
        tcp("a member of the remote group", "a", A, "10.0.0.1", B, "10.0.0.2", 22).reaches("tap-b"),
        tcp("no member of the remote group", "open", OPEN, "10.0.0.3", B, "10.0.0.2", 22)
            .dropped(Pipeline.INGRESS_RULES),
        packet(
                "another protocol than the rule's",
                "tap-a",
                "udp,dl_src=%s,dl_dst=%s,nw_src=10.0.0.1,nw_dst=10.0.0.2,udp_src=5000,udp_dst=80"
                    .formatted(A, B))
            .dropped(Pipeline.INGRESS_RULES),
        packet(
                "a rule of IPv6",
                "tap-a",
                "tcp6,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=%s,tp_src=5000,tp_dst=80"
                    .formatted(A, B, A6, B6))
            .reaches("tap-b"),
        packet(
                "no rule of IPv6",
                "tap-a",
                "tcp6,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=%s,tp_src=5000,tp_dst=22"
                    .formatted(A, B, A6, B6))
            .dropped(Pipeline.INGRESS_RULES),
        tcp("to whom nothing protects", "a", A, "10.0.0.1", OPEN, "10.0.0.3", 9)
            .reaches("tap-open"));
  }

  private static Packet fragment(String what, String mac, String which) {
    return packet(
        what,
        "tap-a",
        "udp,dl_src=%s,dl_dst=%s,nw_src=10.0.0.1,nw_dst=10.0.0.2%s".formatted(mac, B, which));
  }

  /** Of a datagram in fragments the first is judged; without it the others do not go on. */
  @TestFactory
  List<DynamicTest> fragments() {
    return List.of(
        fragment("first, to a port that is open", A, ",ip_frag=first,udp_src=5000,udp_dst=53")
            .reaches("tap-b"),
        fragment("later", A, ",ip_frag=later").reaches("tap-b"),
        fragment("first, to a port that is not", A, ",ip_frag=first,udp_src=5000,udp_dst=54")
            .dropped(Pipeline.INGRESS_RULES),
        fragment(
                "first, from another's MAC address",
                NOBODY,
                ",ip_frag=first,udp_src=5000,udp_dst=53")
            .dropped(Pipeline.ANTI_SPOOF),
        fragment("later, from another's MAC address", NOBODY, ",ip_frag=later")
            .dropped(Pipeline.ANTI_SPOOF),
        fragment("first, as a DHCP server", A, ",ip_frag=first,udp_src=67,udp_dst=68")
            .dropped(Pipeline.ANTI_SPOOF),
        packet(
                "first of IPv6, its ports in another",
                "tap-a",
                "udp6,dl_src=%s,dl_dst=%s,ipv6_src=%s,ipv6_dst=%s,ip_frag=first"
                    .formatted(A, B, A6, B6))
            .dropped(Pipeline.ANTI_SPOOF));
  }

  @TestFactory
  List<DynamicTest> destinations() throws Exception {
    String fromTunnel =
        "dl_vlan=%d,tcp,dl_src=%s,dl_dst=%s,nw_src=10.0.0.9,nw_dst=10.0.0.2,tp_src=5000,tp_dst=80";
    String fromOutside =
        "dl_vlan=%d,tcp,dl_src=%s,dl_dst=%s,nw_src=192.0.2.7,nw_dst=203.0.113.6,tp_src=5,tp_dst=80";
    int vlan = agent.store.read().get("vlan:" + NET);
    int twins = agent.store.read().get("vlan:" + id("twin net"));
    return List.of(
        tcp("a port of another host", "a", A, "10.0.0.1", REMOTE, "10.0.0.9", 80)
            .reaches("patch-tun", "vxlan-c0000202"),
        tcp("nobody's, but there is an open port", "a", A, "10.0.0.1", NOBODY, "10.0.0.88", 80)
            .reaches("tap-open"),
        tcp("nobody's", "twin", TWIN, "10.0.0.1", NOBODY, "10.0.0.88", 80)
            .dropped(Pipeline.L2_LOOKUP),
        tcp("a port of another network", "a", A, "10.0.0.1", TWIN, "10.0.0.1", 80)
            .reaches("tap-open"),
        tcp(
                "a port of the own network, for one from another",
                "twin",
                TWIN,
                "10.0.0.1",
                B,
                "10.0.0.2",
                80)
            .dropped(Pipeline.L2_LOOKUP),
        packet("from a tunnel", "patch-tun", fromTunnel.formatted(vlan, REMOTE, B))
            .reaches("tap-b"),
        packet(
                "from a tunnel, of another network",
                "patch-tun",
                fromTunnel.formatted(twins, REMOTE, B))
            .dropped(Pipeline.L2_LOOKUP),
        packet("from a tunnel, of no network", "patch-tun", fromTunnel.formatted(4000, REMOTE, B))
            .dropped(Pipeline.CLASSIFY),
        packet("from the physical network", "int-br-ex", fromOutside.formatted(300, NOBODY, EXT))
            .reaches("tap-ext"),
        packet(
                "from the physical network, another VLAN",
                "int-br-ex",
                fromOutside.formatted(301, NOBODY, EXT))
            .dropped(Pipeline.CLASSIFY),
        packet(
                "from the physical network, no rule",
                "int-br-ex",
                fromOutside.replace("=80", "=81").formatted(300, NOBODY, EXT))
            .dropped(Pipeline.INGRESS_RULES));
  }
}
