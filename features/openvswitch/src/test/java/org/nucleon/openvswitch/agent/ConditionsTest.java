package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.PacketWalk.Sent;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.Conditions.Rate;

/** Which meters frames go through, and how they are marked. */
final class ConditionsTest extends OnPaper {

  private void name(String sender, String receiver) {
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.NAME, sender));
    cloud.update(Ports.PORT, b, draft -> draft.set(Ports.NAME, receiver));
    replan();
  }

  private Set<String> meters() {
    return planned.byKey().values().stream()
        .filter(MeterItem.class::isInstance)
        .map(Object::toString)
        .collect(Collectors.toSet());
  }

  /** Port a is number 1, port b number 2: a sends through meter 2, b gets through meter 5. */
  @ParameterizedTest
  @CsvSource({
    // a: sent received dscp, b:          meters, mark
    "1000 0 0,    0 0 0,       2,   0",
    "0 1000 0,    0 0 0,       '',  0",
    "0 0 0,       0 1000 0,    5,   0",
    "0 0 0,       1000 0 0,    '',  0",
    "1000 0 0,    0 1000 0,    2 5, 0",
    "0 0 26,      0 0 8,       '',  26",
    "1000 0 26,   0 0 0,       2,   26",
    "0 0 0,       0 0 26,      '',  0",
  })
  void framesGoThroughTheMetersOfBothEnds(String sender, String receiver, String meters, int mark) {
    name(sender, receiver);
    List<Sent> out = walk.send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 40_000, 22));
    assertThat(out).extracting(Sent::port).containsExactly(PORT_B);
    assertThat(walk.metered())
        .extracting(String::valueOf)
        .isEqualTo(meters.isEmpty() ? List.of() : List.of(meters.split(" ")));
    assertThat(out.getFirst().frame().getOrDefault(Field.IP_DSCP, Bits.ZERO))
        .isEqualTo(Bits.of(mark));
  }

  @Test
  void whatTheFirstSaysHolds() {
    Rate slow = new Rate(1_000, 500);
    Rate fast = new Rate(2_000, 500);
    assertThat(new Conditions(slow, null, 26).orElse(new Conditions(fast, fast, 8)))
        .isEqualTo(new Conditions(slow, fast, 26));
    assertThat(Conditions.NONE.orElse(new Conditions(null, slow, 8)))
        .isEqualTo(new Conditions(null, slow, 8));
  }

  @Test
  void ipv6IsMarkedToo() {
    cloud.update(Ports.PORT, id("open"), draft -> draft.set(Ports.NAME, "1000 0 26"));
    replan();
    Map<Field, Bits> frame = Frames.tcp6(OPEN, SERVER, "2001:db8::3", "2001:db8::4", 40_000, 22);
    List<Sent> out = walk.send(PORT_OPEN, frame);
    assertThat(out).extracting(Sent::port).containsExactly(PORT_SERVER);
    assertThat(out.getFirst().frame()).containsEntry(Field.IP_DSCP, Bits.of(26));
    assertThat(walk.metered()).containsExactly(2 * PORT_OPEN);
  }

  @Test
  void whatGoesToOtherHostsIsLimitedAndMarkedToo() {
    name("1000 0 26", "");
    List<Sent> out = walk.send(PORT_A, ping(A, REMOTE, IP_A, IP_REMOTE));
    assertThat(out).extracting(Sent::port).containsExactly(TUN);
    assertThat(out.getFirst().frame()).containsEntry(Field.IP_DSCP, Bits.of(26));
    assertThat(walk.metered()).containsExactly(2L);
  }

  @Test
  void whatIsNoIpIsLimitedAndNotMarked() {
    name("1000 0 26", "");
    List<Sent> out = walk.send(PORT_A, Frames.arp(1, A, B, IP_A, "10.0.0.77"));
    assertThat(walk.metered()).containsExactly(2L);
    assertThat(out).isNotEmpty();
    assertThat(out.getFirst().frame()).doesNotContainKey(Field.IP_DSCP);
  }

  @Test
  void whatIsForManyIsLimitedForEachThatGetsIt() {
    name("1000 0 0", "0 2000 0");
    assertThat(send(PORT_A, Frames.arp(1, A, Frames.BROADCAST, IP_A, "10.0.0.77"))).hasSize(4);
    assertThat(walk.metered()).containsExactly(2L, 5L);
  }

  @Test
  void aMeterHasRateAndBurstAndGoesWithItsPort() {
    name("1000 0 0", "0 64 0");
    assertThat(meters())
        .containsExactlyInAnyOrder(
            "br-int: meter=2 kbps burst bands=type=drop rate=1000 burst_size=500",
            "br-int: meter=5 kbps burst bands=type=drop rate=64 burst_size=128");
    cloud.delete(Ports.PORT, b);
    replan();
    assertThat(meters())
        .containsExactly("br-int: meter=2 kbps burst bands=type=drop rate=1000 burst_size=500");
  }

  @Test
  void anotherResourceMayDecide() {
    cloud.update(Networks.NETWORK, net, draft -> draft.set(Networks.NAME, "1000 0 0"));
    replan();
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 40_000, 22))).containsExactly(PORT_B);
    assertThat(walk.metered()).containsExactly(2L);
  }
}
