package org.nucleon.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.nucleon.core.transaction.StoreException.Kind;

/** What databases of their own, which several servers share, have in common. */
sealed interface ServerDialect extends Dialect permits MariaDbDialect, PostgresDialect {

  /** The address of a driver's connection. */
  static String jdbc(String driver, DatabaseUrl url, int defaultPort) {
    String host = url.host().isEmpty() ? "localhost" : url.host();
    return "jdbc:%s://%s:%d/%s"
        .formatted(
            driver,
            host.contains(":") ? "[" + host + "]" : host,
            url.port() == 0 ? defaultPort : url.port(),
            URLEncoder.encode(url.database(), StandardCharsets.UTF_8));
  }

  @Override
  default boolean isShared() {
    return true;
  }

  @Override
  default int version(Statement statement) throws SQLException {
    statement.executeUpdate(Schema.CREATE + " schema_version (version INTEGER NOT NULL)");
    try (ResultSet row = statement.executeQuery("SELECT max(version) FROM schema_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  @Override
  default void setVersion(Statement statement, int version) throws SQLException {
    statement.executeUpdate("DELETE FROM schema_version");
    statement.executeUpdate("INSERT INTO schema_version VALUES (" + version + ")");
  }

  /** Copies of a server's database are its operator's. */
  @Override
  default void beforeUpgrade(Statement statement, int version) {}

  @Override
  default String forUpdate() {
    return " FOR UPDATE";
  }

  /** Whether the database gave a transaction up that may be tried again. */
  boolean isThrownAway(SQLException failure);

  /** Whether the database, or the way to it, is not there for now. */
  boolean isGone(SQLException failure);

  @Override
  default Kind kind(SQLException failure, boolean committing) {
    if (isThrownAway(failure)) {
      return Kind.THROWN_AWAY;
    }
    if (!isGone(failure)) {
      return Kind.REFUSED;
    }
    return committing ? Kind.DOUBTFUL : Kind.UNREACHABLE;
  }
}
