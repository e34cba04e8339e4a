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
import org.jspecify.annotations.Nullable;
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

  private static final System.Logger LOG = System.getLogger("nucleon.store");

  /** The log keeps this many change sets for those who follow it. */
  private static final int KEPT_CHANGES = 20_000;

  /** The log keeps this many for a cursor that lags. */
  private static final int KEPT_FOR_CURSORS = 10 * KEPT_CHANGES;

  /** The log keeps nothing that is older, but for a cursor that lags. */
  private static final Duration KEPT_TIME = Duration.ofDays(1);

  private static final int TRIM_EVERY = 1_000;
  private static final int FETCH = 2_000;
  private static final UUID NOBODY = new UUID(0, 0);
  private static final String COUNTER = "SELECT number FROM counter";

  private final Dialect dialect;
  private final Runnable onClose;
  private final Object question = new Object();
  private @Nullable Link link;
  private @Nullable Link asking;
  private final InstantSource clock;
  private final LogAge age = new LogAge(KEPT_TIME);
  private long nextTrim;
  private long tooOld;

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
    this.clock = clock;
    this.onClose = onClose;
    try {
      Schema.prepare(dialect, link());
    } catch (SQLException e) {
      drop();
      throw failure("cannot open the database", e, false);
    } catch (StoreException e) {
      drop();
      throw e;
    }
  }

  private Link link() throws SQLException {
    Link present = link;
    if (present == null) {
      present = new Link(dialect, dialect.connect());
      link = present;
    }
    return present;
  }

  private void drop() {
    if (link != null) {
      link.close();
      link = null;
    }
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

  /** A connection that is lost, or in doubt, is not used again. */
  private StoreException failed(String what, SQLException e, boolean committing) {
    StoreException failure = failure(what, e, committing);
    boolean lost = failure.kind() == Kind.UNREACHABLE || failure.kind() == Kind.DOUBTFUL;
    if (dialect.isShared() && lost) {
      drop();
    } else {
      undo();
    }
    return failure;
  }

  private StoreException failure(String what, SQLException e, boolean committing) {
    SQLException cause = e.getCause() instanceof SQLException inner ? inner : e;
    return new StoreException(
        what + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e,
        dialect.kind(cause, committing));
  }

  private void undo() {
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

  @Override
  public boolean isShared() {
    return dialect.isShared();
  }

  @Override
  public Contents load() throws StoreException {
    undo(); // whatever a fault left behind
    try {
      Link used = link();
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
      throw failed("cannot read the database", e, false);
    }
  }

  private static Contents load(Statement statement) throws SQLException {
    statement.setFetchSize(FETCH);
    long number = number(statement.executeQuery(COUNTER));
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

  private static long number(ResultSet rows) throws SQLException {
    try (rows) {
      if (!rows.next()) {
        throw new SQLException("the table counter has no row", "23000");
      }
      return rows.getLong(1);
    }
  }

  private static long counter(Link link, String suffix) throws SQLException {
    return number(link.query(COUNTER + suffix, "", (parameters, nothing) -> {}));
  }

  /** The last change number; other batches wait until the transaction ends. */
  long lockedCounter(Link used) throws SQLException {
    return counter(used, dialect.forUpdate());
  }

  @Override
  public long newest() throws StoreException {
    if (!dialect.isShared()) {
      return transaction("cannot ask the database", used -> counter(used, ""));
    }
    synchronized (question) {
      boolean anew = asking == null;
      try {
        return ask();
      } catch (SQLException e) {
        closeQuestion();
        if (!anew) { // the connection may be from before the database's restart
          try {
            return ask();
          } catch (SQLException again) {
            closeQuestion();
          }
        }
        throw failure("cannot ask the database", e, false);
      }
    }
  }

  private long ask() throws SQLException {
    Link used = asking;
    if (used == null) {
      used = new Link(dialect, dialect.connect());
      used.connection().setAutoCommit(true);
      asking = used;
    }
    return counter(used, "");
  }

  private void closeQuestion() {
    if (asking != null) {
      asking.close();
      asking = null;
    }
  }

  @Override
  public List<StoredChangeSet> since(long number, int most) throws StoreException {
    return transaction("cannot read the log", used -> since(used, number, counter(used, ""), most));
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
      Link used = link();
      long newest = counter(used, dialect.forUpdate());
      return new JdbcBatch(since(used, known, newest, Integer.MAX_VALUE));
    } catch (SQLException e) {
      throw failed("cannot begin a batch", e, false);
    } catch (StoreException e) {
      undo();
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
    return transaction(
        "cannot look up a batch",
        used -> {
          counter(used, dialect.forUpdate());
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
        used = link();
        used.begin();
        put(used, id, writes);
        used.each("UPDATE counter SET number = ?", List.of(writes.last()), Link.Parameters::number);
        trim(used, writes.last());
      } catch (SQLException e) {
        throw failed(what, e, false);
      }
      try {
        used.commit();
      } catch (SQLException e) {
        throw failed(what, e, true);
      }
    }

    @Override
    public void rollback() {
      undo();
    }
  }

  private void put(Link used, UUID batch, Writes writes) throws SQLException {
    used.each(
        "DELETE FROM claim WHERE kind = ? AND scope = ? AND value = ?",
        writes.released,
        (row, claim) -> row.text(claim.kind()).text(claim.scope()).text(claim.value()));
    used.each("DELETE FROM reference WHERE owner = ?", writes.dereferenced, Link.Parameters::id);
    used.each("DELETE FROM resource WHERE id = ?", writes.removed, Link.Parameters::id);
    used.each(
        dialect.putResource(),
        writes.put.values(),
        (row, change) -> {
          Head head = change.head();
          row.id(head.id())
              .text(change.type())
              .text(head.project())
              .small(head.revision())
              .number(head.createdAt().getEpochSecond())
              .number(head.updatedAt().getEpochSecond())
              .number(head.number())
              .text(String.valueOf(change.document()));
        });
    List<Map.Entry<UUID, StoredReference>> references = new ArrayList<>();
    for (StoredChange change : writes.put.values()) {
      change.references().forEach(one -> references.add(Map.entry(change.id(), one)));
    }
    used.each(
        "INSERT INTO reference VALUES (?, ?, ?)",
        references,
        (row, one) -> row.id(one.getKey()).id(one.getValue().target()).text(one.getValue().role()));
    used.each(
        "INSERT INTO claim VALUES (?, ?, ?, ?)",
        writes.claimed.entrySet(),
        (row, claim) ->
            row.text(claim.getKey().kind())
                .text(claim.getKey().scope())
                .text(claim.getKey().value())
                .id(claim.getValue()));
    used.each(
        "INSERT INTO \"change\" VALUES (?, ?, ?)",
        writes.sets,
        (row, set) -> row.number(set.number()).id(batch).text(ChangeLog.text(set)));
  }

  private void trim(Link used, long last) throws SQLException {
    long old = age.old(clock.instant(), last);
    if (last < nextTrim && old == tooOld) {
      return;
    }
    nextTrim = last + TRIM_EVERY;
    tooOld = old;
    giveUp(used, last);
    long upTo = Math.max(last - KEPT_CHANGES, old);
    for (Map.Entry<String, Long> cursor : cursorsBefore(used, upTo).entrySet()) {
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
    Map<String, Long> cursors = cursorsBefore(used, last - KEPT_FOR_CURSORS);
    cursors.forEach((name, number) ->
        LOG.log(
            System.Logger.Level.ERROR,
            "the cursor {0} is given up, {1} changes behind: what it had still to do is not done",
            name,
            last - number));
    used.each("DELETE FROM position WHERE name = ?", cursors.keySet(), Link.Parameters::text);
  }

  private static Map<String, Long> cursorsBefore(Link used, long number) throws SQLException {
    Map<String, Long> cursors = new HashMap<>();
    try (ResultSet row =
        used.query(
            "SELECT name, number FROM position WHERE number < ?",
            number,
            Link.Parameters::number)) {
      while (row.next()) {
        cursors.put(row.getString(1), row.getLong(2));
      }
    }
    return cursors;
  }

  @Override
  public OptionalLong lease(String cursor, UUID holder, Duration time) throws StoreException {
    return transaction(
        "cannot take the cursor " + cursor,
        used -> {
          long newest = counter(used, "");
          used.each(
              dialect.addCursor(),
              List.of(cursor),
              (row, name) -> row.text(name).number(newest).id(NOBODY).number(0));
          used.each(
              "UPDATE position SET holder = ?, expires = %s + ? WHERE name = ? AND (holder = ? OR expires < %s)"
                  .formatted(dialect.now(), dialect.now()),
              List.of(cursor),
              (row, name) -> row.id(holder).number(time.toMillis()).text(name).id(holder));
          try (ResultSet row =
              used.query(
                  "SELECT number FROM position WHERE name = ? AND holder = ?",
                  cursor,
                  (parameters, name) -> parameters.text(name).id(holder))) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
          }
        });
  }

  @Override
  public void advance(String cursor, UUID holder, long number) throws StoreException {
    transaction(
        "cannot move the cursor " + cursor,
        used -> {
          used.each(
              "UPDATE position SET number = ? WHERE name = ? AND holder = ?",
              List.of(cursor),
              (row, name) -> row.number(number).text(name).id(holder));
          return true;
        });
  }

  @Override
  public void release(String cursor, UUID holder) throws StoreException {
    transaction(
        "cannot let go of the cursor " + cursor,
        used -> {
          used.each(
              "UPDATE position SET expires = 0, holder = ? WHERE name = ? AND holder = ?",
              List.of(cursor),
              (row, name) -> row.id(NOBODY).text(name).id(holder));
          return true;
        });
  }

  @Override
  public void close() {
    undo();
    drop();
    synchronized (question) {
      closeQuestion();
    }
    onClose.run();
  }
}
