package org.nucleon.host.ovsdb;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operation of a transaction (RFC 7047 section 5.2). */
public sealed interface Operation {
  /** Inserts a row; {@code name} is what others in the transaction call it. */
  record Insert(String table, Map<String, Value> row, @Nullable String name) implements Operation {}

  /** Reads columns of rows; no columns means all. */
  record Select(String table, List<Condition> where, List<String> columns) implements Operation {}

  /** Sets columns of rows. */
  record Update(String table, List<Condition> where, Map<String, Value> row) implements Operation {}

  /** Changes columns of rows, in the order given. */
  record Mutate(String table, List<Condition> where, List<Mutation> mutations)
      implements Operation {}

  /** Deletes rows. */
  record Delete(String table, List<Condition> where) implements Operation {}

  /**
   * Fails the transaction unless the rows found now have, or with {@code equal} false have not,
   * exactly this content.
   */
  record Wait(
      String table,
      List<Condition> where,
      List<String> columns,
      boolean equal,
      List<Map<String, Value>> rows)
      implements Operation {}

  /** Leaves a remark in the server's log of transactions. */
  record Comment(String text) implements Operation {}

  /** Fails the transaction unless this client owns the lock. */
  record Assert(String lock) implements Operation {}
}
