package org.nucleon.host.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.ovsdb.PrivateOvs;

/** The client against a real switch. */
@Tag("lab")
final class OpenFlowConnectionTest {
  private static PrivateOvs ovs;

  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private final OpenFlowListener listener =
      new OpenFlowListener() {
        @Override
        public void portChanged(PortEvent event) {
          heard.add(event);
        }

        @Override
        public void flowsChanged(List<FlowEvent> events) {
          heard.addAll(events);
        }

        @Override
        public void disconnected(Throwable cause) {
          heard.add(cause == null ? "closed" : cause);
        }
      };
  private OpenFlowConnection connection;

  @BeforeAll
  static void startSwitch() {
    ovs = PrivateOvs.start();
  }

  @AfterAll
  static void stopSwitch() {
    ovs.close();
  }

  @BeforeEach
  void connect() throws IOException {
    addBridge("br0");
    connection = OpenFlowConnection.open(ovs.management("br0"), listener);
  }

  @AfterEach
  void disconnect() throws IOException {
    connection.close();
    ovs.vsctl("--if-exists", "del-br", "br0");
    ovs.vsctl("--if-exists", "del-br", "br1");
  }

  private static void addBridge(String name) {
    ovs.vsctl(
        "add-br", name, "--", "set", "Bridge", name, "datapath_type=netdev", "fail_mode=secure");
  }

  private static FlowChange adding(List<Flow> flows) {
    return new FlowChange(flows, List.of(), List.of());
  }

  private static Flow flow(int priority, Match match, Action... actions) {
    return new Flow(0, priority, match, List.of(actions), 0);
  }

  @Test
  void aBridgeThatWasJustMadeHasNoFlows() throws IOException {
    assertThat(connection.flows()).isEmpty();
  }

  @Test
  void whatIsDumpedEqualsWhatWasSent() throws IOException {
    List<Flow> flows = Samples.all();
    connection.apply(adding(flows));
    assertThat(connection.flows()).containsExactlyInAnyOrderElementsOf(flows);
    assertThat(FlowTable.diff(flows, connection.flows())).isEqualTo(FlowChange.NONE);
  }

  /** What a bridge does with fragments is for whoever asks, not for whoever connects. */
  @Test
  void whatIsDoneWithFragmentsIsTheBridgesAndStays() throws IOException {
    assertThat(ovs.ofctl("get-frags", "br0")).contains("normal");
    assertThat(connection.matchesFirstFragments()).isFalse();
    connection.matchFirstFragments(true);
    assertThat(connection.matchesFirstFragments()).isTrue();
    assertThat(ovs.ofctl("get-frags", "br0")).contains("nx-match");
    OpenFlowConnection.open(ovs.management("br0"), listener).close();
    assertThat(ovs.ofctl("get-frags", "br0")).contains("nx-match");
    connection.matchFirstFragments(false);
    assertThat(ovs.ofctl("get-frags", "br0")).contains("normal");
  }

  @Test
  void metersAreMadeChangedDumpedAndGoWithTheirFlows() throws IOException {
    Meter one = new Meter(1, 10_000, 8_000);
    Meter other = new Meter(130_559, 4_000_000_000L, 128);
    connection.put(one);
    connection.put(other);
    Flow through = flow(1, Match.any().inPort(1), Action.meter(1), Action.output(2));
    Flow onward = flow(2, Match.any().inPort(1), Action.meter(130_559), Action.gotoTable(9));
    connection.apply(adding(List.of(through, onward)));
    assertThat(connection.meters()).containsExactlyInAnyOrder(one, other);
    assertThat(connection.flows()).containsExactlyInAnyOrder(through, onward);
    assertThat(ovs.ofctl("dump-meters", "br0"))
        .contains("rate=10000 burst_size=8000", "meter=130559");
    Meter faster = new Meter(1, 20_000, 16_000);
    connection.put(faster);
    assertThat(connection.meters()).containsExactlyInAnyOrder(faster, other);
    assertThat(connection.flows()).containsExactlyInAnyOrder(through, onward);
    ovs.ofctl("mod-meter", "br0", "meter=1,pktps,bands=type=drop,rate=5");
    assertThat(connection.meters()).containsExactlyInAnyOrder(new Meter(1, 0, 0), other);
    connection.delete(one);
    connection.delete(other);
    assertThat(connection.meters()).isEmpty();
    assertThat(connection.flows()).isEmpty();
  }

