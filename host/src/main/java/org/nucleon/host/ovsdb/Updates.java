package org.nucleon.host.ovsdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ovsdb.Value.Atom;
import tools.jackson.databind.JsonNode;

/** Reads what a monitor tells, as changes of a snapshot. */
final class Updates {
  private Updates() {}

  /** The form of {@code monitor_cond}: ovsdb-server(7), section 4.1.14. */
  static List<RowChange> decode2(JsonNode tables, Snapshot now, Schema schema) {
    var changes = new ArrayList<RowChange>();
    for (var table : tables.properties()) {
      for (var row : table.getValue().properties()) {
        UUID uuid = UUID.fromString(row.getKey());
        Row before = now.row(table.getKey(), uuid);
        var kind = row.getValue().properties().iterator().next();
        Row after =
            switch (kind.getKey()) {
              case "delete" -> null;
              case "modify" -> modified(table.getKey(), uuid, before, kind.getValue(), schema);
              default ->
                  schema.complete(table.getKey(), uuid, ValueCodec.decodeRow(kind.getValue()));
            };
        changes.add(new RowChange(table.getKey(), uuid, before, after));
      }
    }
    return changes;
  }

  /** The form of {@code monitor}: RFC 7047 section 4.1.6. */
  static List<RowChange> decode1(JsonNode tables, Snapshot now) {
    var changes = new ArrayList<RowChange>();
    for (var table : tables.properties()) {
      for (var row : table.getValue().properties()) {
        UUID uuid = UUID.fromString(row.getKey());
        JsonNode content = row.getValue().get("new");
        Row after = content == null ? null : new Row(uuid, ValueCodec.decodeRow(content));
        changes.add(new RowChange(table.getKey(), uuid, now.row(table.getKey(), uuid), after));
      }
    }
    return changes;
  }

  private static Row modified(
      String table, UUID uuid, @Nullable Row before, JsonNode changed, Schema schema) {
    if (before == null) {
      throw new IllegalStateException("a change of a row never seen, in " + table);
    }
    var columns = new LinkedHashMap<>(before.columns());
    ValueCodec.decodeRow(changed)
        .forEach((column, value) ->
            columns.put(
                column,
                schema.holdsSeveral(table, column)
                    ? difference(before.value(column), value)
                    : value));
    return new Row(uuid, columns);
  }

  /** Members told that were there go, others come; an entry told with another value changes. */
  static Value difference(Value before, Value told) {
    if (before instanceof Value.Dictionary(Map<Atom, Atom> old)
        && told instanceof Value.Dictionary(Map<Atom, Atom> entries)) {
      var next = new HashMap<>(old);
      entries.forEach((key, value) -> {
        if (!next.remove(key, value)) {
          next.put(key, value);
        }
      });
      return new Value.Dictionary(next);
    }
    var next = new HashSet<>(before.asSet());
    for (Atom atom : told.asSet()) {
      if (!next.remove(atom)) {
        next.add(atom);
      }
    }
    return Value.set(next);
  }
}
