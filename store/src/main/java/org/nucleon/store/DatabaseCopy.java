package org.nucleon.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;

/**
 * Moves an installation from one database to another: everything but the log of changes, which only
 * those need who follow the old one.
 */
public final class DatabaseCopy {

  private static final int CHUNK = 1_000;

  private static final List<Table> TABLES =
      List.of(
          new Table("resource", List.of(0), 8),
          new Table("claim", List.of(3), 4),
          new Table("reference", List.of(0, 1), 3));

  /**
   * One table.
   *
   * @param ids which columns are UUIDs
   * @param columns how many there are
   */
  private record Table(String name, List<Integer> ids, int columns) {}

  private final BiConsumer<String, Long> progress;

  private DatabaseCopy(BiConsumer<String, Long> progress) {
    this.progress = progress;
  }

  /**
   * Copies all or nothing, counts again at the end, and keeps others from writing meanwhile.
   *
   * @param progress told the name of a table and how many of its rows are copied
   * @return the number of resources
   * @throws StoreException if the target is not empty, or a database fails
   */
  public static long copy(Store from, Store to, BiConsumer<String, Long> progress)
      throws StoreException {
    DatabaseCopy copy = new DatabaseCopy(progress);
    Session reading = ((JdbcStore) from).session();
    Session writing = ((JdbcStore) to).session();
    return reading.transaction(
        "cannot read the database",
        source -> writing.transaction("cannot write the copy", target -> copy.run(source, target)));
  }

  private long run(Link source, Link target) throws SQLException, StoreException {
    long number = source.lockedCounter();
    if (target.lockedCounter() != 0 || count(target, "resource") != 0) {
      throw new StoreException(
          "the database to copy to is not empty", new IllegalStateException("not empty"));
    }
    for (Table table : TABLES) {
      copy(table, source, target);
    }
    target.each("UPDATE counter SET number = ?", List.of(number), Link.Parameters::number);
    for (Table table : TABLES) {
      long there = count(target, table.name());
      if (there != count(source, table.name())) {
        throw new StoreException(
            "after the copy the table " + table.name() + " has " + there + " rows",
            new IllegalStateException("not the same"));
      }
    }
    return count(target, "resource");
  }

  private static long count(Link link, String table) throws SQLException {
    try (ResultSet row =
        link.query("SELECT count(*) FROM " + table, "", (parameters, nothing) -> {})) {
      row.next();
      return row.getLong(1);
    }
  }

  private void copy(Table table, Link source, Link target) throws SQLException {
    String insert =
        "INSERT INTO %s VALUES (%s)"
            .formatted(table.name(), "?, ".repeat(table.columns() - 1) + "?");
    List<List<Object>> chunk = new ArrayList<>(CHUNK);
    long done = 0;
    try (ResultSet rows =
        source.query("SELECT * FROM " + table.name(), "", (parameters, nothing) -> {})) {
      while (rows.next()) {
        chunk.add(row(table, rows));
        if (chunk.size() == CHUNK) {
          done += write(insert, table, chunk, target);
          progress.accept(table.name(), done);
        }
      }
    }
    done += write(insert, table, chunk, target);
    progress.accept(table.name(), done);
  }

  private static List<Object> row(Table table, ResultSet rows) throws SQLException {
    List<Object> row = new ArrayList<>(table.columns());
    for (int column = 1; column <= table.columns(); column++) {
      Object value = rows.getObject(column);
      row.add(value instanceof Number number ? number : String.valueOf(rows.getString(column)));
    }
    return row;
  }

  private static int write(String insert, Table table, List<List<Object>> chunk, Link target)
      throws SQLException {
    target.each(
        insert,
        chunk,
        (parameters, row) -> {
          for (int column = 0; column < row.size(); column++) {
            Object value = row.get(column);
            if (table.ids().contains(column)) {
              parameters.id(java.util.UUID.fromString(value.toString()));
            } else if (value instanceof Number number) {
              parameters.number(number.longValue());
            } else {
              parameters.text(value.toString());
            }
          }
        });
    int written = chunk.size();
    chunk.clear();
    return written;
  }
}
