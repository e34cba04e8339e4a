package org.nucleon.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits until something holds. The only way in which the lab waits. */
public final class Eventually {
  private static final long PAUSE_NANOS = 5_000_000;

  private Eventually() {}

  /**
   * Waits until a condition holds.
   *
   * @param limit how long at most
   * @param what the condition in words, for the failure's message
   * @param condition asked again and again; may throw while it does not hold yet
   * @throws AssertionError if the limit is reached first
   */
  public static void within(Duration limit, String what, BooleanSupplier condition) {
    within(limit, what, condition::getAsBoolean, holds -> holds);
  }

  /**
   * Waits until a state is as wanted.
   *
   * @param <T> the state's type
   * @param limit how long at most
   * @param what the wanted state in words, for the failure's message
   * @param state reads the state; may throw while there is none yet
   * @param wanted whether a state is the wanted one
   * @return the first wanted state
   * @throws AssertionError if the limit is reached first; its message tells the last state
   */
  public static <T> T within(
      Duration limit, String what, Supplier<T> state, Predicate<? super T> wanted) {
    long end = System.nanoTime() + limit.toNanos();
    String last;
    @Nullable RuntimeException cause;
    do {
      try {
        T now = state.get();
        if (wanted.test(now)) {
          return now;
        }
        last = String.valueOf(now);
        cause = null;
      } catch (RuntimeException e) {
        last = e.toString();
        cause = e;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new LabException("interrupted while waiting for: " + what);
      }
    } while (System.nanoTime() < end);
    throw new AssertionError(
        "not within " + limit.toMillis() + " ms: " + what + "\nlast state: " + last, cause);
  }
}
