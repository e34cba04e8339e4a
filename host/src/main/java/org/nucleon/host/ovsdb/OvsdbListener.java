package org.nucleon.host.ovsdb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to the monitored rows. Called one call at a time, in the server's order: an
 * answer takes no time and asks the client nothing that waits.
 */
public interface OvsdbListener {
  /** Listens to nothing. */
  OvsdbListener NONE = new OvsdbListener() {};

  /** The server is there; the changes since it was last seen follow. */
  default void connected() {}

  /** The server is gone, and is tried again until the client is closed. */
  default void disconnected(@Nullable Throwable cause) {}

  /** One transaction's changes, or those since the server was last seen. */
  default void changed(List<RowChange> changes, Snapshot now) {}
}
