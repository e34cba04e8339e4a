package org.nucleon.host.ovsdb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row of a table, with those of its columns that were asked for. Immutable. */
public final class Row {

  private final UUID uuid;
  private final Map<String, Value> columns;

  /** What was last read out of it. Whoever comes at the same time reads it once more. */
  private @Nullable Reading<?> reading;

  private record Reading<T>(Function<Row, T> reader, T result) {}

  /**
   * A row.
   *
   * @param uuid the row's own name
   * @param columns the values by column
   */
  public Row(UUID uuid, Map<String, Value> columns) {
    this.uuid = uuid;
    this.columns = Map.copyOf(columns);
  }

  /** The row's own name. */
  public UUID uuid() {
    return uuid;
  }

  /** The values by column. */
  public Map<String, Value> columns() {
    return columns;
  }

  /**
   * What a reader makes of the row; the same reader is asked once, since a switch with a thousand
   * ports is looked at whenever one of them changes.
   *
   * @param reader a pure function that does not return null, the same object each time
   */
  @SuppressWarnings("unchecked") // a reader's results are of its type
  <T> T read(Function<Row, T> reader) {
    Reading<?> known = reading;
    if (known != null && known.reader().equals(reader)) {
      return (T) known.result();
    }
    T result = reader.apply(this);
    reading = new Reading<>(reader, result);
    return result;
  }

  /**
   * The value of a column.
   *
   * @throws IllegalArgumentException if the row came without this column
   */
  public Value value(String column) {
    Value value = columns.get(column);
    if (value == null) {
      throw new IllegalArgumentException("no column " + column + " in " + columns.keySet());
    }
    return value;
  }

  /** The string in a column; null if the column is empty. */
  public @Nullable String text(String column) {
    return only(column) instanceof Value.Text(String text) ? text : null;
  }

  /** The integer in a column; null if the column is empty. */
  public @Nullable Long integer(String column) {
    return only(column) instanceof Value.Int(long number) ? (Long) number : null;
  }

  /** The boolean in a column; false if the column is empty. */
  public boolean bool(String column) {
    return only(column) instanceof Value.Bool(boolean flag) && flag;
  }

  /** The strings in a column. */
  public Set<String> texts(String column) {
    return value(column).asSet().stream()
        .filter(Value.Text.class::isInstance)
        .map(atom -> ((Value.Text) atom).value())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The rows that a column refers to. */
  public Set<UUID> references(String column) {
    return value(column).asSet().stream()
        .filter(Value.Uuid.class::isInstance)
        .map(atom -> ((Value.Uuid) atom).value())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The map of strings in a column, in no particular order. */
  public Map<String, String> map(String column) {
    if (!(value(column) instanceof Value.Dictionary(var entries))) {
      throw new IllegalArgumentException(column + " is no map");
    }
    var texts = new LinkedHashMap<String, String>();
    entries.forEach((key, entry) -> {
      if (key instanceof Value.Text(String name) && entry instanceof Value.Text(String text)) {
        texts.put(name, text);
      }
    });
    return Map.copyOf(texts);
  }

  private Value.@Nullable Atom only(String column) {
    Set<Value.Atom> atoms = value(column).asSet();
    return atoms.size() == 1 ? atoms.iterator().next() : null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || other instanceof Row row && uuid.equals(row.uuid) && columns.equals(row.columns);
  }

  @Override
  public int hashCode() {
    return 31 * uuid.hashCode() + columns.hashCode();
  }

  @Override
  public String toString() {
    return uuid + " " + columns;
  }
}
