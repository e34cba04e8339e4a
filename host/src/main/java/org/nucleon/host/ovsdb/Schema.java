package org.nucleon.host.ovsdb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What of a database's schema is needed to read the updates of the monitored columns. */
final class Schema {
  /**
   * A column.
   *
   * @param several whether it may hold more than one value: an update then tells the difference and
   *     not the new value
   * @param initial its default, which an update leaves out of a new row
   */
  private record Column(boolean several, Value initial) {}

  private final Map<String, Map<String, Column>> tables = new HashMap<>();

  /** Reads the answer of {@code get_schema} as far as the monitored columns go. */
  Schema(JsonNode json, List<Monitored> monitored) {
    for (Monitored one : monitored) {
      JsonNode table = json.get("tables").get(one.table());
      if (table != null) {
        var columns = tables.computeIfAbsent(one.table(), _ -> new HashMap<>());
        for (String name : one.columns()) {
          JsonNode column = table.get("columns").get(name);
          if (column != null) {
            columns.put(name, column(column.get("type")));
          }
        }
      }
    }
  }

  private static Column column(JsonNode type) {
    if (type.isString()) {
      return new Column(false, zero(type.stringValue()));
    }
    JsonNode max = type.get("max");
    boolean several = max != null && (max.isString() || max.intValue() > 1);
    JsonNode min = type.get("min");
    JsonNode key = type.get("key");
    Value initial =
        type.has("value")
            ? Value.of(Map.of())
            : min != null && min.intValue() == 0
                ? Value.none()
                : zero(key.isString() ? key.stringValue() : key.get("type").stringValue());
    return new Column(several, initial);
  }

  /** The default of an atomic type; RFC 7047 section 5.2.1. */
  private static Value zero(String type) {
    return switch (type) {
      case "integer" -> Value.of(0);
      case "real" -> new Value.Real(0);
      case "boolean" -> Value.of(false);
      case "uuid" -> Value.of(new UUID(0, 0));
      default -> Value.of("");
    };
  }

  /** A new row, with the defaults of the columns that it was told without. */
  Row complete(String table, UUID uuid, Map<String, Value> told) {
    var columns = new HashMap<String, Value>();
    tables
        .getOrDefault(table, Map.of())
        .forEach((name, column) -> columns.put(name, column.initial()));
    columns.putAll(told);
    return new Row(uuid, columns);
  }

  boolean holdsSeveral(String table, String name) {
    @Nullable Column column = tables.getOrDefault(table, Map.of()).get(name);
    return column != null && column.several();
  }
}
