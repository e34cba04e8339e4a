package org.nucleon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nucleon.core.transaction.StoreException.Kind;

/** What is not the same in all databases. */
interface Dialect {

  /** A new connection; transactions end with commit or rollback. */
  Connection connect() throws SQLException;

  /** Whether other servers may use the database, and a lost connection can be made anew. */
  boolean isShared();

  /** The words of the schema. */
  Schema.Words words();

  /** What leads from a schema to the next: by the older one's version. */
  default Map<Integer, List<String>> upgrades() {
    return Map.of();
  }

  /** The schema's version, 0 for none. */
  int version(Statement statement) throws SQLException;

  /** Notes the schema's version. */
  void setVersion(Statement statement, int version) throws SQLException;

  /** Keeps other servers from looking at the schema until the connection's next commit or end. */
  void lockSchema(Statement statement) throws SQLException;

  /** Lets others look at the schema again. */
  void unlockSchema(Statement statement) throws SQLException;

  /** Before a schema is upgraded. */
  void beforeUpgrade(Statement statement, int version) throws SQLException;

  /** Inserts a resource, or changes what of it can change; parameters as the table's columns. */
  default String putResource() {
    return """
    INSERT INTO resource (id, type, project, revision, created, updated, number, document)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision,
      updated = excluded.updated, number = excluded.number, document = excluded.document\
    """;
  }

  /** Inserts a cursor unless it is there; parameters as the table's columns. */
  default String addCursor() {
    return "INSERT INTO position VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING";
  }

  /** What a query says that must keep other batches away. */
  String forUpdate();

  /** The database's clock in milliseconds, as an expression. */
  String now();

  /** Sets a UUID as the database has it. */
  default void set(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setString(index, id.toString());
  }

  /**
   * What is known of a failure.
   *
   * @param committing whether a commit was under way
   */
  Kind kind(SQLException failure, boolean committing);
}
