package org.nucleon.host.ovsdb;

import java.util.List;

/**
 * A table to be monitored.
 *
 * @param table its name
 * @param columns which columns
 * @param where which rows: those for which any condition holds; none means all rows
 */
public record Monitored(String table, List<String> columns, List<Condition> where) {
  /** Every row of a table. */
  public static Monitored all(String table, String... columns) {
    return new Monitored(table, List.of(columns), Condition.ALL);
  }
}
