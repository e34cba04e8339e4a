package org.nucleon.host.ovsdb;

import java.util.Collection;
import java.util.Map;

/**
 * A change of a column relative to what it holds (RFC 7047 section 5.1).
 *
 * @param column the column
 * @param mutator {@code +=}, {@code -=}, {@code insert}, {@code delete} and so on
 * @param value its operand
 */
public record Mutation(String column, String mutator, Value value) {
  /** Adds members to a set, or entries to a map for keys that it does not have. */
  public static Mutation insert(String column, Value value) {
    return new Mutation(column, "insert", value);
  }

  /** Takes members out of a set. */
  public static Mutation delete(String column, Value value) {
    return new Mutation(column, "delete", value);
  }

  /** Takes entries out of a map of strings. */
  public static Mutation deleteKeys(String column, Collection<String> keys) {
    return new Mutation(column, "delete", Value.texts(keys));
  }

  /** Adds entries to a map of strings; to be preceded by {@link #deleteKeys} to replace. */
  public static Mutation insert(String column, Map<String, String> entries) {
    return new Mutation(column, "insert", Value.of(entries));
  }
}
