package org.nucleon.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;

/**
 * PostgreSQL, shared by servers.
 *
 * @param url where it is
 * @param patience how long an answer is waited for
 */
record PostgresDialect(DatabaseUrl url, Duration patience) implements ServerDialect {

  private static final int PORT = 5_432;

  /** Options of libpq's that the driver knows by the same name. */
  static final Set<String> OPTIONS = Set.of("sslmode", "sslrootcert", "sslcert", "sslkey");

  private static final String KEY = "TEXT COLLATE \"C\"";

  /** Held while tables are made; any number that nobody else locks by. */
  private static final long SCHEMA_LOCK = 0x6e75636c656f6eL;

  @Override
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    url.options()
        .forEach((name, value) -> {
          if (OPTIONS.contains(name)) {
            properties.setProperty(name, value);
          }
        });
    if (!url.user().isEmpty()) {
      properties.setProperty("user", url.user());
    }
    properties.setProperty("password", url.password());
    properties.setProperty("ApplicationName", "nucleon");
    properties.setProperty("connectTimeout", Long.toString(Math.max(1, patience.toSeconds())));
    properties.setProperty("socketTimeout", Long.toString(Math.max(1, patience.toSeconds())));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    // A server that hangs in the middle of a batch must not keep the others waiting for ever.
    properties.setProperty(
        "options", "-c idle_in_transaction_session_timeout=" + patience.toMillis());
    Connection connection =
        DriverManager.getConnection(ServerDialect.jdbc("postgresql", url, PORT), properties);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public Schema.Words words() {
    return new Schema.Words("UUID", KEY, "TEXT", "BIGINT", "", "");
  }

  @Override
  public void lockSchema(Statement statement) throws SQLException {
    statement.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
  }

  @Override
  public void unlockSchema(Statement statement) {} // the end of the transaction does

  @Override
  public String now() {
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
  }

  @Override
  public void set(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setObject(index, id);
  }

  @Override
  public boolean isThrownAway(SQLException failure) {
    return Set.of("40001", "40P01", "55P03").contains(String.valueOf(failure.getSQLState()));
  }

  /** 57P: shut down, crashed, starting; 25P03: our own transaction took too long; 53: too much. */
  @Override
  public boolean isGone(SQLException failure) {
    return String.valueOf(failure.getSQLState()).matches("08.*|57P.*|25P03|53300|null");
  }
}
