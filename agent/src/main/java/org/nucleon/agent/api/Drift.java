package org.nucleon.agent.api;

import java.util.Map;
import java.util.Optional;

/**
 * What an applier tells when something of ours was changed by anybody else. From any thread, and it
 * takes no time: what is told is repaired later, by the thread that applies.
 *
 * @param <I> the class of items
 */
public interface Drift<I extends Item> {

  /** Anything may have changed, as when the engine was lost and is back: all is read again. */
  void anywhere();

  /**
   * These have changed; nothing else need be read. To be told in the order of the changes. A word
   * that comes late does no harm: what is as planned in the meantime is brought about once more.
   *
   * @param now what is there now under each key, empty for nothing
   */
  default void at(Map<Object, Optional<I>> now) {
    anywhere();
  }
}
