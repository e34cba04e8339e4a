package org.nucleon.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;

/** A store in memory, one server's alone or shared by several, that fails as told. */
public final class MemoryStore implements Store {

  /** What goes wrong with a batch. */
  public enum Fault {
    NONE,
    UNREACHABLE,
    WRITE,
    COMMIT_CERTAIN,
    COMMIT_THROWN_AWAY,
    COMMIT_UNCERTAIN_KEPT,
    COMMIT_UNCERTAIN_LOST,
    /** The answer is lost, and the database commits only later. */
    COMMIT_LATE,
    BUG
  }

  /** What the database holds. */
  public static final class Truth {
    private final Map<UUID, StoredResource> resources = new LinkedHashMap<>();
    private final Map<Claim, UUID> claims = new HashMap<>();
    private final List<StoredChangeSet> log = new ArrayList<>();
    private final Set<UUID> batches = new HashSet<>();
    private final Semaphore turn = new Semaphore(1);
    private int kept = Integer.MAX_VALUE;

    /** The log keeps no more than so many from now on. */
    public synchronized void keepOnly(int most) {
      kept = most;
    }

    private synchronized void keep(UUID batch, List<StoredChangeSet> sets) {
      for (StoredChangeSet set : sets) {
        if (set.number() != log.size() + 1) {
          throw new IllegalStateException(set.number() + " after " + log.size());
        }
        log.add(set);
        set.released().forEach(claims::remove);
        for (StoredChange change : set.changes()) {
          if (change.document() == null) {
            resources.remove(change.id());
            claims.values().removeIf(change.id()::equals);
          } else {
            resources.put(
                change.id(), new StoredResource(change.type(), change.head(), change.document()));
          }
        }
        set.claimed()
            .forEach((claim, owner) -> {
              UUID present = claims.putIfAbsent(claim, owner);
              if (present != null && !present.equals(owner)) {
                throw new IllegalStateException(claim + " twice");
              }
            });
      }
      batches.add(batch);
    }

    private synchronized List<StoredChangeSet> since(long number) throws StoreException {
      if (log.size() - number > kept) {
        throw new StoreException("trimmed", new IllegalStateException(), Kind.TRIMMED);
      }
      return List.copyOf(log.subList((int) number, log.size()));
    }
  }

  private final Truth truth;
  private final boolean shared;

  /** The fault of every batch from now on. */
  public final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);

  /** Asked for each batch instead, if it is set. */
  public volatile Supplier<Fault> faults = fault::get;

  /** The database refuses a batch with such a change set in it. */
  public volatile Predicate<StoredChangeSet> refuses = set -> false;

  /** A batch with such a change set in it comes to a fault of ours. */
  public volatile Predicate<StoredChangeSet> trips = set -> false;

  /** Commits wait for it. */
  public volatile CountDownLatch gate = new CountDownLatch(0);

  /** One of its own. */
  public MemoryStore() {
    this.truth = new Truth();
    this.shared = false;
  }

  /** One server's way to what it shares with others. */
  public MemoryStore(Truth truth) {
    this.truth = truth;
    this.shared = true;
  }

  @Override
  public Contents load() {
    synchronized (truth) {
      return new Contents(
          truth.log.size(), List.copyOf(truth.resources.values()), Map.copyOf(truth.claims));
    }
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  @Override
  public long newest() throws StoreException {
    if (faults.get() == Fault.UNREACHABLE) {
      throw failure(Kind.UNREACHABLE);
    }
    synchronized (truth) {
      return truth.log.size();
    }
  }

  @Override
  public List<StoredChangeSet> since(long number, int most) throws StoreException {
    if (faults.get() == Fault.UNREACHABLE) {
      throw failure(Kind.UNREACHABLE);
    }
    List<StoredChangeSet> sets = truth.since(number);
    return sets.subList(0, Math.min(most, sets.size()));
  }

  private static StoreException failure(Kind kind) {
    return new StoreException("told to fail", new IllegalStateException(), kind);
  }

  @Override
  public boolean isCommitted(UUID batch) throws StoreException {
    if (!shared) {
      throw failure(Kind.DOUBTFUL);
    }
    truth.turn.acquireUninterruptibly();
    try {
      synchronized (truth) {
        return truth.batches.contains(batch);
      }
    } finally {
      truth.turn.release();
    }
  }

  @Override
  public OptionalLong lease(String cursor, UUID holder, Duration time) {
    return OptionalLong.empty();
  }

  @Override
  public void advance(String cursor, UUID holder, long number) {}

  @Override
  public void release(String cursor, UUID holder) {}

  @Override
  public Batch begin(long known) throws StoreException {
    Fault now = faults.get();
    if (now == Fault.UNREACHABLE) {
      throw failure(Kind.UNREACHABLE);
    }
    truth.turn.acquireUninterruptibly();
    try {
      return new MemoryBatch(shared ? truth.since(known) : List.of(), now);
    } catch (StoreException e) {
      truth.turn.release();
      throw e;
    }
  }

  private final class MemoryBatch implements Batch {
    private final UUID id = UUID.randomUUID();
    private final List<StoredChangeSet> sets = new ArrayList<>();
    private final List<StoredChangeSet> others;
    private final Fault now;
    private boolean ended;

    private MemoryBatch(List<StoredChangeSet> others, Fault now) {
      this.others = others;
      this.now = now;
    }

    @Override
    public UUID id() {
      return id;
    }

    @Override
    public List<StoredChangeSet> others() {
      return others;
    }

    @Override
    public void write(StoredChangeSet set) throws StoreException {
      if (now == Fault.WRITE) {
        throw failure(Kind.REFUSED);
      }
      if (now == Fault.BUG || trips.test(set)) {
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
      if (sets.stream().anyMatch(refuses)) {
        throw failure(Kind.REFUSED);
      }
      if (now == Fault.COMMIT_LATE) {
        Thread.ofPlatform()
            .start(() -> {
              truth.keep(id, sets);
              rollback();
            });
        throw failure(Kind.DOUBTFUL);
      }
      if (now == Fault.NONE || now == Fault.COMMIT_UNCERTAIN_KEPT) {
        truth.keep(id, sets);
      }
      rollback();
      switch (now) {
        case NONE -> {}
        case COMMIT_CERTAIN -> throw failure(Kind.REFUSED);
        case COMMIT_THROWN_AWAY -> throw failure(Kind.THROWN_AWAY);
        default -> throw failure(Kind.DOUBTFUL);
      }
    }

    @Override
    public synchronized void rollback() {
      if (!ended) {
        ended = true;
        truth.turn.release();
      }
    }
  }

  @Override
  public void close() {}
}
