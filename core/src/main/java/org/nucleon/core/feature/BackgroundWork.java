package org.nucleon.core.feature;

import java.time.Duration;
import java.util.function.Function;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Transaction;

/**
 * Work that follows the state and writes to it, such as a scheduler. Every server runs it at once:
 * each step is an optimistic transaction, so doing it twice does it once.
 */
public interface BackgroundWork {

  /** Names it in logs. */
  String name();

  /**
   * Looks at everything: at the start, when a host's agent comes or goes, and after a failure.
   *
   * @param writer runs a transaction as the server itself
   */
  void onPicture(Picture picture, Writer writer);

  /** How often it looks at everything although nothing changed; zero for never. */
  default Duration period() {
    return Duration.ZERO;
  }

  /** Looks at what changed. On a thread of its own, in order; never for its own sake alone. */
  void onChange(ChangeSet set, Picture after, Writer writer);

  /** Runs transactions in the name of the server. */
  interface Writer {
    /** Runs a transaction until it commits. */
    <R> R write(Function<Transaction, R> body);
  }
}
