package org.nucleon.host.openflow;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.nucleon.host.openflow.MessageChannel.Message;
import org.nucleon.host.openflow.Requests.Pending;

/**
 * A connection to one bridge of Open vSwitch, over the socket {@code BRIDGE.mgmt} in its run
 * directory.
 *
 * <p>Safe for many threads; requests of several threads are under way at once. Every blocking
 * method throws {@link IOException} if the connection is lost or the switch does not answer, and
 * {@link OpenFlowException} if the switch refuses. A lost connection does not come back by itself:
 * open another, and read the flows again, for a switch that was restarted has none.
 */
public final class OpenFlowConnection implements Closeable {
  private static final int HELLO = 0;
  private static final int ERROR = 1;
  private static final int ECHO_REQUEST = 2;
  private static final int ECHO_REPLY = 3;
  private static final int EXPERIMENTER = 4;
  private static final int GET_CONFIG = 7;
  private static final int SET_CONFIG = 9;
  private static final int PORT_STATUS = 12;
  private static final int PACKET_OUT = 13;
  private static final int MULTIPART_REQUEST = 18;
  private static final int MULTIPART_REPLY = 19;
  private static final int BARRIER_REQUEST = 20;
  private static final int METER_MOD = 29;

  /** Nicira's: ports of a first fragment are matched, those of later ones are 0. */
  private static final int MATCH_FIRST_FRAGMENTS = 3;

  private static final int FLOW_DESCRIPTION = 1;
  private static final int METER_DESCRIPTION = 10;
  private static final int PORT_DESCRIPTION = 13;
  private static final int FLOW_MONITOR = 16;

  private static final long NICIRA = 0x2320;
  private static final int CT_FLUSH_ZONE = 29;
  private static final int CT_FLUSH = 32;
  private static final long NO_BUFFER = 0xffff_ffffL;

