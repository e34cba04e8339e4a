package org.nucleon.agent.api;

import java.util.Collection;
import java.util.Map;

/**
 * Brings items of one class about on the host, and knows what of them is there. Knows its own by
 * their mark: what does not carry it is never touched. Called by one thread.
 *
 * @param <I> the class of items
 */
public interface Applier<I extends Item> extends AutoCloseable {

  /** The class of items. */
  Class<I> items();

  /** Its place in the order between engines. */
  Stage stage();

  /**
   * Begins to follow the host.
   *
   * @param drift to be told whenever something of ours was changed by anybody else; and when the
   *     engine (a switch, say) has been lost and is back
   */
  void start(Drift<I> drift) throws ApplyException;

  /**
   * Reads which of our items are there, in a form that equals what was planned if it is right.
   *
   * @throws ApplyException if the engine does not answer
   */
  Map<Object, I> read() throws ApplyException;

  /**
   * Changes the host, atomically if the engine can. Returns when the engine has confirmed.
   *
   * @param put items that are missing or differ
   * @param remove items to be removed, as they are there
   * @return reasons by key of what could not be done; the rest is done
   * @throws ApplyException if nothing could be done
   */
  Map<Object, String> apply(Collection<I> put, Collection<I> remove) throws ApplyException;

  @Override
  void close();
}
