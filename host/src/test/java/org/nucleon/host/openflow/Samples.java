package org.nucleon.host.openflow;

import static org.nucleon.host.openflow.Action.clearTracking;
import static org.nucleon.host.openflow.Action.commit;
import static org.nucleon.host.openflow.Action.conjunction;
import static org.nucleon.host.openflow.Action.controller;
import static org.nucleon.host.openflow.Action.decrementTtl;
import static org.nucleon.host.openflow.Action.gotoTable;
import static org.nucleon.host.openflow.Action.inPort;
import static org.nucleon.host.openflow.Action.move;
import static org.nucleon.host.openflow.Action.normal;
import static org.nucleon.host.openflow.Action.output;
import static org.nucleon.host.openflow.Action.outputReg;
import static org.nucleon.host.openflow.Action.popVlan;
import static org.nucleon.host.openflow.Action.pushVlan;
import static org.nucleon.host.openflow.Action.resubmit;
import static org.nucleon.host.openflow.Action.set;
import static org.nucleon.host.openflow.Action.setReg;
import static org.nucleon.host.openflow.Action.setTunId;
import static org.nucleon.host.openflow.Action.setVlan;
import static org.nucleon.host.openflow.Action.track;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.nucleon.host.ethernet.MacAddress;

/** One flow for every kind of match and action. */
final class Samples {
  static final MacAddress MAC = MacAddress.parse("fa:16:3e:01:02:03");
  static final InetAddress V4 = InetAddress.ofLiteral("10.1.2.3");
  static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::1:2");
  static final Match IP = Match.any().ipv4();

  private Samples() {}

  static List<Flow> all() {
    var flows = new ArrayList<Flow>();
    for (Match match : matches()) {
      flows.add(new Flow(1, 100 + flows.size(), match, List.of(), 0x1234_5678_9abc_def0L));
    }
    for (List<Action> actions : actions()) {
      flows.add(new Flow(2, 100 + flows.size(), IP, actions, flows.size()));
    }
    // Actions with prerequisites of their own.
    Match tagged = Match.any().tagged();
    Match arp = Match.any().inPort(3).arpOp(1).arpTpa(V4);
    flows.add(new Flow(3, 1, tagged, List.of(setVlan(7), output(2)), 1));
    flows.add(new Flow(3, 2, tagged.vlan(9), List.of(popVlan(), setReg(6, 5), resubmit(4)), 1));
    flows.add(new Flow(3, 3, arp, arpAnswer(), 1));
    flows.add(
        new Flow(
            3,
            4,
            Match.any().icmpv6(),
            List.of(set(Field.IPV6_SRC, V6), set(Field.IPV6_DST, V6), outputReg(7)),
            1));
    flows.add(
        new Flow(
            3,
            5,
            Match.any().ipv6(),
            List.of(commit(Zone.of(9)).nat(Nat.source(V6).withPorts(new PortRange(1, 9)))),
            1));
    return flows;
  }

  static List<Action> arpAnswer() {
    return List.of(
        move(Field.ETH_SRC, Field.ETH_DST),
        set(Field.ETH_SRC, MAC),
        set(Field.ARP_OP, 2),
        move(Field.ARP_SHA, Field.ARP_THA),
        move(Field.ARP_SPA, Field.ARP_TPA),
        set(Field.ARP_SHA, MAC),
        set(Field.ARP_SPA, V4),
        inPort());
  }

