package org.nucleon.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Keeps the log as long as anybody may need it, and no longer. */
final class LogTrim {

  private static final System.Logger LOG = System.getLogger("nucleon.store");

  /** The log keeps this many change sets for those who follow it. */
  private static final int KEPT_CHANGES = 20_000;

  /** The log keeps this many for a cursor that lags. */
  private static final int KEPT_FOR_CURSORS = 10 * KEPT_CHANGES;

  /** The log keeps nothing that is older, but for a cursor that lags. */
  private static final Duration KEPT_TIME = Duration.ofDays(1);

  private static final int TRIM_EVERY = 1_000;

  private final InstantSource clock;
  private final LogAge age = new LogAge(KEPT_TIME);
  private long nextTrim;
  private long tooOld;

  LogTrim(InstantSource clock) {
    this.clock = clock;
  }

  /** Removes what is kept for nobody, if that is worth looking for. */
  void trim(Link used, long last) throws SQLException {
    long old = age.old(clock.instant(), last);
    if (last < nextTrim && old == tooOld) {
      return;
    }
    nextTrim = last + TRIM_EVERY;
    tooOld = old;
    giveUp(used, last);
    long upTo = Math.max(last - KEPT_CHANGES, old);
    for (Map.Entry<String, Long> cursor : Cursors.before(used, upTo).entrySet()) {
      upTo = Math.min(upTo, cursor.getValue());
      LOG.log(
          System.Logger.Level.WARNING,
          "the log is kept for the cursor {0}, which is {1} changes behind",
          cursor.getKey(),
          last - cursor.getValue());
    }
    used.each("DELETE FROM \"change\" WHERE number <= ?", List.of(upTo), Link.Parameters::number);
  }

  /** Whoever has such a cursor begins anew after the last change. */
  private static void giveUp(Link used, long last) throws SQLException {
    Map<String, Long> cursors = Cursors.before(used, last - KEPT_FOR_CURSORS);
    cursors.forEach((name, number) ->
        LOG.log(
            System.Logger.Level.ERROR,
            "the cursor {0} is given up, {1} changes behind: what it had still to do is not done",
            name,
            last - number));
    used.each("DELETE FROM position WHERE name = ?", cursors.keySet(), Link.Parameters::text);
  }
}
