package org.nucleon.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Durations of the same thing done again and again.
 *
 * @param what the thing, for the report
 * @param nanoseconds the durations, in the order in which they were taken
 */
record Figures(String what, List<Long> nanoseconds) {

  /** None yet. */
  static Figures of(String what) {
    return new Figures(what, new ArrayList<>());
  }

  /** Adds the time from {@code start} to {@code end}, both of {@link System#nanoTime}. */
  void add(long start, long end) {
    nanoseconds.add(end - start);
  }

  /** Reports the middle, the slow end and the slowest. */
  void print() {
    List<Long> sorted = new ArrayList<>(nanoseconds);
    Collections.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.1f ms, p99 %.1f ms, most %.1f ms (%d times)%n",
        what,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6,
        sorted.getLast() / 1e6,
        sorted.size());
  }
}
