package org.nucleon.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** What databases of their own, which several servers share, have in common. */
sealed interface ServerDialect extends Dialect permits MariaDbDialect, PostgresDialect {

  String CREATE = "CREATE TABLE IF NOT EXISTS";

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
  default Map<Integer, List<String>> upgrades() {
    return Map.of();
  }

  @Override
  default int version(Statement statement) throws SQLException {
    statement.executeUpdate(CREATE + " schema_version (version INTEGER NOT NULL)");
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
}
