package org.nucleon.host.openflow;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Flow updates; openflow-1.5.1 section 7.3.5.18. */
final class FlowUpdates {
  private static final int ADDED = 1;
  private static final int REMOVED = 2;
  private static final int MODIFIED = 3;

  private FlowUpdates() {}

  /**
   * What others did. This connection's own changes come abbreviated and are left out, as is word of
   * pauses: behind a pause the switch tells all that changed meanwhile.
   */
  static List<FlowEvent> decode(ByteBuffer in) {
    var events = new ArrayList<FlowEvent>();
    while (in.hasRemaining()) {
      int length = Short.toUnsignedInt(in.getShort(in.position()));
      ByteBuffer one = in.slice(in.position(), length);
      in.position(in.position() + length);
      switch (one.getShort(2)) {
        case ADDED -> events.add(new FlowEvent.Added(FlowCodec.update(one)));
        case REMOVED -> events.add(new FlowEvent.Removed(FlowCodec.update(one)));
        case MODIFIED -> events.add(new FlowEvent.Modified(FlowCodec.update(one)));
        default -> {}
      }
    }
    return events;
  }
}
