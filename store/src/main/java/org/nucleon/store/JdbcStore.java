package org.nucleon.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;

/**
 * The store in a database: one connection for the thread that writes, and where other servers write
 * as well another one to ask how far they are. A connection that is lost is made anew when it is
 * next needed.
 */
final class JdbcStore implements Store {

  private static final int FETCH = 2_000;

  private final Dialect dialect;
  private final Runnable onClose;
  private final Session session;
  private final Question question;
  private final Cursors cursors;
  private final LogTrim log;

  /**
   * Opens the database, whose tables are made or brought up to date.
   *
   * @param onClose what else is to be let go of at the end
   */
  JdbcStore(Dialect dialect, Runnable onClose) throws StoreException {
    this(dialect, onClose, InstantSource.system());
  }

  JdbcStore(Dialect dialect, Runnable onClose, InstantSource clock) throws StoreException {
    this.dialect = dialect;
    this.onClose = onClose;
    session = new Session(dialect);
    question = new Question(dialect);
    cursors = new Cursors(session);
    log = new LogTrim(clock);
    try {
      Schema.prepare(dialect, session.link());
    } catch (SQLException e) {
      session.drop();
      throw session.failure("cannot open the database", e, false);
    } catch (StoreException e) {
      session.drop();
      throw e;
    }
  }

  /** The connection that writes. */
  Session session() {
    return session;
  }

  @Override
  public boolean isShared() {
    return dialect.isShared();
  }

  @Override
  public Contents load() throws StoreException {
    session.undo(); // whatever a fault left behind
    try {
      Link used = session.link();
      Connection connection = used.connection();
      if (dialect.isShared()) {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      }
      try (Statement statement = connection.createStatement()) {
        return load(statement);
      } finally {
        used.rollback();
        if (dialect.isShared()) {
          connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
      }
    } catch (SQLException e) {
      throw session.failed("cannot read the database", e, false);
    }
  }

  private static Contents load(Statement statement) throws SQLException {
    statement.setFetchSize(FETCH);
    long number = Link.counter(statement.executeQuery(Link.COUNTER));
    List<StoredResource> resources = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT id, type, project, revision, created, updated, number, document FROM resource")) {
      while (row.next()) {
        Head head =
            new Head(
                UUID.fromString(row.getString(1)),
                row.getString(3),
                row.getInt(4),
                Instant.ofEpochSecond(row.getLong(5)),
                Instant.ofEpochSecond(row.getLong(6)),
                row.getLong(7));
        resources.add(new StoredResource(row.getString(2), head, row.getString(8)));
      }
    }
    Map<Claim, UUID> claims = new HashMap<>();
    try (ResultSet row = statement.executeQuery("SELECT kind, scope, value, owner FROM claim")) {
      while (row.next()) {
        claims.put(
            new Claim(row.getString(1), row.getString(2), row.getString(3)),
            UUID.fromString(row.getString(4)));
      }
    }
    return new Contents(number, resources, claims);
  }

  @Override
  public long newest() throws StoreException {
    if (!dialect.isShared()) {
      return session.transaction("cannot ask the database", Link::counter);
    }
    try {
      return question.newest();
    } catch (SQLException e) {
      throw session.failure("cannot ask the database", e, false);
    }
  }

  @Override
  public List<StoredChangeSet> since(long number, int most) throws StoreException {
    return session.transaction(
        "cannot read the log", used -> since(used, number, used.counter(), most));
  }

  private static List<StoredChangeSet> since(Link used, long known, long newest, int most)
      throws SQLException, StoreException {
    List<StoredChangeSet> sets = new ArrayList<>();
    if (newest == known) {
      return sets;
    }
    try (ResultSet row =
        used.query(
            "SELECT number, content FROM \"change\" WHERE number > ? ORDER BY number LIMIT ?",
            known,
            (parameters, from) -> parameters.number(from).small(most))) {
      while (row.next()) {
        sets.add(ChangeLog.parse(row.getLong(1), row.getString(2)));
      }
    }
    if (sets.isEmpty() || sets.getFirst().number() != known + 1) {
      throw new StoreException(
          "the log has not what follows change " + known,
          new IllegalStateException("newest is " + newest),
          Kind.TRIMMED);
    }
    return sets;
  }

  @Override
  public Batch begin(long known) throws StoreException {
    if (!dialect.isShared()) {
      return new JdbcBatch(List.of()); // nobody else writes
    }
    try {
      Link used = session.link();
      long newest = used.lockedCounter();
      return new JdbcBatch(since(used, known, newest, Integer.MAX_VALUE));
    } catch (SQLException e) {
      throw session.failed("cannot begin a batch", e, false);
    } catch (StoreException e) {
      session.undo();
      throw e;
    }
  }

  /** Under the counter's lock: a commit that is still under way is waited for. */
  @Override
  public boolean isCommitted(UUID batch) throws StoreException {
    if (!dialect.isShared()) {
      throw new StoreException(
          "what reached the disk is not known", new IllegalStateException(), Kind.DOUBTFUL);
    }
    return session.transaction(
        "cannot look up a batch",
        used -> {
          used.lockedCounter();
          try (ResultSet row =
              used.query(
                  "SELECT number FROM \"change\" WHERE batch = ? ORDER BY number DESC LIMIT 1",
                  batch,
                  Link.Parameters::id)) {
            return row.next();
          }
        });
  }

  private final class JdbcBatch implements Batch {

    private final UUID id = UUID.randomUUID();
    private final List<StoredChangeSet> others;
    private final Writes writes = new Writes();

    private JdbcBatch(List<StoredChangeSet> others) {
      this.others = others;
    }

    @Override
    public UUID id() {
      return id;
    }

    @Override
    public List<StoredChangeSet> others() {
      return others;
    }

    @Override
    public void write(StoredChangeSet set) {
      writes.add(set);
    }

    @Override
    public void commit() throws StoreException {
      String what = "cannot write up to change " + writes.last();
      Link used;
      try {
        used = session.link();
        used.begin();
        writes.write(used, id);
        used.each("UPDATE counter SET number = ?", List.of(writes.last()), Link.Parameters::number);
        log.trim(used, writes.last());
      } catch (SQLException e) {
        throw session.failed(what, e, false);
      }
      try {
        used.commit();
      } catch (SQLException e) {
        throw session.failed(what, e, true);
      }
    }

    @Override
    public void rollback() {
      session.undo();
    }
  }

  @Override
  public OptionalLong lease(String cursor, UUID holder, Duration time) throws StoreException {
    return cursors.lease(cursor, holder, time);
  }

  @Override
  public void advance(String cursor, UUID holder, long number) throws StoreException {
    cursors.advance(cursor, holder, number);
  }

  @Override
  public void release(String cursor, UUID holder) throws StoreException {
    cursors.release(cursor, holder);
  }

  @Override
  public void close() {
    session.close();
    question.close();
    onClose.run();
  }
}
