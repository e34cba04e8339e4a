package org.nucleon.core.transaction;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** A commit on its way: who asked for it waits, and gives up only while nothing is written yet. */
final class Pending {

  private enum State {
    WAITING,
    TAKEN,
    GIVEN_UP
  }

  /** How it ended. */
  sealed interface Outcome {}

  /** It is kept, and readers see it. */
  record Durable() implements Outcome {}

  /** What it rests on has changed: its rules run again. */
  record RunAgain(String reason) implements Outcome {}

  /** The database did not take it, or did not say so. */
  record Failed() implements Outcome {}

  private final Commit commit;
  private final Map<UUID, Stored.Text> texts;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  Pending(Commit commit) {
    this.commit = commit;
    this.texts = Stored.texts(commit);
  }

  Commit commit() {
    return commit;
  }

  Map<UUID, Stored.Text> texts() {
    return texts;
  }

  /** Whether somebody still waits; from then on until {@link #putBack} it is not given up. */
  boolean take() {
    return state.compareAndSet(State.WAITING, State.TAKEN);
  }

  /** Nothing of it was written: it waits on. */
  void putBack() {
    state.set(State.WAITING);
  }

  void end(Outcome how) {
    outcome.complete(how);
  }

  /**
   * Waits for its end.
   *
   * @param patience for how long, unless it is being written then
   */
  Outcome await(Duration patience) {
    try {
      while (true) {
        try {
          return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (state.compareAndSet(State.WAITING, State.GIVEN_UP)) {
            return new Failed();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
