package org.nucleon.host.openflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears of what the switch says unasked. Called by the connection's reader, one call at a time and
 * in the switch's order: an answer takes no time and asks the connection nothing.
 */
public interface OpenFlowListener {
  /** Listens to nothing. */
  OpenFlowListener NONE = new OpenFlowListener() {};

  /** A port came, went or changed. */
  default void portChanged(PortEvent event) {}

  /** Others changed flows; told only after {@link OpenFlowConnection#monitorFlows}. */
  default void flowsChanged(List<FlowEvent> events) {}

  /**
   * The connection is over; nothing more will come.
   *
   * @param cause why, or null if this side closed it
   */
  default void disconnected(@Nullable Throwable cause) {}
}
