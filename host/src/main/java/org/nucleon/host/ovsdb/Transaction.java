package org.nucleon.host.ovsdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operations to be done all or not at all, in order; each sees what those before it did. */
public final class Transaction {
  private final List<Operation> operations = new ArrayList<>();

  /** The operations so far. */
  public List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return operations.isEmpty();
  }

  /** Adds any operation. */
  public Transaction add(Operation operation) {
    operations.add(operation);
    return this;
  }

  /** Inserts a row. The answer refers to it in later operations of this transaction. */
  public Value.Named insert(String table, Map<String, Value> row) {
    String name = "row" + operations.size();
    add(new Operation.Insert(table, row, name));
    return new Value.Named(name);
  }

  /** Sets columns of the rows found. */
  public Transaction update(String table, List<Condition> where, Map<String, Value> row) {
    return add(new Operation.Update(table, where, row));
  }

  /** Changes columns of the rows found, relative to what they hold. */
  public Transaction mutate(String table, List<Condition> where, Mutation... mutations) {
    return add(new Operation.Mutate(table, where, List.of(mutations)));
  }

  /** Deletes the rows found. */
  public Transaction delete(String table, List<Condition> where) {
    return add(new Operation.Delete(table, where));
  }

  /** Fails the transaction unless there is exactly one row of this name. */
  public Transaction demand(String table, String name) {
    return add(
        new Operation.Wait(
            table,
            Condition.name(name),
            List.of("name"),
            true,
            List.of(Map.of("name", Value.of(name)))));
  }

  /** Reads columns of the rows found, and their uuid. */
  public Transaction select(String table, List<Condition> where, String... columns) {
    return add(new Operation.Select(table, where, List.of(columns)));
  }

  /** Leaves a remark in the server's log of transactions. */
  public Transaction comment(String text) {
    return add(new Operation.Comment(text));
  }
}
