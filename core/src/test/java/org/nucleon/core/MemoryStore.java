package org.nucleon.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;

/** A store in memory that fails as told. */
public final class MemoryStore implements Store {

  /** What goes wrong with the next batch. */
  public enum Fault {
    NONE,
    WRITE,
    COMMIT_CERTAIN,
    COMMIT_UNCERTAIN_KEPT,
    COMMIT_UNCERTAIN_LOST,
    BUG
  }

  private final Map<UUID, StoredResource> resources = new LinkedHashMap<>();
  private final Map<Claim, UUID> claims = new HashMap<>();
  private long number;

  /** The fault of every batch from now on. */
  public final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);

  /** Commits wait for it. */
  public volatile CountDownLatch gate = new CountDownLatch(0);

  @Override
  public synchronized Contents load() {
    return new Contents(number, List.copyOf(resources.values()), Map.copyOf(claims));
  }

  @Override
  public Batch begin(long known) {
    List<StoredChangeSet> sets = new ArrayList<>();
    return new Batch() {
      @Override
      public List<StoredChangeSet> others() {
        return List.of();
      }

      @Override
      public void write(StoredChangeSet set) throws StoreException {
        if (fault.get() == Fault.WRITE) {
          throw new StoreException("told to fail", new IllegalStateException());
        }
        if (fault.get() == Fault.BUG) {
          throw new IllegalStateException("a bug in the store");
        }
        sets.add(set);
      }

      @Override
      public void commit() throws StoreException {
        boolean interrupted = false; // as a real disk, it is not to be hurried
        while (gate.getCount() > 0) {
          try {
            gate.await();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        Fault now = fault.get();
        if (now == Fault.NONE || now == Fault.COMMIT_UNCERTAIN_KEPT) {
          sets.forEach(MemoryStore.this::keep);
        }
        if (now != Fault.NONE) {
          throw new StoreException(
              "told to fail", new IllegalStateException(), now == Fault.COMMIT_CERTAIN);
        }
      }

      @Override
      public void rollback() {
        sets.clear();
      }
    };
  }

  private synchronized void keep(StoredChangeSet set) {
    if (set.number() != number + 1) {
      throw new IllegalStateException(set.number() + " after " + number);
    }
    number = set.number();
    set.released().forEach(claims::remove);
    for (StoredChange change : set.changes()) {
      if (change.after() == null) {
        resources.remove(change.id());
        claims.values().removeIf(change.id()::equals);
      } else {
        resources.put(change.id(), change.after());
      }
    }
    set.claimed()
        .forEach((claim, owner) -> {
          if (claims.putIfAbsent(claim, owner) != null) {
            throw new IllegalStateException("a database would refuse " + claim + ", it is there");
          }
        });
  }

  @Override
  public void close() {}
}
