package org.nucleon.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.nucleon.core.transaction.StoreException;

/**
 * The tables, one row each: {@code resource}, everything there is; {@code claim}, what must be
 * unique; {@code reference}, by which the database itself refuses to remove what is in use; {@code
 * change}, the ordered log, a row for each change set; {@code counter}, the last change number, one
 * row; {@code position}, how far a cursor into the log has come and who holds it. None of them is a
 * feature's, so no plugin ever ships a migration.
 */
final class Schema {

  static final String CREATE = "CREATE TABLE IF NOT EXISTS";

  /** What this release writes; a newer schema is refused, an older one upgraded. */
  static final int VERSION = 2;

  private Schema() {}

  /**
   * The words of a schema that differ between databases.
   *
   * @param id the type of a UUID
   * @param key the type of short text, compared byte by byte
   * @param text the type of text of any length
   * @param number the type of a change number that is a key
   * @param table what ends a table
   * @param keyed what ends a table of short rows that are kept by their key
   */
  record Words(String id, String key, String text, String number, String table, String keyed) {}

  /** The newest schema where there is none; may be run again after it was cut off. */
  static List<String> creation(Words words) {
    return List.of(
        """
        %s resource (
          id %s PRIMARY KEY,
          type %s NOT NULL,
          project %s NOT NULL,
          revision INTEGER NOT NULL,
          created BIGINT NOT NULL,
          updated BIGINT NOT NULL,
          number BIGINT NOT NULL,
          document %s NOT NULL)%s\
        """
            .formatted(CREATE, words.id, words.key, words.key, words.text, words.table),
        """
        %s claim (
          kind %s NOT NULL,
          scope %s NOT NULL,
          value %s NOT NULL,
          owner %s NOT NULL,
          PRIMARY KEY (kind, scope, value),
          FOREIGN KEY (owner) REFERENCES resource (id) ON DELETE CASCADE)%s\
        """
            .formatted(CREATE, words.key, words.key, words.key, words.id, words.keyed),
        """
        %s reference (
          owner %s NOT NULL,
          target %s NOT NULL,
          role %s NOT NULL,
          PRIMARY KEY (owner, target, role),
          FOREIGN KEY (owner) REFERENCES resource (id) ON DELETE CASCADE,
          FOREIGN KEY (target) REFERENCES resource (id))%s\
        """
            .formatted(CREATE, words.id, words.id, words.key, words.keyed),
        "CREATE INDEX IF NOT EXISTS claim_owner ON claim (owner)",
        "CREATE INDEX IF NOT EXISTS reference_target ON reference (target)",
        change(words),
        position(words),
        CREATE + " counter (number BIGINT NOT NULL)" + words.table,
        "DELETE FROM counter",
        "INSERT INTO counter VALUES (0)");
  }

  static String change(Words words) {
    return """
    %s "change" (
      number %s PRIMARY KEY,
      batch %s NOT NULL,
      content %s NOT NULL)%s\
    """
        .formatted(CREATE, words.number, words.id, words.text, words.table);
  }

  static String position(Words words) {
    return """
    %s position (
      name %s PRIMARY KEY,
      number BIGINT NOT NULL,
      holder %s NOT NULL,
      expires BIGINT NOT NULL)%s\
    """
        .formatted(CREATE, words.key, words.id, words.keyed);
  }

  /**
   * Creates or upgrades the tables.
   *
   * @throws StoreException if they are of a newer release
   */
  static void prepare(Dialect dialect, Link link) throws SQLException, StoreException {
    try (Statement statement = link.connection().createStatement()) {
      dialect.lockSchema(statement);
      try {
        prepare(dialect, link, statement);
      } finally {
        dialect.unlockSchema(statement);
      }
    }
  }

  private static void prepare(Dialect dialect, Link link, Statement statement)
      throws SQLException, StoreException {
    int version = dialect.version(statement);
    if (version > VERSION) {
      throw new StoreException(
          "the database has schema " + version + ", this release knows " + VERSION,
          new IllegalStateException("newer schema"));
    }
    if (version == 0 && isNeutrons(link.connection())) {
      throw new StoreException(
          "the database is Neutron's own; an empty one is needed",
          new IllegalStateException("foreign tables"));
    }
    if (version > 0 && version < VERSION) {
      dialect.beforeUpgrade(statement, version);
    }
    link.begin();
    if (version < VERSION) {
      write(dialect, statement, version);
    }
    link.commit(); // where the database can, all or none, should the process end here
  }

  /** Whether there is the table by which Neutron knows the version of its schema. */
  private static boolean isNeutrons(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), connection.getSchema(), "alembic_version", null)) {
      return tables.next();
    }
  }

  private static void write(Dialect dialect, Statement statement, int version) throws SQLException {
    List<String> steps =
        version == 0
            ? creation(dialect.words())
            : java.util.stream.IntStream.range(version, VERSION)
                .boxed()
                .flatMap(from -> dialect.upgrades().getOrDefault(from, List.of()).stream())
                .toList();
    for (String sql : steps) {
      statement.executeUpdate(sql);
    }
    dialect.setVersion(statement, VERSION);
  }
}
