package org.nucleon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The tables, and every statement that writes to them. */
final class Statements implements AutoCloseable {

  /**
   * {@code resource}: everything there is. {@code claim}: what must be unique. {@code reference}:
   * the database itself refuses to remove what is in use. {@code change}: the ordered log. {@code
   * counter}: the last change number, one row.
   */
  static final String SCHEMA =
      """
      CREATE TABLE resource (
        id TEXT PRIMARY KEY,
        type TEXT NOT NULL,
        project TEXT NOT NULL,
        revision INTEGER NOT NULL,
        created INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        number INTEGER NOT NULL,
        document TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE claim (
        kind TEXT NOT NULL,
        scope TEXT NOT NULL,
        value TEXT NOT NULL,
        owner TEXT NOT NULL REFERENCES resource ON DELETE CASCADE,
        PRIMARY KEY (kind, scope, value)) WITHOUT ROWID;
      CREATE INDEX claim_owner ON claim (owner);
      CREATE TABLE reference (
        owner TEXT NOT NULL REFERENCES resource ON DELETE CASCADE,
        target TEXT NOT NULL REFERENCES resource,
        role TEXT NOT NULL,
        PRIMARY KEY (owner, target, role)) WITHOUT ROWID;
      CREATE INDEX reference_target ON reference (target);
      CREATE TABLE change (
        number INTEGER NOT NULL,
        position INTEGER NOT NULL,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        document TEXT,
        PRIMARY KEY (number, position)) WITHOUT ROWID;
      CREATE TABLE counter (number INTEGER NOT NULL);
      INSERT INTO counter VALUES (0)\
      """;

  static final String BEGIN = "BEGIN IMMEDIATE";
  static final String COMMIT = "COMMIT";

  private final List<PreparedStatement> all = new ArrayList<>();

  final PreparedStatement begin;
  final PreparedStatement commit;
  final PreparedStatement rollback;
  final PreparedStatement putResource;
  final PreparedStatement deleteResource;
  final PreparedStatement insertClaim;
  final PreparedStatement deleteClaim;
  final PreparedStatement insertReference;
  final PreparedStatement deleteReferences;
  final PreparedStatement insertChange;
  final PreparedStatement trimChanges;
  final PreparedStatement setCounter;

  Statements(Connection connection) throws SQLException {
    begin = prepare(connection, BEGIN);
    commit = prepare(connection, COMMIT);
    rollback = prepare(connection, "ROLLBACK");
    putResource =
        prepare(
            connection,
            """
            INSERT INTO resource (id, type, project, revision, created, updated, number, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET revision = excluded.revision,
              updated = excluded.updated, number = excluded.number, document = excluded.document\
            """);
    deleteResource = prepare(connection, "DELETE FROM resource WHERE id = ?");
    insertClaim = prepare(connection, "INSERT INTO claim VALUES (?, ?, ?, ?)");
    deleteClaim =
        prepare(connection, "DELETE FROM claim WHERE kind = ? AND scope = ? AND value = ?");
    insertReference = prepare(connection, "INSERT INTO reference VALUES (?, ?, ?)");
    deleteReferences = prepare(connection, "DELETE FROM reference WHERE owner = ?");
    insertChange = prepare(connection, "INSERT INTO change VALUES (?, ?, ?, ?, ?)");
    trimChanges = prepare(connection, "DELETE FROM change WHERE number <= ?");
    setCounter = prepare(connection, "UPDATE counter SET number = ?");
  }

  private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    all.add(statement);
    return statement;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : all) {
      statement.close();
    }
  }
}
