package org.nucleon.core.feature;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.ChangeSet;

/**
 * Work with effects outside of the database: what is done twice happens twice. Of all servers on a
 * database one does it at a time, in the order of the log, from where it was last acknowledged, and
 * again until it is; a server that dies in the middle may have done more than it wrote down, so the
 * other side can be told the same twice. {@link BackgroundWork} is for what only writes to the
 * database.
 *
 * @param <E> what is delivered
 */
public interface Delivery<E> {

  /** Names it in logs, and its cursor into the log of changes. */
  String name();

  /** The least time between two sendings; what comes meanwhile goes with the next one. */
  Duration interval();

  /**
   * What a change set comes to, in order. A function of its arguments.
   *
   * @param set one change set of the log
   * @param now the newest picture, which may be later than the change set
   */
  List<E> of(ChangeSet set, View now);

  /**
   * Sends and waits for the answer. Interrupted when another server has taken over.
   *
   * @param items not empty, in order
   * @return what is to be sent again after a pause, in order; empty if all is seen to, be it done
   *     or given up
   * @throws IOException if nothing is known to be done: all is sent again, for people to read why
   */
  List<E> send(List<E> items) throws IOException, InterruptedException;
}
