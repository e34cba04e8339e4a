package org.nucleon.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store.StoredChange;
import org.nucleon.core.transaction.Store.StoredChangeSet;
import org.nucleon.core.transaction.Store.StoredReference;

/**
 * What the change sets of one batch come to: each row is written once, and the rows of a table go
 * to the database together. The log alone has every step.
 */
final class Writes {

  /** Resources that were there before the batch and go: their claims go with them. */
  private final Set<UUID> removed = new LinkedHashSet<>();

  /** Resources as they are after the batch. */
  private final Map<UUID, StoredChange> put = new LinkedHashMap<>();

  /** Resources whose references are no longer what they were before the batch. */
  private final Set<UUID> dereferenced = new LinkedHashSet<>();

  /** Claims from before the batch that their owners gave up. */
  private final Set<Claim> released = new LinkedHashSet<>();

  /** Claims taken. */
  private final Map<Claim, UUID> claimed = new LinkedHashMap<>();

  /** Every change set, for the log. */
  private final List<StoredChangeSet> sets = new ArrayList<>();

  private final Set<UUID> made = new HashSet<>();
  private final Set<UUID> owners = new HashSet<>();

  void add(StoredChangeSet set) {
    sets.add(set);
    for (Claim claim : set.released()) {
      claimed.remove(claim);
      released.add(claim);
    }
    for (StoredChange change : set.changes()) {
      add(change);
    }
    set.claimed()
        .forEach((claim, owner) -> {
          claimed.put(claim, owner);
          owners.add(owner);
        });
  }

  private void add(StoredChange change) {
    UUID id = change.id();
    if (change.document() != null) {
      if (change.isNew()) {
        made.add(id);
      } else if (!made.contains(id)) {
        dereferenced.add(id);
      }
      put.put(id, change);
      return;
    }
    put.remove(id);
    if (owners.contains(id)) {
      claimed.values().removeIf(id::equals);
    }
    if (!made.contains(id)) {
      dereferenced.add(id);
      removed.add(id);
    }
  }

  /** Sends them to the database. */
  void write(Link used, UUID batch) throws SQLException {
    used.each(
        "DELETE FROM claim WHERE kind = ? AND scope = ? AND value = ?",
        released,
        (row, claim) -> row.text(claim.kind()).text(claim.scope()).text(claim.value()));
    used.each("DELETE FROM reference WHERE owner = ?", dereferenced, Link.Parameters::id);
    used.each("DELETE FROM resource WHERE id = ?", removed, Link.Parameters::id);
    used.each(
        used.dialect().putResource(),
        put.values(),
        (row, change) -> {
          Head head = change.head();
          row.id(head.id())
              .text(change.type())
              .text(head.project())
              .small(head.revision())
              .number(head.createdAt().getEpochSecond())
              .number(head.updatedAt().getEpochSecond())
              .number(head.number())
              .text(String.valueOf(change.document()));
        });
    List<Map.Entry<UUID, StoredReference>> references = new ArrayList<>();
    for (StoredChange change : put.values()) {
      change.references().forEach(one -> references.add(Map.entry(change.id(), one)));
    }
    used.each(
        "INSERT INTO reference VALUES (?, ?, ?)",
        references,
        (row, one) -> row.id(one.getKey()).id(one.getValue().target()).text(one.getValue().role()));
    used.each(
        "INSERT INTO claim VALUES (?, ?, ?, ?)",
        claimed.entrySet(),
        (row, claim) ->
            row.text(claim.getKey().kind())
                .text(claim.getKey().scope())
                .text(claim.getKey().value())
                .id(claim.getValue()));
    used.each(
        "INSERT INTO \"change\" VALUES (?, ?, ?)",
        sets,
        (row, set) -> row.number(set.number()).id(batch).text(ChangeLog.text(set)));
  }

  /** The number of the last change set. */
  long last() {
    return sets.getLast().number();
  }
}
