package org.nucleon.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which changes of the log are old, by marks of what was the newest when. A server that starts has
 * no marks yet: what it finds counts as new, so the log is kept longer, never shorter.
 */
final class LogAge {

  private static final int MARKS = 24;

  private final Duration kept;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long old;

  private record Mark(Instant time, long number) {}

  /**
   * With no marks.
   *
   * @param kept how old changes are that count as old
   */
  LogAge(Duration kept) {
    this.kept = kept;
  }

  /**
   * The newest change that is old; 0 where none is known to be.
   *
   * @param newest the newest change of all, which is marked
   */
  long old(Instant now, long newest) {
    while (!marks.isEmpty() && !marks.getFirst().time().isAfter(now.minus(kept))) {
      old = marks.removeFirst().number();
    }
    if (marks.isEmpty() || !now.isBefore(marks.getLast().time().plus(kept.dividedBy(MARKS)))) {
      marks.addLast(new Mark(now, newest));
    }
    return old;
  }
}
