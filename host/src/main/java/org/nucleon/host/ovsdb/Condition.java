package org.nucleon.host.ovsdb;

import java.util.List;
import java.util.UUID;

/**
 * One condition on a column (RFC 7047 section 5.1); a list of them demands all.
 *
 * @param column the column
 * @param function {@code ==}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}, {@code
 *     includes} or {@code excludes}
 * @param value what the column is compared with
 */
public record Condition(String column, String function, Value value) {
  /** Every row. */
  public static final List<Condition> ALL = List.of();

  /** The rows whose column is this. */
  public static List<Condition> is(String column, Value value) {
    return List.of(new Condition(column, "==", value));
  }

  /** The row of this name in its column {@code name}. */
  public static List<Condition> name(String name) {
    return is("name", Value.of(name));
  }

  /** This row. */
  public static List<Condition> row(UUID uuid) {
    return is("_uuid", Value.of(uuid));
  }
}
