package org.nucleon.host.openflow;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Flow-mods, flow dumps and flow updates; openflow-1.5.1 sections 7.3.4.2, 7.3.5.2, 7.3.5.18. */
final class FlowCodec {
  private static final int ADD = 0;
  private static final int DELETE_STRICT = 4;
  private static final int GOTO_TABLE = 1;
  private static final int APPLY_ACTIONS = 4;
  private static final int PACKET_COUNT = 4;
  private static final int BYTE_COUNT = 5;
  private static final long NO_BUFFER = 0xffff_ffffL;

  private FlowCodec() {}

  /**
   * Adds the flow, or puts it in the place of the one with its key. Not "modify": that would leave
   * the old cookie.
   */
  static void add(Flow flow, Encoder out) {
    flowMod(ADD, flow, out);
    instructions(flow.actions(), out);
  }

  /** Deletes the flow with this flow's key. */
  static void delete(Flow flow, Encoder out) {
    flowMod(DELETE_STRICT, flow, out);
  }

  private static void flowMod(int command, Flow flow, Encoder out) {
    // A delete with a cookie mask of zero ignores the cookie.
    out.u64(flow.cookie()).u64(0).u8(flow.table()).u8(command).zeros(4).u16(flow.priority());
    out.u32(NO_BUFFER).u32(Port.ANY).u32(Port.ANY).u16(0).u16(0);
    MatchCodec.encode(flow.match(), out);
  }

  private static void instructions(List<Action> actions, Encoder out) {
    boolean jumps = !actions.isEmpty() && actions.getLast() instanceof Action.GotoTable;
    List<Action> applied = jumps ? actions.subList(0, actions.size() - 1) : actions;
    if (!applied.isEmpty()) {
      int start = out.size();
      out.u16(APPLY_ACTIONS).u16(0).zeros(4);
      ActionCodec.encode(applied, out);
      out.length(start + 2, start);
    }
    if (jumps && actions.getLast() instanceof Action.GotoTable(int table)) {
      out.u16(GOTO_TABLE).u16(8).u8(table).zeros(3);
    }
  }

  /** Asks for every table's flows whose cookie agrees in the bits of {@code cookieMask}. */
  static void request(long cookie, long cookieMask, Encoder out) {
    out.u8(0xff).zeros(3).u32(Port.ANY).u32(Port.ANY).zeros(4).u64(cookie).u64(cookieMask);
    MatchCodec.encode(Match.any(), out);
  }

  /** Reads the flow descriptions of one part of a dump. */
  static List<FlowStats> stats(ByteBuffer in) {
    var flows = new ArrayList<FlowStats>();
    while (in.hasRemaining()) {
      int length = Short.toUnsignedInt(in.getShort(in.position()));
      flows.add(one(in.slice(in.position(), length)));
      in.position(in.position() + length);
    }
    return flows;
  }

  private static FlowStats one(ByteBuffer in) {
    int table = Byte.toUnsignedInt(in.get(4));
    int priority = Short.toUnsignedInt(in.getShort(6));
    long cookie = in.getLong(16);
    in.position(24);
    Match match = MatchCodec.decode(in);
    int statsStart = in.position();
    int statsLength = Short.toUnsignedInt(in.getShort(statsStart + 2));
    ByteBuffer counters = in.slice(statsStart + 4, statsLength - 4);
    long packets = 0;
    long bytes = 0;
    while (counters.hasRemaining()) {
      int header = counters.getInt();
      int number = header >>> 9 & 0x7f;
      int next = counters.position() + (header & 0xff);
      if (number == PACKET_COUNT) {
        packets = counters.getLong();
      } else if (number == BYTE_COUNT) {
        bytes = counters.getLong();
      }
      counters.position(next);
    }
    in.position(statsStart + (statsLength + 7) / 8 * 8);
    var flow = new Flow(table, priority, match, actions(in), cookie);
    return new FlowStats(flow, packets, bytes);
  }

  /** Reads a full flow update whose first 4 bytes, length and event, are known. */
  static Flow update(ByteBuffer in) {
    int table = Byte.toUnsignedInt(in.get(4));
    int priority = Short.toUnsignedInt(in.getShort(10));
    long cookie = in.getLong(16);
    in.position(24);
    Match match = MatchCodec.decode(in);
    return new Flow(table, priority, match, actions(in), cookie);
  }

  private static List<Action> actions(ByteBuffer in) {
    var actions = new ArrayList<Action>();
    while (in.hasRemaining()) {
      int type = in.getShort(in.position());
      int length = Short.toUnsignedInt(in.getShort(in.position() + 2));
      ByteBuffer one = in.slice(in.position(), length);
      in.position(in.position() + length);
      switch (type) {
        case APPLY_ACTIONS -> actions.addAll(ActionCodec.decode(one.slice(8, length - 8)));
        case GOTO_TABLE -> actions.add(Action.gotoTable(Byte.toUnsignedInt(one.get(4))));
        default -> actions.add(ActionCodec.unknown(one));
      }
    }
    return actions;
  }
}