  @Test
  void aFlowOfAMeterThatIsNotThereIsRefused() {
    Flow flow = flow(1, Match.any().inPort(1), Action.meter(7), Action.output(2));
    var refusal =
        catchThrowableOfType(
            OpenFlowException.class, () -> connection.apply(adding(List.of(flow))));
    assertThat(refusal.flow()).isEqualTo(flow);
  }

  @Test
  void ofctlUnderstandsTheTextAndMeansTheSame() throws IOException {
    addBridge("br1");
    List<Flow> flows = Samples.all();
    for (Flow flow : flows) {
      ovs.ofctl("add-flow", "br1", flow.toString());
    }
    try (var other = OpenFlowConnection.open(ovs.management("br1"), OpenFlowListener.NONE)) {
      assertThat(other.flows()).containsExactlyInAnyOrderElementsOf(flows);
    }
  }

  @Test
  void aChangeAddsModifiesAndDeletesAtOnce() throws IOException {
    Flow kept = flow(1, Match.any().inPort(1), Action.output(2));
    Flow old = flow(2, Match.any().inPort(1), Action.output(2));
    Flow gone = flow(3, Match.any().inPort(1), Action.output(2));
    connection.apply(adding(List.of(kept, old, gone)));
    Flow changed = new Flow(0, 2, old.match(), List.of(Action.output(9)), 77);
    Flow added = flow(4, Match.any().inPort(1));
    List<Flow> wanted = List.of(kept, changed, added);

    connection.apply(FlowTable.diff(wanted, connection.flows()));

    assertThat(connection.flows()).containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void aBadFlowIsNamedAndNothingIsApplied() throws IOException {
    Flow good = flow(1, Match.any(), Action.output(1));
    Flow bad = flow(2, Match.any(), Action.gotoTable(0));
    connection.apply(adding(List.of(good)));

    var refusal =
        catchThrowableOfType(
            OpenFlowException.class,
            () ->
                connection.apply(
                    new FlowChange(
                        List.of(flow(5, Match.any()), bad, flow(6, Match.any())),
                        List.of(),
                        List.of(good))));

    assertThat(refusal.flow()).isEqualTo(bad);
    assertThat(refusal.type()).isEqualTo(3);
    assertThat(refusal).hasMessageContaining("goto_table:0");
    assertThat(connection.flows()).containsExactly(good);
  }

  @Test
  void flowsOfOneOwnerAreFoundByCookie() throws IOException {
    Flow mine = new Flow(0, 1, Match.any(), List.of(), 0xab00_0000_0000_0001L);
    Flow other = new Flow(0, 2, Match.any(), List.of(), 0xcd00_0000_0000_0001L);
    connection.apply(adding(List.of(mine, other)));
    assertThat(connection.flows(0xab00_0000_0000_0000L, 0xff00_0000_0000_0000L))
        .containsExactly(mine);
  }

  @Test
  void tenThousandFlowsArriveAndGoAway() throws IOException {
    var flows = new ArrayList<Flow>();
    for (int i = 0; i < 10_000; i++) {
      flows.add(new Flow(i % 7, i, Match.any().reg(1, i), List.of(Action.output(1 + i % 9)), i));
    }
    connection.apply(adding(flows));
    assertThat(new HashSet<>(connection.flows())).isEqualTo(new HashSet<>(flows));
    connection.apply(FlowTable.diff(List.of(), connection.flows()));
    assertThat(connection.flows()).isEmpty();
  }

  @Test
  void othersChangesAreHeardAndOwnAreNot() throws Exception {
    Flow mine = flow(1, Match.any().inPort(1), Action.output(2));
    connection.monitorFlows();
    connection.apply(adding(List.of(mine)));
    Flow theirs = new Flow(0, 2, Match.any().ipv4(), List.of(Action.output(3)), 5);
    ovs.ofctl("add-flow", "br0", theirs.toString());
    assertThat(next()).isEqualTo(new FlowEvent.Added(theirs));
    ovs.ofctl("mod-flows", "br0", "in_port=1 actions=output:4");
    assertThat(next()).isEqualTo(new FlowEvent.Modified(flow(1, mine.match(), Action.output(4))));
    ovs.ofctl("del-flows", "br0", "ip");
    assertThat(next()).isInstanceOf(FlowEvent.Removed.class);
    connection.apply(FlowTable.diff(List.of(), connection.flows()));
    connection.barrier();
    assertThat(heard).isEmpty();
  }

  @Test
  void portsAndTheirChangesAreTold() throws Exception {
    ovs.vsctl("add-port", "br0", "p1", "--", "set", "Interface", "p1", "type=dummy");
    var added = (PortEvent.Added) next();
    assertThat(added.port().name()).isEqualTo("p1");
    assertThat(connection.ports()).extracting(Port::name).containsExactlyInAnyOrder("br0", "p1");
    assertThat(connection.ports()).contains(added.port());
    ovs.vsctl("del-port", "p1");
    assertThat(drain(PortEvent.Removed.class).port().name()).isEqualTo("p1");
  }

  @Test
  void packetsAreCountedPerFlow() throws IOException {
    Flow drop = flow(10, Match.any().inPort(1).ethSrc(Samples.MAC));
    connection.apply(adding(List.of(drop, flow(5, Match.any(), Action.inPort()))));
    var frame = new byte[60];
    System.arraycopy(Bits.of(Samples.MAC.value()).toBytes(6), 0, frame, 6, 6);
    connection.packetOut(1, List.of(new Action.Resubmit(0)), frame);
    connection.packetOut(1, List.of(new Action.Resubmit(0)), frame);
    assertThat(connection.flowStats())
        .filteredOn(stats -> stats.flow().equals(drop))
        .singleElement()
        .extracting(FlowStats::packets, FlowStats::bytes)
        .containsExactly(2L, 120L);
  }

  @Test
  void aZonesConnectionsAreForgotten() throws IOException {
    connection.apply(adding(List.of(flow(1, Match.any().ipv4(), Action.commit(Zone.of(7))))));
    connection.packetOut(1, List.of(new Action.Resubmit(0)), udp());
    assertThat(ovs.appctl("dpctl/dump-conntrack", "zone=7")).contains("10.0.0.1");
    connection.flushConntrack(8);
    assertThat(ovs.appctl("dpctl/dump-conntrack", "zone=7")).contains("10.0.0.1");
    connection.flushConntrack(7);
    assertThat(ovs.appctl("dpctl/dump-conntrack", "zone=7")).isBlank();
  }

  @Test
  void onlyTheConnectionsMeantAreForgotten() throws IOException {
    var from = InetAddress.ofLiteral("10.0.0.1");
    var to = InetAddress.ofLiteral("10.0.0.2");
    var stranger = InetAddress.ofLiteral("10.0.0.3");
    connection.apply(adding(List.of(flow(1, Match.any().ipv4(), Action.commit(Zone.of(9))))));
    connection.packetOut(1, List.of(new Action.Resubmit(0)), udp());
    Connections meant = Connections.inZone(9).ofProtocol(Match.UDP).from(from).toPort(53);

    connection.flushConntrack(meant.to(stranger));
    connection.flushConntrack(meant.toPort(54));
    connection.flushConntrack(new Connections(8, Match.UDP, from, to, 53));
    assertThat(ovs.appctl("dpctl/dump-conntrack", "zone=9")).contains("10.0.0.1");

    connection.flushConntrack(meant.to(to));
    assertThat(ovs.appctl("dpctl/dump-conntrack", "zone=9")).isBlank();
  }

  /** UDP from 10.0.0.1 to 10.0.0.2, without payload. */
  private static byte[] udp() {
    return HexFormat.of()
        .parseHex(
            "fa163e000002fa163e0000010800"
                + "4500001c00000000401166cf0a0000010a000002"
                + "0035003500080000"
                + "00".repeat(18));
  }

  @Test
  void theEndOfTheSwitchIsTold() throws Exception {
    try (var mortal = PrivateOvs.start()) {
      mortal.vsctl("add-br", "br9", "--", "set", "Bridge", "br9", "datapath_type=dummy");
      var lost = OpenFlowConnection.open(mortal.management("br9"), listener);
      mortal.killSwitch();
      assertThat(next()).isInstanceOf(IOException.class);
      assertThat(catchThrowableOfType(IOException.class, lost::flows)).isNotNull();
    }
  }

  @Test
  void closingIsTold() throws Exception {
    connection.close();
    assertThat(next()).isEqualTo("closed");
  }

  private Object next() throws InterruptedException {
    Object event = heard.poll(30, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  private <T> T drain(Class<T> kind) throws InterruptedException {
    Object event = next();
    while (!kind.isInstance(event)) {
      event = next();
    }
    return kind.cast(event);
  }
}
