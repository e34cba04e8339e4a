package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.openvswitch.agent.Frames.BROADCAST;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Group;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.PacketWalk.Sent;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** What becomes of frames, by the flows as planned. */
final class PipelineTest {

  private static final SwitchSettings SETTINGS =
      new SwitchSettings(
          "br-int",
          "br-tun",
          Map.of("physnet", "br-ex"),
          IpAddress.parse("192.0.2.1"),
          Set.of("vxlan"),
          "netdev");

  private static final String A = "fa:16:3e:00:00:01";
  private static final String B = "fa:16:3e:00:00:02";
  private static final String OPEN = "fa:16:3e:00:00:03";
  private static final String SERVER = "fa:16:3e:00:00:04";
  private static final String TWIN = "fa:16:3e:00:00:05";
  private static final String EXT = "fa:16:3e:00:00:06";
  private static final String REMOTE = "fa:16:3e:00:00:09";
  private static final String NOBODY = "fa:16:3e:ff:ff:ff";
  private static final String IP_A = "10.0.0.1";
  private static final String IP_B = "10.0.0.2";
  private static final String IP_REMOTE = "10.0.0.9";

  private static final long PORT_A = 1;
  private static final long PORT_B = 2;
  private static final long PORT_OPEN = 3;
  private static final long PORT_SERVER = 4;
  private static final long PORT_TWIN = 5;
  private static final long PORT_EXT = 6;
  private static final long TUN = 100;
  private static final long PHYS = 101;

  private final Cloud cloud = new Cloud();
  private final PacketWalk walk = new PacketWalk();
  private final PacketWalk tunnelWalk = new PacketWalk();
  private final Map<String, Integer> numbers = new HashMap<>();
  private Planned planned;
  private Facts facts = Facts.none(Cloud.HERE);

  private final UUID net = id("net");
  private final UUID twinNet = id("twin net");
  private final UUID extNet = id("ext net");
  private final UUID a = id("a");
  private final UUID b = id("b");
  private final UUID web = id("web");
  private final UUID db = id("db");

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @BeforeEach
  void plan() {
    cloud.host(Cloud.HERE, "192.0.2.1");
    cloud.host(Cloud.THERE, "192.0.2.2");
    cloud.network(net, "vxlan", null, 4711);
    cloud.network(twinNet, "vxlan", null, 4712);
    cloud.network(extNet, "vlan", "physnet", 300);
    cloud.group(web);
    cloud.group(db);
    cloud.port(a, net, Cloud.HERE, A, IP_A, web);
    cloud.port(b, net, Cloud.HERE, B, IP_B, db);
    cloud.port(id("open"), net, Cloud.HERE, OPEN, "10.0.0.3");
    cloud.update(Ports.PORT, id("open"), draft -> draft.set(PortSecurity.ENABLED, false));
    cloud.port(id("server"), net, Cloud.HERE, SERVER, "10.0.0.4");
    cloud.update(
        Ports.PORT, id("server"), draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP));
    cloud.port(id("remote"), net, Cloud.THERE, REMOTE, IP_REMOTE, web);
    cloud.port(id("twin"), twinNet, Cloud.HERE, TWIN, IP_A, db);
    cloud.port(id("ext"), extNet, Cloud.HERE, EXT, "203.0.113.6", db);
    for (UUID group : List.of(web, db)) {
      cloud.rule(id("out of " + group), group, Direction.EGRESS, _ -> {});
    }
    cloud.rule(
        id("ssh"),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("tcp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 22)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 24)
                .set(SecurityGroupRules.REMOTE_GROUP_ID, web));
    facts =
        facts
            .with(
                SwitchInterface.KIND,
                Map.of(
                    a.toString(), device(PORT_A),
                    b.toString(), device(PORT_B),
                    id("open").toString(), device(PORT_OPEN),
                    id("server").toString(), device(PORT_SERVER),
                    id("twin").toString(), device(PORT_TWIN),
                    id("ext").toString(), device(PORT_EXT)))
            .with(
                JoiningPort.KIND,
                Map.of(
                    "patch-tun", new JoiningPort("patch-tun", TUN),
                    "patch-int", new JoiningPort("patch-int", 1),
                    "int-br-ex", new JoiningPort("int-br-ex", PHYS),
                    "phy-br-ex", new JoiningPort("phy-br-ex", 1),
                    "vxlan-c0000202", new JoiningPort("vxlan-c0000202", 2)));
    replan();
  }

