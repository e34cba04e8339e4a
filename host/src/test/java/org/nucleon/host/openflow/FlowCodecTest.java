package org.nucleon.host.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The encoding, against bytes that ovs-ofctl 3.1.0 sent with OpenFlow 1.5. */
final class FlowCodecTest {
  private static final int FLOW_MOD = 14;
  private static final int FLOW_MOD_MATCH = 48;

  private static final InetAddress V4 = InetAddress.ofLiteral("10.1.2.3");

  /**
   * {@code add-flow cookie=0x5,table=3,priority=7,arp,in_port=3,arp_op=1,arp_tpa=10.1.2.3,actions=
   * move:eth_src[]->eth_dst[],set_field:fa:16:3e:01:02:03->eth_src,set_field:2->arp_op,IN_PORT}.
   */
  private static final String ARP =
      "060e00a00000000200000000000000050000000000000000"
          + "0300000000000007ffffffffffffffffffffffff00000000"
          + "0001002080000004000000038000"
          + "0a02080680002a02000180002e040a010203"
          + "0004005000000000"
          + "001c00180030000000000000800008068000060600000000"
          + "001900108000"
          + "0806fa163e010203"
          + "00000019001080002a02000200000000"
          + "000000000010fffffff80000000000000000";

  /** {@code --strict del-flows table=2,priority=5,dl_vlan=9}. */
  private static final String DELETE =
      "060e004000000002000000000000000000000000000000000204000000000005"
          + "ffffffffffffffffffffffff000000000001000a80000c021009000000000000";

  /**
   * {@code add-flow table=1,priority=1,tcp,reg5=0x10/0xff,ct_state=+trk+new-est,
   * tcp_dst=0x8000/0xff00,actions=ct(commit,zone=NXM_NX_REG6[0..15],table=9,nat(src=10.1.2.3),
   * exec(set_field:1->ct_mark)),goto_table:5}.
   */
  private static final String TRACK =
      "060e00b800000002000000000000000000000000000000000100000000000001"
          + "ffffffffffffffffffffffff00000000"
          + "0001003780000a020800800014010680001d048000ff00"
          + "80010510000000000000001000000000000000ff"
          + "0001d308000000210000002300"
          + "0004004800000000ffff0040000023200023000100010c04000f090000000000"
          + "ffff00180000232000240000000100010a01020300000000"
          + "001900100001d60400000001000000000001000805000000";

  private static String message(int xid, Flow flow, boolean delete) {
    var out = new Encoder();
    int start = MessageChannel.begin(FLOW_MOD, xid, out);
    if (delete) {
      FlowCodec.delete(flow, out);
    } else {
      FlowCodec.add(flow, out);
    }
    MessageChannel.end(start, out);
    return HexFormat.of().formatHex(out.toBytes());
  }

  @Test
  void anAddIsWrittenAsOfctlWritesIt() {
    var flow =
        new Flow(
            3,
            7,
            Match.any().inPort(3).arpOp(1).arpTpa(V4),
            List.of(
                Action.move(Field.ETH_SRC, Field.ETH_DST),
                Action.set(Field.ETH_SRC, Samples.MAC),
                Action.set(Field.ARP_OP, 2),
                Action.inPort()),
            5);
    assertThat(message(2, flow, false)).isEqualTo(ARP);
  }

  @Test
  void aDeleteIsWrittenAsOfctlWritesIt() {
    var flow = new Flow(2, 5, Match.any().vlan(9), List.of(Action.output(1)), 0);
    assertThat(message(2, flow, true)).isEqualTo(DELETE);
  }

  @Test
  void whatOfctlWroteReadsAsMeant() {
    var in = ByteBuffer.wrap(HexFormat.of().parseHex(TRACK)).position(FLOW_MOD_MATCH);
    assertThat(MatchCodec.decode(in))
        .isEqualTo(
            Match.any()
                .ipv4()
                .tcpDst(new PortRange.Masked(0x8000, 0xff00))
                .reg(5, 0x10, 0xff)
                .ctState(Set.of(CtState.TRK, CtState.NEW), Set.of(CtState.EST)));
    var applied = in.slice(in.position() + 8, 0x40);
    assertThat(ActionCodec.decode(applied))
        .containsExactly(
            Action.commit(Zone.ofReg(6), 9).nat(Nat.source(V4)).exec(Action.set(Field.CT_MARK, 1)));
  }

  /** {@code ct-flush zone=7 ct_nw_src=10.0.0.1,ct_nw_dst=10.0.0.2,ct_nw_proto=6,ct_tp_dst=80}. */
  @Test
  void aFlushIsWrittenAsOfctlWritesIt() {
    var out = new Encoder();
    Connections.inZone(7)
        .ofProtocol(Match.TCP)
        .from(InetAddress.ofLiteral("10.0.0.1"))
        .to(InetAddress.ofLiteral("10.0.0.2"))
        .toPort(80)
        .encode(out);
    assertThat(HexFormat.of().formatHex(out.toBytes()))
        .isEqualTo(
            "06000000000000000000004000000000"
                + "0000001400000000000000000000ffff0a00000100000000"
                + "0001001400000000000000000000ffff0a00000200000000"
                + "00030008005000000002000800070000");
  }

  static List<Match> matches() {
    return Samples.matches();
  }

  @ParameterizedTest
  @MethodSource("matches")
  void everyMatchReadsBack(Match match) {
    var out = new Encoder();
    MatchCodec.encode(match, out);
    var in = ByteBuffer.wrap(out.toBytes());
    assertThat(MatchCodec.decode(in)).isEqualTo(match);
    assertThat(in.remaining()).isZero();
    assertThat(out.size() % 8).isZero();
  }

  static List<List<Action>> actions() {
    return Samples.actions().stream()
        .filter(list -> list.stream().noneMatch(Action.GotoTable.class::isInstance))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("actions")
  void everyActionReadsBack(List<Action> actions) {
    var out = new Encoder();
    ActionCodec.encode(actions, out);
    assertThat(ActionCodec.decode(ByteBuffer.wrap(out.toBytes()))).isEqualTo(actions);
  }

  @Test
  void unknownActionsAndFieldsAreKeptAsTheyCame() {
    // Action 22, a group, and NXM_NX_CT_NW_PROTO, neither of which has a form here.
    byte[] group = HexFormat.of().parseHex("0016000800000007");
    assertThat(ActionCodec.decode(ByteBuffer.wrap(group)))
        .containsExactly(new Action.Unknown("0016000800000007"));
    byte[] oxm = HexFormat.of().parseHex("0001000f80000a0208000001ee010600");
    Match match = MatchCodec.decode(ByteBuffer.wrap(oxm));
    assertThat(match).isNotEqualTo(Match.any().ipv4());
    var out = new Encoder();
    MatchCodec.encode(match, out);
    assertThat(out.toBytes()).isEqualTo(oxm);
  }
}
