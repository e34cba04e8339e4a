package org.nucleon.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;

/**
 * The connection of the thread that writes, and what becomes of it when a transaction fails: one
 * that is lost, or in doubt, is not used again, and another is made when it is next needed.
 */
final class Session implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.store");

  private final Dialect dialect;
  private @Nullable Link link;

  /** Not connected yet. */
  Session(Dialect dialect) {
    this.dialect = dialect;
  }

  Dialect dialect() {
    return dialect;
  }

  /** The connection, made if there is none. */
  Link link() throws SQLException {
    Link present = link;
    if (present == null) {
      present = new Link(dialect, dialect.connect());
      link = present;
    }
    return present;
  }

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T with(Link link) throws SQLException, StoreException;
  }

  /** One transaction of its own. */
  <T> T transaction(String what, Work<T> work) throws StoreException {
    try {
      Link used = link();
      used.begin();
      T result = work.with(used);
      used.commit();
      return result;
    } catch (SQLException e) {
      throw failed(what, e, false);
    } catch (StoreException e) {
      undo();
      throw e;
    }
  }

  /**
   * Gives the transaction up, and the connection if need be.
   *
   * @param committing whether a commit was under way
   * @return what is to be thrown
   */
  StoreException failed(String what, SQLException e, boolean committing) {
    StoreException failure = failure(what, e, committing);
    boolean lost = failure.kind() == Kind.UNREACHABLE || failure.kind() == Kind.DOUBTFUL;
    if (dialect.isShared() && lost) {
      drop();
    } else {
      undo();
    }
    return failure;
  }

  /** What a failure is for those above. */
  StoreException failure(String what, SQLException e, boolean committing) {
    SQLException cause = e.getCause() instanceof SQLException inner ? inner : e;
    return new StoreException(
        what + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e,
        dialect.kind(cause, committing));
  }

  /** Gives up what is under way, if anything is. */
  void undo() {
    if (link != null) {
      try {
        link.rollback();
      } catch (SQLException e) {
        LOG.log(System.Logger.Level.WARNING, "rollback failed: {0}", e.getMessage());
        if (dialect.isShared()) {
          drop();
        }
      }
    }
  }

  /** Ends the connection without a word. */
  void drop() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  /** Ends the connection. */
  @Override
  public void close() {
    undo();
    drop();
  }
}
