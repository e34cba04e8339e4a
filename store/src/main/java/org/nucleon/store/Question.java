package org.nucleon.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How far the servers on a database are, asked on a connection of its own, by any thread. It may be
 * from before the database's restart, so it is made anew once.
 */
final class Question implements AutoCloseable {

  private final Dialect dialect;
  private @Nullable Link asking;

  Question(Dialect dialect) {
    this.dialect = dialect;
  }

  /** The number of the newest change. */
  synchronized long newest() throws SQLException {
    boolean anew = asking == null;
    try {
      return ask();
    } catch (SQLException e) {
      close();
      if (!anew) {
        try {
          return ask();
        } catch (SQLException again) {
          close();
        }
      }
      throw e;
    }
  }

  private long ask() throws SQLException {
    Link used = asking;
    if (used == null) {
      used = new Link(dialect, dialect.connect());
      used.connection().setAutoCommit(true);
      asking = used;
    }
    return used.counter();
  }

  @Override
  public synchronized void close() {
    if (asking != null) {
      asking.close();
      asking = null;
    }
  }
}
