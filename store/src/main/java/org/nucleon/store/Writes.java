package org.nucleon.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store.StoredChange;
import org.nucleon.core.transaction.Store.StoredChangeSet;

/**
 * What the change sets of one batch come to: each row is written once, and the rows of a table go
 * to the database together. The log alone has every step.
 */
final class Writes {

  /** Resources that were there before the batch and go: their claims go with them. */
  final Set<UUID> removed = new LinkedHashSet<>();

  /** Resources as they are after the batch. */
  final Map<UUID, StoredChange> put = new LinkedHashMap<>();

  /** Resources whose references are no longer what they were before the batch. */
  final Set<UUID> dereferenced = new LinkedHashSet<>();

  /** Claims from before the batch that their owners gave up. */
  final Set<Claim> released = new LinkedHashSet<>();

  /** Claims taken. */
  final Map<Claim, UUID> claimed = new LinkedHashMap<>();

  /** Every change set, for the log. */
  final List<StoredChangeSet> sets = new ArrayList<>();

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

  /** The number of the last change set. */
  long last() {
    return sets.getLast().number();
  }
}
