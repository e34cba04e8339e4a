package org.nucleon.host.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MatchTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.1.2.3");

  @Test
  void theOrderOfSayingDoesNotMatter() {
    Match one = Match.any().tcpDst(80).ipSrc(ADDRESS).inPort(4).reg(3, 7);
    Match other = Match.any().reg(3, 7).inPort(4).ipv4().ipSrc(ADDRESS, 32).tcp().tcpDst(80);
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.toString()).isEqualTo(other.toString());
  }

  @Test
  void bitsThatDoNotCountAreDropped() {
    assertThat(Match.any().ipDst(ADDRESS, 8))
        .isEqualTo(Match.any().ipDst(InetAddress.ofLiteral("10.9.9.9"), 8));
    assertThat(Match.any().ipDst(ADDRESS, 0)).isEqualTo(Match.any().ipv4());
    assertThat(Match.any().reg(1, 5, 0)).isEqualTo(Match.any());
    assertThat(Match.any().reg(1, 5, 0xffff_ffffL)).isEqualTo(Match.any().reg(1, 5));
  }

  @Test
  void everySampleDiffersFromEveryOther() {
    assertThat(new HashSet<>(Samples.matches())).hasSameSizeAs(Samples.matches());
  }

  @Test
  void sayingAFieldTwiceJoinsTheBits() {
    assertThat(Match.any().reg(5, 0x0012, 0x00ff).reg(5, 0x3400, 0xff00))
        .isEqualTo(Match.any().reg(5, 0x3412, 0xffff));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().reg(5, 1).reg(5, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().ipv6().ipSrc(ADDRESS));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().tcpDst(65536));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().ctZone(70_000));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().vlan(0x2000));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().ipSrc(ADDRESS, 33));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Match.any().arpSpa(InetAddress.ofLiteral("::1")));
    assertThatIllegalArgumentException().isThrownBy(() -> Match.any().reg(16, 0));
  }

  @Test
  void readsLikeOfctl() {
    assertThat(
            new Flow(0, 10, Match.any().inPort(3).arpSpa(ADDRESS), Samples.arpAnswer(), 0x5)
                .toString())
        .isEqualTo(
            "cookie=0x5, table=0, priority=10,arp,in_port=3,arp_spa=10.1.2.3 actions="
                + "move:dl_src[]->dl_dst[],set_field:fa:16:3e:01:02:03->dl_src,"
                + "set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],"
                + "set_field:fa:16:3e:01:02:03->arp_sha,set_field:10.1.2.3->arp_spa,IN_PORT");
    assertThat(Match.any().ipv4().ctState(Set.of(CtState.TRK), Set.of(CtState.NEW)).vlan(5))
        .hasToString("ip,ct_state=-new+trk,dl_vlan=5");
    assertThat(Match.any().ipv6().tcpDst(new PortRange.Masked(0x400, 0xfc00)))
        .hasToString("tcp6,tcp_dst=0x400/0xfc00");
    assertThat(Match.any()).hasToString("");
  }

  @Test
  void tablesReadByName() {
    var flow = new Flow(3, 1, Match.any(), List.of(Action.resubmit(4), Action.gotoTable(9)), 0);
    assertThat(flow.toString(table -> "t" + table))
        .isEqualTo("table=t3, priority=1 actions=resubmit(,t4),goto_table:t9");
  }
}
