package org.nucleon.core.transaction;

import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;

/** Whoever follows the state. */
public interface Subscriber {
  /**
   * A change set is durable. Called in order of numbers, on the committer's thread: hand over and
   * return.
   *
   * @param set what changed
   * @param after the picture with it
   */
  void onChange(ChangeSet set, Picture after);
}
