package org.nucleon.host.ovsdb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The monitored rows at one moment. Immutable; what a change did not touch is shared with the
 * snapshot before.
 */
public final class Snapshot {
  /** No rows. */
  public static final Snapshot EMPTY = new Snapshot(Map.of());

  private final Map<String, Map<UUID, Row>> tables;

  private Snapshot(Map<String, Map<UUID, Row>> tables) {
    this.tables = tables;
  }

  /** A table's rows, in no particular order. */
  public Collection<Row> rows(String table) {
    return table(table).values();
  }

  /** One row; null if there is none. */
  public @Nullable Row row(String table, UUID uuid) {
    return table(table).get(uuid);
  }

  private Map<UUID, Row> table(String table) {
    return tables.getOrDefault(table, Map.of());
  }

  /** This snapshot moved forward. */
  Snapshot with(List<RowChange> changes) {
    var next = new HashMap<>(tables);
    var copied = new HashMap<String, Map<UUID, Row>>();
    for (RowChange change : changes) {
      var rows = copied.computeIfAbsent(change.table(), name -> new HashMap<>(table(name)));
      Row after = change.after();
      if (after == null) {
        rows.remove(change.uuid());
      } else {
        rows.put(change.uuid(), after);
      }
    }
    copied.forEach((table, rows) -> next.put(table, Collections.unmodifiableMap(rows)));
    return new Snapshot(Collections.unmodifiableMap(next));
  }

  /** What leads from this snapshot to {@code later}. */
  List<RowChange> changesTo(Snapshot later) {
    var changes = new ArrayList<RowChange>();
    var names = new HashSet<>(tables.keySet());
    names.addAll(later.tables.keySet());
    for (String table : names) {
      var uuids = new HashSet<>(table(table).keySet());
      uuids.addAll(later.table(table).keySet());
      for (UUID uuid : uuids) {
        Row before = row(table, uuid);
        Row after = later.row(table, uuid);
        if (!Objects.equals(before, after)) {
          changes.add(new RowChange(table, uuid, before, after));
        }
      }
    }
    return changes;
  }
}