  private static SwitchInterface device(long ofport) {
    return new SwitchInterface("tap" + ofport, ofport, true, Map.of());
  }

  private static Protocol protocol(String text) {
    try {
      return Protocol.TYPE.parse(text);
    } catch (InvalidValue e) {
      throw new AssertionError(e);
    }
  }

  private void replan() {
    planned = Planned.all(new SwitchPlanner(Cloud.HERE, SETTINGS), numbers, cloud.picture(), facts);
    walk.flows(planned.flows(), "br-int");
    tunnelWalk.flows(planned.flows(), "br-tun");
  }

  private List<Long> send(long port, Map<Field, Bits> frame) {
    return walk.send(port, frame).stream().map(Sent::port).sorted().toList();
  }

  private void droppedIn(Pipeline table, long port, Map<Field, Bits> frame) {
    assertThat(send(port, frame)).isEmpty();
    assertThat(Pipeline.nameOf(walk.lastTable())).isEqualTo(table.name());
  }

  private static Map<Field, Bits> ping(String from, String to, String source, String target) {
    return Frames.icmp(from, to, source, target, 8);
  }

  @Test
  void guestSendsFromItsOwnAddressesOnly() {
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, "10.0.0.77"))).isNotEmpty();
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.arp(1, A, BROADCAST, IP_B, "10.0.0.77"));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.arp(2, A, B, IP_B, IP_B));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.arp(1, B, BROADCAST, IP_A, IP_B));
    droppedIn(
        Pipeline.ANTI_SPOOF,
        PORT_A,
        Frames.with(
            Frames.arp(1, A, BROADCAST, IP_A, IP_B), Field.ARP_SHA, MacAddress.parse(B).value()));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(A, OPEN, IP_B, "10.0.0.3"));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(B, OPEN, IP_A, "10.0.0.3"));
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).containsExactly(PORT_OPEN);
  }

  @Test
  void withoutPortSecurityAnythingPasses() {
    assertThat(send(PORT_OPEN, Frames.arp(2, NOBODY, SERVER, IP_A, "10.0.0.4")))
        .containsExactly(PORT_SERVER);
    assertThat(send(PORT_OPEN, ping(NOBODY, SERVER, "192.0.2.77", "10.0.0.4")))
        .containsExactly(PORT_SERVER);
    assertThat(send(PORT_OPEN, Frames.other(OPEN, SERVER, 0x88cc))).containsExactly(PORT_SERVER);
    assertThat(send(PORT_OPEN, Frames.icmpv6(OPEN, SERVER, 128))).containsExactly(PORT_SERVER);
  }

  @Test
  void ipv6AndStrangeTypesOfGuestsAreDropped() {
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.icmpv6(A, "33:33:00:00:00:01", 134));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.icmpv6(A, OPEN, 128));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.other(A, OPEN, 0x88cc));
    droppedIn(
        Pipeline.CLASSIFY,
        PORT_A,
        Frames.with(ping(A, OPEN, IP_A, "10.0.0.3"), Field.VLAN_VID, 0x1001));
  }

  @Test
  void ipv6ToGuestsIsDropped() {
    assertThat(send(PORT_OPEN, Frames.icmpv6(OPEN, A, 128))).isEmpty();
    assertThat(send(PORT_OPEN, Frames.icmpv6(OPEN, "33:33:00:00:00:01", 134)))
        .containsExactly(PORT_SERVER, TUN);
  }

  @Test
  void addressPairsMayBeUsedToo() {
    cloud.update(
        Ports.PORT,
        a,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(
                    new AddressPair(IpPrefix.parse("10.9.0.0/16"), null),
                    new AddressPair(IpPrefix.parse("10.0.0.50/32"), MacAddress.parse(NOBODY)))));
    replan();
    assertThat(send(PORT_A, ping(A, OPEN, "10.9.3.4", "10.0.0.3"))).containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, Frames.arp(2, A, OPEN, "10.9.3.4", "10.0.0.3")))
        .containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, ping(NOBODY, OPEN, "10.0.0.50", "10.0.0.3")))
        .containsExactly(PORT_OPEN);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(NOBODY, OPEN, IP_A, "10.0.0.3"));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(A, OPEN, "10.10.0.1", "10.0.0.3"));
    // and its frames find the port
    assertThat(send(PORT_OPEN, Frames.arp(2, OPEN, NOBODY, "10.0.0.3", "10.0.0.50")))
        .containsExactly(PORT_A);
  }

  @Test
  void pairOfEverythingLiftsTheCheckOfAddressesButNotOfMac() {
    cloud.update(
        Ports.PORT,
        a,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(new AddressPair(IpPrefix.parse("0.0.0.0/0"), null))));
    replan();
    assertThat(send(PORT_A, ping(A, OPEN, "198.51.100.1", "10.0.0.3"))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(B, OPEN, "198.51.100.1", "10.0.0.3"));
  }

  @Test
  void dhcpWorksWithoutRules() {
    for (UUID group : List.of(web, db)) {
      cloud.delete(SecurityGroupRules.RULE, id("out of " + group));
    }
    replan();
    Map<Field, Bits> discover = Frames.udp(A, BROADCAST, "0.0.0.0", "255.255.255.255", 68, 67);
    assertThat(send(PORT_A, discover)).contains(PORT_SERVER).doesNotContain(PORT_B);
    assertThat(send(PORT_A, Frames.udp(A, SERVER, IP_A, "10.0.0.4", 68, 67)))
        .containsExactly(PORT_SERVER);
    assertThat(send(PORT_A, Frames.udp(A, BROADCAST, IP_A, "255.255.255.255", 68, 67)))
        .contains(PORT_SERVER);
    assertThat(send(PORT_SERVER, Frames.udp(SERVER, A, "10.0.0.4", IP_A, 67, 68)))
        .containsExactly(PORT_A);
    // but no one else may ask or answer so
    droppedIn(Pipeline.EGRESS_RULES, PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 68, 67));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 67, 68));
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.udp(OPEN, A, "10.0.0.3", IP_A, 67, 68));
  }

  @Test
  void arpForKnownAddressesIsAnsweredHere() {
    for (String address : List.of(IP_B, IP_REMOTE, "10.0.0.4")) {
      List<Sent> answer = walk.send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, address));
      assertThat(answer)
          .singleElement()
          .satisfies(sent -> {
            assertThat(sent.port()).isEqualTo(PORT_A);
            assertThat(sent.frame())
                .containsEntry(Field.ARP_OP, Bits.of(2))
                .containsEntry(Field.ARP_SPA, Bits.of(IpAddress.parse(address).low()))
                .containsEntry(Field.ARP_TPA, Bits.of(IpAddress.parse(IP_A).low()))
                .containsEntry(Field.ETH_DST, Bits.of(MacAddress.parse(A).value()));
          });
    }
    assertThat(walk.send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, IP_REMOTE)).getFirst().frame())
        .containsEntry(Field.ARP_SHA, Bits.of(MacAddress.parse(REMOTE).value()));
  }

  @Test
  void nobodyAnswersWhoProbesItsOwnAddress() {
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, "0.0.0.0", IP_A))).doesNotContain(PORT_A);
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, IP_A)))
        .containsExactly(PORT_B, PORT_OPEN, PORT_SERVER, TUN);
  }

  @Test
  void unknownArpIsFloodedOnItsNetworkAndNeverBack() {
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, "10.0.0.77")))
        .containsExactly(PORT_B, PORT_OPEN, PORT_SERVER, TUN);
    assertThat(
            send(
                TUN,
                Frames.with(
                    Frames.arp(1, REMOTE, BROADCAST, IP_REMOTE, "10.0.0.77"),
                    Field.VLAN_VID,
                    vlan(net))))
        .containsExactly(PORT_A, PORT_B, PORT_OPEN, PORT_SERVER);
  }

  private long vlan(UUID network) {
    return 0x1000 | numbers.get("vlan:" + network);
  }

  @Test
  void rulesOfRemoteGroupsHoldForTheirMembers() {
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 22))).containsExactly(PORT_B);
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 24))).containsExactly(PORT_B);
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 25));
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.tcp(OPEN, B, "10.0.0.3", IP_B, 5000, 22));
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, ping(A, B, IP_A, IP_B));
    assertThat(
            send(
                TUN,
                Frames.with(
                    Frames.tcp(REMOTE, B, IP_REMOTE, IP_B, 5000, 22), Field.VLAN_VID, vlan(net))))
        .containsExactly(PORT_B);
  }

  @Test
  void whoLeavesTheRemoteGroupIsShutOut() {
    cloud.update(Ports.PORT, a, draft -> draft.set(SecurityGroups.OF_PORT, List.of(db)));
    replan();
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 22));
  }

  @Test
  void twoRemoteGroupsWithOneAddressAreToldApart() {
    UUID ops = cloud.group(id("ops"));
    cloud.port(
        id("elsewhere"),
        cloud.network(id("third net"), "vxlan", null, 4713),
        Cloud.THERE,
        NOBODY,
        IP_A,
        ops);
    cloud.rule(
        id("http"),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("tcp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 80)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 80)
                .set(SecurityGroupRules.REMOTE_GROUP_ID, ops));
    replan();
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 22))).containsExactly(PORT_B);
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5001, 80))).containsExactly(PORT_B);
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5002, 81));
  }

  @Test
  void answersPassWithoutARuleUntilTheRuleBehindThemIsGone() {
    Map<Field, Bits> there = Frames.tcp(A, B, IP_A, IP_B, 5000, 22);
    Map<Field, Bits> back = Frames.tcp(B, A, IP_B, IP_A, 22, 5000);
    assertThat(send(PORT_A, there)).containsExactly(PORT_B);
    assertThat(send(PORT_B, back)).containsExactly(PORT_A);
    cloud.delete(SecurityGroupRules.RULE, id("ssh"));
    replan();
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, there);
  }

  @Test
  void nothingComesInUnasked() {
    droppedIn(Pipeline.INGRESS_RULES, PORT_B, Frames.tcp(B, A, IP_B, IP_A, 22, 5000));
  }

  @Test
  void connectionsOfEqualAddressesOnTwoNetworksAreNotMixed() {
    assertThat(send(PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 5000, 53)))
        .containsExactly(PORT_OPEN);
    // the twin has a's address; an answer to a's question is none to the twin's
    cloud.port(id("twin open"), twinNet, Cloud.HERE, OPEN, "10.0.0.3");
    cloud.update(Ports.PORT, id("twin open"), draft -> draft.set(PortSecurity.ENABLED, false));
    Map<String, SwitchInterface> devices = new HashMap<>();
    facts
        .byKey()
        .forEach((key, fact) -> {
          if (fact instanceof SwitchInterface one) {
            devices.put(key.id(), one);
          }
        });
    devices.put(id("twin open").toString(), device(7));
    facts = facts.with(SwitchInterface.KIND, devices);
    replan();
    droppedIn(Pipeline.INGRESS_RULES, 7, Frames.udp(OPEN, TWIN, "10.0.0.3", IP_A, 53, 5000));
    assertThat(send(PORT_OPEN, Frames.udp(OPEN, A, "10.0.0.3", IP_A, 53, 5000)))
        .containsExactly(PORT_A);
  }

  @Test
  void icmpTypeZeroIsAType() {
    cloud.rule(
        id("replies"),
        web,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("icmp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 0)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 0));
    replan();
    assertThat(send(PORT_OPEN, Frames.icmp(OPEN, A, "10.0.0.3", IP_A, 0))).containsExactly(PORT_A);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.icmp(OPEN, A, "10.0.0.4", IP_A, 8));
  }

  @Test
  void protocolsThatCannotBeTrackedNeedARuleInEachDirection() {
    assertThat(send(PORT_A, Frames.ipv4(A, OPEN, IP_A, "10.0.0.3", 47))).containsExactly(PORT_OPEN);
    Map<Field, Bits> back = Frames.ipv4(OPEN, A, "10.0.0.3", IP_A, 47);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, back);
    cloud.rule(
        id("gre"),
        web,
        Direction.INGRESS,
        draft -> draft.set(SecurityGroupRules.PROTOCOL, protocol("47")));
    replan();
    assertThat(send(PORT_OPEN, back)).containsExactly(PORT_A);
  }

  @Test
  void prefixesLimitTheOtherEnd() {
    cloud.delete(SecurityGroupRules.RULE, id("out of " + web));
    cloud.rule(
        id("out to some"),
        web,
        Direction.EGRESS,
        draft -> draft.set(SecurityGroupRules.REMOTE_IP_PREFIX, IpPrefix.parse("10.0.0.0/30")));
    replan();
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.EGRESS_RULES, PORT_A, ping(A, SERVER, IP_A, "10.0.0.4"));
  }

  @Test
  void framesForKnownPortsElsewhereGoToTheirHost() {
    List<Sent> out = walk.send(PORT_A, ping(A, REMOTE, IP_A, IP_REMOTE));
    assertThat(out)
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(TUN);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(vlan(net)));
        });
    assertThat(tunnelWalk.send(1, out.getFirst().frame()))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(2);
          assertThat(sent.frame())
              .containsEntry(Field.TUN_ID, Bits.of(4711))
              .doesNotContainKey(Field.VLAN_VID);
        });
    assertThat(send(PORT_A, ping(A, NOBODY, IP_A, "10.0.0.88"))).containsExactly(PORT_OPEN);
  }

  @Test
  void framesFromTunnelsEnterTheirNetworkOnlyAndNoTunnelAgain() {
    Map<Field, Bits> frame =
        Frames.with(Frames.arp(1, REMOTE, BROADCAST, IP_REMOTE, "10.0.0.77"), Field.TUN_ID, 4711);
    assertThat(tunnelWalk.send(2, frame))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(1);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(vlan(net)));
        });
    assertThat(tunnelWalk.send(2, Frames.with(frame, Field.TUN_ID, 4713))).isEmpty();
    assertThat(
            send(TUN, Frames.with(ping(OPEN, REMOTE, IP_A, IP_REMOTE), Field.VLAN_VID, vlan(net))))
        .doesNotContain(TUN);
  }

  @Test
  void broadcastGoesToHostsWithPortsOnTheNetworkOnly() {
    assertThat(send(PORT_TWIN, Frames.arp(1, TWIN, BROADCAST, IP_A, "10.0.0.77"))).isEmpty();
  }

  @Test
  void providerNetworksCarryTheirTagAndUnknownAddresses() {
    List<Sent> out = walk.send(PORT_EXT, ping(EXT, NOBODY, "203.0.113.6", "203.0.113.1"));
    assertThat(out)
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(PHYS);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(0x1000 | 300));
        });
    Map<Field, Bits> arp = Frames.arp(1, NOBODY, BROADCAST, "203.0.113.1", "203.0.113.6");
    assertThat(send(PHYS, Frames.with(arp, Field.VLAN_VID, 0x1000 | 300)))
        .containsExactly(PORT_EXT);
    assertThat(send(PHYS, Frames.with(arp, Field.VLAN_VID, 0x1000 | 301))).isEmpty();
    assertThat(send(PHYS, arp)).isEmpty();
  }

  @Test
  void networksAreApart() {
    assertThat(send(PORT_A, ping(A, TWIN, IP_A, "10.0.0.1"))).containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, ping(A, EXT, IP_A, "203.0.113.6"))).containsExactly(PORT_OPEN);
  }

  @Test
  void portThatIsDownIsIsolated() {
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.ADMIN_STATE_UP, false));
    replan();
    droppedIn(Pipeline.CLASSIFY, PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"));
    assertThat(send(PORT_OPEN, ping(OPEN, A, "10.0.0.3", IP_A))).isEmpty();
    assertThat(send(PORT_OPEN, Frames.arp(1, OPEN, BROADCAST, "10.0.0.3", IP_A)))
        .doesNotContain(PORT_A);
  }

  @Test
  void whatCannotBeExpressedClosesThePort() {
    cloud.rule(
        id("dccp"),
        web,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("dccp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 1)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 2));
    replan();
    assertThat(planned.refused.get(new Group("port", a))).contains("dccp");
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).isEmpty();
  }

  @Test
  void reportsWhatTheServerDoesNotKnow() {
    assertThat(planned.reports.get(new Group("port", a)))
        .containsExactly("port switch " + a + " {state=up}");
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.PENDING, List.of()));
    replan();
    assertThat(planned.reports).doesNotContainKey(new Group("port", a));
    facts = facts.with(SwitchInterface.KIND, Map.of());
    replan();
    assertThat(planned.reports)
        .containsOnly(
            Map.entry(new Group("port", a), List.of("port switch " + a + " {state=down}")));
  }

  @Test
  void nothingOnTheSwitchLearnsOrFloodsByItself() {
    assertThat(planned.flows())
        .filteredOn(item -> !item.bridge().equals("br-ex"))
        .noneMatch(item -> item.toString().contains("NORMAL"));
  }
}