  private final MessageChannel channel;
  private final OpenFlowListener listener;
  private final Requests requests = new Requests();
  private final Set<Bundle> bundles = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  private OpenFlowConnection(MessageChannel channel, OpenFlowListener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  /**
   * Connects and agrees on OpenFlow 1.5.
   *
   * @throws IOException if nobody listens there, or the bridge's {@code protocols} leave OpenFlow
   *     1.5 out
   */
  public static OpenFlowConnection open(Path socket, OpenFlowListener listener) throws IOException {
    MessageChannel channel = MessageChannel.connect(socket);
    try {
      greet(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    var connection = new OpenFlowConnection(channel, listener);
    Thread.ofVirtual().name("openflow " + socket.getFileName()).start(connection::read);
    connection.wantEvents();
    return connection;
  }

  private static void greet(MessageChannel channel) throws IOException {
    var hello = new Encoder();
    int start = MessageChannel.begin(HELLO, 0, hello);
    hello.u16(1).u16(8).u32(1 << MessageChannel.VERSION);
    MessageChannel.end(start, hello);
    channel.send(hello);
    Message answer = channel.receive();
    if (answer.type() != HELLO || !speaksOurs(answer.body())) {
      throw new IOException("the bridge does not speak OpenFlow 1.5");
    }
  }

  /** Whether the versions that a hello lists contain ours. */
  private static boolean speaksOurs(ByteBuffer elements) {
    while (elements.remaining() >= 8) {
      int type = elements.getShort(elements.position());
      int length = Short.toUnsignedInt(elements.getShort(elements.position() + 2));
      if (type == 1) {
        return (elements.getInt(elements.position() + 4) & 1 << MessageChannel.VERSION) != 0;
      }
      elements.position(Math.min(elements.limit(), elements.position() + (length + 7) / 8 * 8));
    }
    return true;
  }

  /**
   * Open vSwitch tells a management connection nothing unasked while its miss length is 0. What it
   * does with fragments is the bridge's, not the connection's, and stays.
   */
  private void wantEvents() throws IOException {
    configure(flags());
  }

  private int flags() throws IOException {
    return Short.toUnsignedInt(request(GET_CONFIG, _ -> {}).getFirst().getShort(0));
  }

  private void configure(int flags) throws IOException {
    confirmed(SET_CONFIG, body -> body.u16(flags).u16(0xffff));
  }

  /**
   * Whether the bridge matches what a first fragment tells of ports and ICMP types (ovs-ofctl(8),
   * {@code set-frags}, {@code nx-match}), where otherwise it takes them for 0 as in the later ones.
   */
  public boolean matchesFirstFragments() throws IOException {
    return flags() == MATCH_FIRST_FRAGMENTS;
  }

  /** From now on, until it is restarted, the bridge matches so, or does not. */
  public void matchFirstFragments(boolean so) throws IOException {
    configure(so ? MATCH_FIRST_FRAGMENTS : 0);
  }

  /** All flows of all tables. */
  public List<Flow> flows() throws IOException {
    return flows(0, 0);
  }

  /** The flows whose cookie agrees with {@code cookie} in the bits of {@code cookieMask}. */
  public List<Flow> flows(long cookie, long cookieMask) throws IOException {
    return flowStats(cookie, cookieMask).stream().map(FlowStats::flow).toList();
  }

  /** All flows with their counters. */
  public List<FlowStats> flowStats() throws IOException {
    return flowStats(0, 0);
  }

  /** The flows whose cookie agrees in the bits of {@code cookieMask}, with their counters. */
  public List<FlowStats> flowStats(long cookie, long cookieMask) throws IOException {
    var flows = new ArrayList<FlowStats>();
    for (ByteBuffer part :
        multipart(FLOW_DESCRIPTION, body -> FlowCodec.request(cookie, cookieMask, body))) {
      flows.addAll(FlowCodec.stats(part));
    }
    return flows;
  }

  /** All meters of the bridge. */
  public List<Meter> meters() throws IOException {
    var meters = new ArrayList<Meter>();
    for (ByteBuffer part : multipart(METER_DESCRIPTION, MeterCodec::request)) {
      meters.addAll(MeterCodec.meters(part));
    }
    return meters;
  }

  /** Makes a meter, or gives the one of its number this rate; flows that use it stay. */
  public void put(Meter meter) throws IOException {
    try {
      confirmed(METER_MOD, body -> MeterCodec.mod(MeterCodec.MODIFY, meter, body));
    } catch (OpenFlowException noSuchMeter) {
      try {
        confirmed(METER_MOD, body -> MeterCodec.mod(MeterCodec.ADD, meter, body));
      } catch (OpenFlowException refused) {
        refused.addSuppressed(noSuchMeter);
        throw refused;
      }
    }
  }

  /** Removes a meter, and flows that still use it. */
  public void delete(Meter meter) throws IOException {
    confirmed(METER_MOD, body -> MeterCodec.mod(MeterCodec.DELETE, meter, body));
  }

  /** The bridge's ports. */
  public List<Port> ports() throws IOException {
    var ports = new ArrayList<Port>();
    for (ByteBuffer part : multipart(PORT_DESCRIPTION, body -> body.u32(Port.ANY).zeros(4))) {
      ports.addAll(PortCodec.ports(part));
    }
    return ports;
  }

  /**
   * Does the whole change in one step and returns when the switch has done it.
   *
   * @throws OpenFlowException if the switch refuses; then nothing was changed, and {@link
   *     OpenFlowException#flow} says why
   */
  public void apply(FlowChange change) throws IOException {
    if (change.isEmpty()) {
      return;
    }
    var bundle = new Bundle(change, requests);
    bundles.add(bundle);
    try {
      Pending open = requests.expect(bundle.openXid());
      Pending barrier = requests.expect(bundle.barrierXid());
      channel.send(bundle.filled());
      barrier.await();
      Pending end = requests.expect(bundle.commitXid());
      OpenFlowException refusal = bundle.error();
      if (refusal != null) {
        channel.send(bundle.discard());
        throw refused(refusal, end);
      }
      open.await();
      channel.send(bundle.commit());
      try {
        end.await();
      } catch (OpenFlowException e) {
        throw bundle.error() == null ? e : new OpenFlowException(bundle.error());
      }
    } finally {
      bundles.remove(bundle);
      requests.forget(bundle.openXid());
      requests.forget(bundle.barrierXid());
      requests.forget(bundle.commitXid());
    }
  }

  /** The refusal, once the switch has thrown the bundle away or says that it has already. */
  private static OpenFlowException refused(OpenFlowException refusal, Pending discarded)
      throws IOException {
    try {
      discarded.await();
    } catch (OpenFlowException alreadyGone) {
      refusal.addSuppressed(alreadyGone);
    }
    return new OpenFlowException(refusal);
  }

  /** Returns when the switch has done everything that was asked before. */
  public void barrier() throws IOException {
    request(BARRIER_REQUEST, _ -> {});
  }

  /**
   * From now on the listener hears of changes of flows that other connections (or timeouts) make,
   * not of this connection's own. To be asked once.
   */
  public void monitorFlows() throws IOException {
    int addRemoveModifyWithActions = 2 | 4 | 8 | 16;
    multipart(
        FLOW_MONITOR,
        body -> {
          body.u32(1).u32(Port.ANY).u32(Port.ANY).u16(addRemoveModifyWithActions).u8(0xff).u8(0);
          MatchCodec.encode(Match.any(), body);
        });
  }

  /**
   * Forgets all tracked connections of a zone.
   *
   * @param zone 0 to 65535
   */
  public void flushConntrack(int zone) throws IOException {
    confirmed(EXPERIMENTER, body -> body.u32(NICIRA).u32(CT_FLUSH_ZONE).zeros(6).u16(zone));
  }

  /**
   * Forgets some tracked connections. Open vSwitch 3.1 or later.
   *
   * @throws OpenFlowException if the switch is older
   */
  public void flushConntrack(Connections connections) throws IOException {
    confirmed(
        EXPERIMENTER,
        body -> {
          body.u32(NICIRA).u32(CT_FLUSH);
          connections.encode(body);
        });
  }

  /**
   * Sends a frame through actions, as if it had come in at a port.
   *
   * @param inPort the port's number, or {@link Port#CONTROLLER}
   * @param actions what to do with it
   * @param frame the Ethernet frame, copied
   */
  public void packetOut(long inPort, List<Action> actions, byte[] frame) throws IOException {
    confirmed(
        PACKET_OUT,
        body -> {
          int start = body.size();
          body.u32(NO_BUFFER).u16(0).zeros(2);
          MatchCodec.encode(Match.any().inPort(inPort), body);
          int first = body.size();
          ActionCodec.encode(actions, body);
          body.length(start + 4, first);
          body.bytes(frame);
        });
  }

  /** For what has no reply of its own: the barrier behind it comes back, or its error before. */
  private void confirmed(int type, Consumer<Encoder> body) throws IOException {
    int xid = requests.ids(1);
    Pending refusal = requests.expect(xid);
    try {
      send(type, xid, body);
      barrier();
      requests.answer(xid, ByteBuffer.allocate(0), false);
      refusal.await();
    } finally {
      requests.forget(xid);
    }
  }

  private List<ByteBuffer> multipart(int kind, Consumer<Encoder> body) throws IOException {
    return request(
        MULTIPART_REQUEST,
        out -> {
          out.u16(kind).u16(0).zeros(4);
          body.accept(out);
        });
  }

  private List<ByteBuffer> request(int type, Consumer<Encoder> body) throws IOException {
    int xid = requests.ids(1);
    Pending answer = requests.expect(xid);
    try {
      send(type, xid, body);
      return answer.await();
    } finally {
      requests.forget(xid);
    }
  }

  private void send(int type, int xid, Consumer<Encoder> body) throws IOException {
    var out = new Encoder();
    int start = MessageChannel.begin(type, xid, out);
    body.accept(out);
    MessageChannel.end(start, out);
    channel.send(out);
  }

  private void read() {
    try {
      while (true) {
        received(channel.receive());
      }
    } catch (IOException | RuntimeException e) {
      requests.close(e);
      closeQuietly();
      listener.disconnected(closing ? null : e);
    }
  }

  private void closeQuietly() {
    try {
      channel.close();
    } catch (IOException _) {
      // Nothing more was to come from it.
    }
  }

  private void received(Message message) throws IOException {
    switch (message.type()) {
      case ERROR -> failed(message);
      case ECHO_REQUEST ->
          send(ECHO_REPLY, message.xid(), body -> body.bytes(message.body().array()));
      case PORT_STATUS -> {
        PortEvent event = PortCodec.status(message.body());
        if (event != null) {
          listener.portChanged(event);
        }
      }
      case MULTIPART_REPLY -> multipartReply(message);
      default -> requests.answer(message.xid(), message.body(), false);
    }
  }

  private void failed(Message message) {
    int type = Short.toUnsignedInt(message.body().getShort());
    int code = Short.toUnsignedInt(message.body().getShort());
    if (bundles.stream().noneMatch(bundle -> bundle.failed(message.xid(), type, code))) {
      requests.fail(message.xid(), new OpenFlowException(type, code, null));
    }
  }

  private void multipartReply(Message message) {
    ByteBuffer body = message.body();
    int kind = body.getShort(0);
    boolean more = (body.getShort(2) & 1) != 0;
    ByteBuffer content = body.slice(8, body.limit() - 8);
    if (!requests.answer(message.xid(), content, more) && kind == FLOW_MONITOR) {
      List<FlowEvent> events = FlowUpdates.decode(content);
      if (!events.isEmpty()) {
        listener.flowsChanged(events);
      }
    }
  }

  /** Ends the connection; what is under way fails. */
  @Override
  public void close() throws IOException {
    closing = true;
    channel.close();
  }
}
