package org.nucleon.host.openflow;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change as one atomic, ordered bundle; openflow-1.5.1 section 7.3.9. Its messages have ids in a
 * row: open, one per flow, barrier, commit.
 */
final class Bundle {
  private static final int BUNDLE_CONTROL = 33;
  private static final int BUNDLE_ADD = 34;
  private static final int FLOW_MOD = 14;
  private static final int BARRIER = 20;
  private static final int OPEN = 0;
  private static final int COMMIT = 4;
  private static final int DISCARD = 6;
  private static final int ATOMIC_ORDERED = 3;

  private final int firstXid;
  private final List<Flow> flows;
  private final int deletes;
  private final AtomicReference<@Nullable OpenFlowException> error = new AtomicReference<>();

  /** Deletes go first, so that what replaces them does not meet them. */
  Bundle(FlowChange change, Requests requests) {
    deletes = change.deletes().size();
    flows =
        Stream.of(change.deletes(), change.modifies(), change.adds())
            .flatMap(List::stream)
            .toList();
    firstXid = requests.ids(flows.size() + 3);
  }

  int openXid() {
    return firstXid;
  }

  int barrierXid() {
    return firstXid + flows.size() + 1;
  }

  int commitXid() {
    return firstXid + flows.size() + 2;
  }

  /** The first error that the switch reported about one of the flows; null if none so far. */
  @Nullable OpenFlowException error() {
    return error.get();
  }

  /** Whether the error was about this bundle. */
  boolean failed(int xid, int type, int code) {
    int index = xid - firstXid - 1;
    if (index < 0 || index >= flows.size()) {
      return false;
    }
    error.compareAndSet(null, new OpenFlowException(type, code, flows.get(index)));
    return true;
  }

  /** Open, the flows and a barrier, behind which every refusal is known. */
  Encoder filled() {
    var out = new Encoder();
    control(OPEN, openXid(), out);
    for (int i = 0; i < flows.size(); i++) {
      int xid = firstXid + 1 + i;
      int outer = MessageChannel.begin(BUNDLE_ADD, xid, out);
      out.u32(firstXid).zeros(2).u16(ATOMIC_ORDERED);
      int inner = MessageChannel.begin(FLOW_MOD, xid, out);
      if (i < deletes) {
        FlowCodec.delete(flows.get(i), out);
      } else {
        FlowCodec.add(flows.get(i), out);
      }
      MessageChannel.end(inner, out);
      MessageChannel.end(outer, out);
    }
    MessageChannel.end(MessageChannel.begin(BARRIER, barrierXid(), out), out);
    return out;
  }

  Encoder commit() {
    var out = new Encoder();
    control(COMMIT, commitXid(), out);
    return out;
  }

  Encoder discard() {
    var out = new Encoder();
    control(DISCARD, commitXid(), out);
    return out;
  }

  private void control(int type, int xid, Encoder out) {
    int start = MessageChannel.begin(BUNDLE_CONTROL, xid, out);
    out.u32(firstXid).u16(type).u16(ATOMIC_ORDERED);
    MessageChannel.end(start, out);
  }
}
