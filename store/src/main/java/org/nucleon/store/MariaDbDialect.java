package org.nucleon.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;

/**
 * MariaDB, shared by servers, alone or as a Galera cluster.
 *
 * @param url where it is
 * @param patience how long an answer is waited for
 */
record MariaDbDialect(DatabaseUrl url, Duration patience) implements ServerDialect {

  private static final int PORT = 3_306;
  private static final String BYTEWISE = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
  private static final String ID = "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
  private static final int SCHEMA_LOCK_SECONDS = 60;

  @Override
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", url.user());
    properties.setProperty("password", url.password());
    properties.setProperty("connectTimeout", Long.toString(patience.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(patience.toMillis()));
    properties.setProperty("useBulkStmts", "true");
    properties.setProperty("useServerPrepStmts", "true");
    // A server that hangs in the middle of a batch must not keep the others waiting for ever.
    properties.setProperty(
        "sessionVariables",
        "sql_mode='ANSI_QUOTES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',idle_transaction_timeout="
            + Math.max(1, patience.toSeconds()));
    secure(properties);
    Connection connection =
        DriverManager.getConnection(ServerDialect.jdbc("mariadb", url, PORT), properties);
    try {
      waitForOtherNodes(connection);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /**
   * A node of a Galera cluster applies what another has committed some time after that was
   * answered. Reads are to wait for it: by them a server learns how far the others are.
   */
  private static void waitForOtherNodes(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean isNode;
      try (ResultSet row = statement.executeQuery("SHOW VARIABLES LIKE 'wsrep_on'")) {
        isNode = row.next() && row.getString(2).equals("ON");
      }
      if (isNode) {
        statement.execute("SET SESSION wsrep_sync_wait = 1");
      }
    }
  }

  /** PyMySQL's options for TLS. */
  private void secure(Properties properties) {
    String authority = url.options().get("ssl_ca");
    if (authority != null) {
      properties.setProperty("sslMode", "verify-ca");
      properties.setProperty("serverSslCert", authority);
    }
  }

  @Override
  public Schema.Words words() {
    String engine = " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4";
    return new Schema.Words(
        ID, "VARCHAR(255) " + BYTEWISE, "LONGTEXT " + BYTEWISE, "BIGINT", engine, engine);
  }

  /** Creating a table commits, so a lock of the session's. */
  @Override
  public void lockSchema(Statement statement) throws SQLException {
    statement.execute("SELECT GET_LOCK('nucleon.schema', " + SCHEMA_LOCK_SECONDS + ")");
  }

  @Override
  public void unlockSchema(Statement statement) throws SQLException {
    statement.execute("SELECT RELEASE_LOCK('nucleon.schema')");
    statement.getConnection().commit();
  }

  @Override
  public String putResource() {
    return """
    INSERT INTO resource (id, type, project, revision, created, updated, number, document)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE revision = VALUES(revision), updated = VALUES(updated),
      number = VALUES(number), document = VALUES(document)\
    """;
  }

  @Override
  public String addCursor() {
    return "INSERT IGNORE INTO position VALUES (?, ?, ?, ?)";
  }

  @Override
  public String now() {
    return "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
  }

  /** Lock wait, deadlock, record changed. */
  @Override
  public boolean isThrownAway(SQLException failure) {
    return Set.of(1205, 1213, 1020).contains(failure.getErrorCode());
  }

  /** Full, not ready, ending, or the connection's own failure. */
  @Override
  public boolean isGone(SQLException failure) {
    return Set.of(1040, 1047, 1053, 1158, 1159, 1160, 1161, 1317, 1927, 1290)
            .contains(failure.getErrorCode())
        || String.valueOf(failure.getSQLState()).matches("08.*|null");
  }
}
