package org.nucleon.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.nucleon.core.transaction.StoreException.Kind;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * SQLite in a file: write-ahead log, and an fsync with every commit ({@code synchronous=FULL}).
 *
 * @param file the database's
 */
record SqliteDialect(Path file) implements Dialect {

  /**
   * Long rows are kept in the order in which they come, an integer key being that order: by a
   * random key each would make a page of its own dirty, and most would need a second.
   */
  private static final Schema.Words WORDS =
      new Schema.Words("TEXT", "TEXT", "TEXT", "INTEGER", "", " WITHOUT ROWID");

  /** Pages of the write-ahead log before it is written back: 16 MB. */
  private static final int CHECKPOINT = 4_000;

  @Override
  public Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.READWRITE);
    config.setOpenMode(SQLiteOpenMode.CREATE);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.enforceForeignKeys(true);
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(CHECKPOINT));
    return config.createConnection("jdbc:sqlite:" + file); // transactions are told: see Link
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public Schema.Words words() {
    return WORDS;
  }

  @Override
  public Map<Integer, List<String>> upgrades() {
    return Map.of(
        1,
        List.of(
            "DROP TABLE \"change\"", // a row for each resource, which could not be read back whole
            Schema.change(WORDS),
            Schema.position(WORDS)));
  }

  @Override
  public int version(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  @Override
  public void setVersion(Statement statement, int version) throws SQLException {
    statement.executeUpdate("PRAGMA user_version = " + version);
  }

  @Override
  public void lockSchema(Statement statement) {}

  @Override
  public void unlockSchema(Statement statement) {}

  /** Leaves a copy of what was there beside it. */
  @Override
  public void beforeUpgrade(Statement statement, int version) throws SQLException {
    try (PreparedStatement copy = statement.getConnection().prepareStatement("VACUUM INTO ?")) {
      copy.setString(1, file + ".schema" + version);
      copy.executeUpdate();
    }
  }

  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public String now() {
    return "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
  }

  /** Only a database that is full or refuses a row has surely kept nothing and can go on. */
  @Override
  public Kind kind(SQLException failure, boolean committing) {
    SQLiteErrorCode code =
        failure instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.SQLITE_IOERR;
    boolean certain =
        code == SQLiteErrorCode.SQLITE_FULL
            || code.name().startsWith("SQLITE_CONSTRAINT")
            || code == SQLiteErrorCode.SQLITE_IOERR_WRITE;
    return certain ? Kind.REFUSED : Kind.DOUBTFUL;
  }
}
