package org.nucleon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** One connection with what was prepared on it; belongs to one thread at a time. */
final class Link implements AutoCloseable {

  /** The last change number; the database has it once. */
  static final String COUNTER = "SELECT number FROM counter";

  private final Dialect dialect;
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Link(Dialect dialect, Connection connection) {
    this.dialect = dialect;
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Begins a transaction where the driver does not by itself. */
  void begin() throws SQLException {
    if (!dialect.isShared()) {
      run("BEGIN IMMEDIATE");
    }
  }

  void commit() throws SQLException {
    if (dialect.isShared()) {
      connection.commit();
    } else {
      run("COMMIT");
    }
  }

  /**
   * Gives a transaction up. SQLite ends one by itself when the disk is full, and its driver closes
   * the statement that failed: all are prepared anew.
   */
  void rollback() throws SQLException {
    if (dialect.isShared()) {
      connection.rollback();
      return;
    }
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
    try {
      run("ROLLBACK");
    } catch (SQLException e) {
      System.getLogger("nucleon.store")
          .log(System.Logger.Level.DEBUG, "ended already: {0}", e.getMessage());
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Sets one row's parameters. */
  @FunctionalInterface
  interface Row<T> {
    void set(Parameters parameters, T row) throws SQLException;
  }

  /** The parameters of a statement, in order. */
  final class Parameters {
    private final PreparedStatement statement;
    private int index;

    private Parameters(PreparedStatement statement) {
      this.statement = statement;
    }

    Parameters id(UUID id) throws SQLException {
      dialect.set(statement, ++index, id);
      return this;
    }

    Parameters text(String text) throws SQLException {
      statement.setString(++index, text);
      return this;
    }

    Parameters number(long number) throws SQLException {
      statement.setLong(++index, number);
      return this;
    }

    Parameters small(int number) throws SQLException {
      statement.setInt(++index, number);
      return this;
    }
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** Runs a statement once for each row, all in one exchange where the database can. */
  <T> void each(String sql, Collection<T> rows, Row<T> row) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    PreparedStatement statement = statement(sql);
    if (rows.size() == 1) {
      row.set(new Parameters(statement), rows.iterator().next());
      statement.executeUpdate();
      return;
    }
    for (T one : rows) {
      row.set(new Parameters(statement), one);
      statement.addBatch();
    }
    try {
      statement.executeBatch();
    } finally {
      statement.clearBatch();
    }
  }

  /** Asks; the answer is to be closed. */
  <T> ResultSet query(String sql, T parameters, Row<T> row) throws SQLException {
    PreparedStatement statement = statement(sql);
    row.set(new Parameters(statement), parameters);
    return statement.executeQuery();
  }

  /** The last change number. */
  long counter() throws SQLException {
    return counter("");
  }

  /** The last change number; other batches wait until the transaction ends. */
  long lockedCounter() throws SQLException {
    return counter(dialect.forUpdate());
  }

  private long counter(String suffix) throws SQLException {
    return counter(query(COUNTER + suffix, "", (parameters, nothing) -> {}));
  }

  /** Reads the answer to {@link #COUNTER} and closes it. */
  static long counter(ResultSet rows) throws SQLException {
    try (rows) {
      if (!rows.next()) {
        throw new SQLException("the table counter has no row", "23000");
      }
      return rows.getLong(1);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      System.getLogger("nucleon.store").log(System.Logger.Level.DEBUG, "closing a connection", e);
    }
  }
}