  static List<Match> matches() {
    var half = new PortRange.Masked(0x8000, 0xff00);
    Match six = Match.any().ipv6();
    MacAddress multicast = MacAddress.parse("01:00:00:00:00:00");
    return List.of(
        Match.any(),
        Match.any().inPort(3),
        Match.any().inPort(Port.LOCAL),
        Match.any().ethSrc(MAC),
        Match.any().ethDst(MAC),
        Match.any().ethDst(multicast, multicast),
        Match.any().ethSrc(MAC, MacAddress.parse("ff:ff:ff:00:00:00")),
        Match.any().ethUnicast(),
        Match.any().ethType(0x88cc),
        Match.any().vlan(5),
        Match.any().vlan(0),
        Match.any().untagged(),
        Match.any().tagged(),
        Match.any().arp(),
        Match.any().arpOp(2),
        Match.any().arpSpa(V4),
        Match.any().arpSpa(V4, 24),
        Match.any().arpTpa(V4).arpSha(MAC),
        IP.ipSrc(V4),
        IP.ipDst(V4, 8),
        IP.ipDst(V4, 0),
        six.ipSrc(V6),
        six.ipDst(V6, 64),
        six.ipDst(V6, 127),
        IP.ipProto(47),
        IP.tcpDst(80),
        IP.tcpSrc(half),
        six.tcpDst(443),
        IP.udpSrc(67).udpDst(68),
        six.udpDst(half),
        IP.sctpDst(5000).sctpSrc(half),
        six.sctpDst(5000),
        Match.any().icmpType(8).icmpCode(0),
        Match.any().icmpv6Type(134),
        Match.any().icmpv6Type(136).icmpv6Code(0).ndTarget(V6),
        Match.any().icmpv6Type(135).with(Field.ND_SLL, Bits.of(MAC.value())),
        Match.any().tunId(77),
        Match.any().with(Field.TUN_DST, Bits.of(V4.getAddress())),
        Match.any().reg(0, 1).reg(1, 0xffff_ffffL).reg(15, 0x50, 0xf0),
        Match.any().reg(7, 0),
        Match.any().metadata(0x1_0000_0001L),
        Match.any().metadata(5, 0xff),
        IP.ctState(Set.of(CtState.TRK, CtState.NEW), Set.of(CtState.INV, CtState.EST)),
        IP.ctState(Set.of(), Set.of(CtState.TRK)),
        IP.ctState(Set.of(CtState.RPL, CtState.REL, CtState.SNAT), Set.of(CtState.DNAT)),
        IP.ctZone(65535),
        IP.ctMark(1),
        IP.ctMark(0, 1),
        IP.conjId(4_000_000_000L),
        Match.any().with(Field.PKT_MARK, Bits.of(3)),
        IP.fragment(),
        six.laterFragment(),
        six.firstFragment().udpDst(9),
        IP.with(Field.IP_TTL, Bits.of(1)),
        IP.with(Field.IP_DSCP, Bits.of(46)),
        IP.tcp().with(Field.TCP_FLAGS, Bits.of(2), Bits.of(0x12)));
  }

  static List<List<Action>> actions() {
    return List.of(
        List.of(),
        List.of(output(1), output(2), output(65279)),
        List.of(output(Port.LOCAL)),
        List.of(inPort()),
        List.of(normal()),
        List.of(output(Port.FLOOD)),
        List.of(controller()),
        List.of(outputReg(7)),
        List.of(output(Field.REG7.bits(0, 16))),
        List.of(setReg(0, 0), setReg(15, 0xffff_ffffL)),
        List.of(set(Field.REG5.bits(4, 8), 0xab)),
        List.of(set(Field.METADATA, 0x1_0000_0000L)),
        List.of(set(Field.ETH_SRC, MAC), set(Field.ETH_DST, MAC)),
        List.of(set(Field.IPV4_SRC, V4), set(Field.IPV4_DST, V4)),
        List.of(setTunId(4711), output(3)),
        List.of(set(Field.TUN_DST, V4)),
        List.of(decrementTtl(), output(1)),
        List.of(move(Field.REG0, Field.REG1)),
        List.of(move(Field.REG0.bits(0, 16), Field.REG3.bits(16, 16))),
        List.of(move(Field.ETH_SRC, Field.ETH_DST)),
        List.of(pushVlan(), setVlan(101), output(4)),
        List.of(resubmit(60)),
        List.of(setReg(7, 1), resubmit(100), setReg(7, 2), resubmit(100)),
        List.of(gotoTable(9)),
        List.of(setReg(6, 2), gotoTable(9)),
        List.of(track(Zone.of(0), 10)),
        List.of(track(Zone.ofReg(6), 10)),
        List.of(commit(Zone.of(65535))),
        List.of(commit(Zone.ofReg(6)).exec(set(Field.CT_MARK, 1))),
        List.of(commit(Zone.ofReg(6), 10).forced().exec(set(Field.CT_MARK.bits(0, 1), 1))),
        List.of(track(Zone.of(1), 10).nat(Nat.existing())),
        List.of(commit(Zone.of(1), 10).nat(Nat.source(V4)).exec(set(Field.CT_MARK, 2))),
        List.of(commit(Zone.of(1)).nat(Nat.target(V4).withPorts(new PortRange(80, 80)))),
        List.of(commit(Zone.of(1)).nat(new Nat(Nat.Kind.SOURCE, V4, next(), null))),
        List.of(clearTracking(), gotoTable(5)),
        List.of(conjunction(7, 1, 2)),
        List.of(conjunction(7, 2, 2), conjunction(4_000_000_000L, 3, 64)),
        List.of(new Action.Note("0102030405060708"), output(1)));
  }

  private static InetAddress next() {
    return InetAddress.ofLiteral("10.1.2.9");
  }
}
