package org.nucleon.core.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;

/**
 * Runs transactions against the newest durable picture and commits them in batches: one committer
 * thread takes what waits, checks each against the picture with the ones before it, writes all,
 * makes them durable with one commit, publishes the picture and only then answers. A transaction
 * that fails its check takes no other with it; its rules run again.
 */
public final class Engine implements AutoCloseable {

  private static final int MAX_RUNS = 20;
  private static final int MAX_BATCH = 512;

  private final Catalog catalog;
  private final Rules rules;
  private final Store store;
  private final boolean rehearse;
  private final InFlight inFlight = new InFlight();
  private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final LongAdder reruns = new LongAdder();
  private final List<String> undeclared;
  private final Thread committer;
  private volatile Picture picture;
  private volatile @Nullable StoreException broken;
  private volatile boolean closed;

  private sealed interface Task {}

  private record Pending(
      Commit commit, Map<UUID, String> documents, CompletableFuture<Outcome> outcome)
      implements Task {}

  private record Start(Consumer<Picture> start, Subscriber subscriber, CompletableFuture<Void> done)
      implements Task {}

  private sealed interface Outcome {}

  private record Durable() implements Outcome {}

  private record RunAgain(String reason) implements Outcome {}

  private record Failed() implements Outcome {}

  private record Joined(Pending pending, ChangeSet set, Picture picture) {}

  /**
   * Reads the store and starts.
   *
   * @param rehearse run every transaction's rules twice and throw the first run away: a test of
   *     rules
   * @throws StoreException if the store cannot be read
   */
  public Engine(Catalog catalog, Rules rules, Store store, boolean rehearse) throws StoreException {
    this.catalog = catalog;
    this.rules = rules;
    this.store = store;
    this.rehearse = rehearse;
    Store.Contents contents = store.load();
    this.picture = Stored.picture(catalog, contents);
    this.undeclared = Undeclared.in(catalog, contents, picture);
    this.committer = Thread.ofPlatform().name("committer").start(this::commitBatches);
  }

  /** The newest durable picture. */
  public Picture picture() {
    return picture;
  }

  /** The declarations. */
  public Catalog catalog() {
    return catalog;
  }

  /**
   * What is stored and no feature declares, each with how many resources it concerns: it stays as
   * it is, and is not shown.
   */
  public List<String> undeclared() {
    return undeclared;
  }

  /** How often rules had to run again because of a conflict, since the start. */
  public long reruns() {
    return reruns.sum();
  }

  /** Whether writes are taken; false for good once the store failed to make a batch durable. */
  public boolean isWritable() {
    return broken == null;
  }

  /** Stops following. */
  public void unsubscribe(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /**
   * Starts a follower with the picture that its first change set follows on, without a gap.
   *
   * @param start takes the picture; called on the committer's thread
   */
  public void subscribe(Consumer<Picture> start, Subscriber subscriber) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    queue.add(new Start(start, subscriber, done));
    done.join();
  }

  /**
   * Runs a transaction until it commits, and returns what the last run returned, once it is durable
   * and readers see it.
   *
   * @throws ApiException what the rules refuse; 503 if the store fails or conflicts do not end
   */
  public <R> R write(Caller caller, Function<Transaction, R> body) {
    return write(caller, body, (result, committed) -> {});
  }

  /**
   * As {@link #write(Caller, Function)}, telling the picture that readers see once it is durable.
   */
  public <R> R write(
      Caller caller, Function<Transaction, R> body, BiConsumer<R, Picture> committed) {
    Draws draws = new Draws();
    String reason = "";
    for (int run = 0; run < MAX_RUNS; run++) {
      if (rehearse) {
        run(caller, body, draws, true);
      }
      Run<R> done = run(caller, body, draws, false);
      if (done.outcome() instanceof Durable) {
        committed.accept(done.result(), picture);
        return done.result();
      }
      if (done.outcome() instanceof Failed) {
        throw ApiException.unavailable(
            "ServiceUnavailable", "The database does not take changes at the moment.");
      }
      RunAgain again = (RunAgain) done.outcome();
      if (again.reason().equals(reason) && done.base() == picture.number()) {
        throw ApiException.conflict("Conflict", "The request conflicts: " + reason + ".");
      }
      reason = again.reason();
      reruns.increment();
    }
    throw ApiException.unavailable(
        "RetryRequest", "Too many others change the same at once: " + reason + ".");
  }

  private record Run<R>(R result, long base, Outcome outcome) {}

  private <R> Run<R> run(
      Caller caller, Function<Transaction, R> body, Draws draws, boolean rehearsal) {
    draws.rewind();
    Picture base = picture;
    Transaction tx = new Transaction(base, rules, draws, inFlight, caller);
    try {
      R result = body.apply(tx);
      Commit commit = tx.toCommit();
      if (commit.isEmpty() || rehearsal) {
        return new Run<>(result, base.number(), new Durable());
      }
      return new Run<>(result, base.number(), submit(commit));
    } finally {
      tx.end();
    }
  }

  private Outcome submit(Commit commit) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Pending pending = new Pending(commit, Stored.documents(commit), outcome);
    synchronized (queue) { // so that nothing is queued after the committer's last look
      if (closed || broken != null) {
        return new Failed();
      }
      queue.add(pending);
    }
    return outcome.join();
  }

  private void commitBatches() {
    List<Task> tasks = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      tasks.clear();
      try {
        tasks.add(queue.take());
      } catch (InterruptedException e) {
        continue; // closing: what is queued is still written
      }
      queue.drainTo(tasks, MAX_BATCH - 1);
      List<Pending> batch = new ArrayList<>(tasks.size());
      for (Task task : tasks) {
        if (task instanceof Pending pending) {
          batch.add(pending);
        }
      }
      commitOrFail(batch);
      for (Task task : tasks) {
        if (task instanceof Start start) {
          start.start().accept(picture);
          subscribers.add(start.subscriber());
          start.done().complete(null);
        }
      }
    }
  }

  /** A fault of ours must not leave clients waiting, nor a picture that may be wrong in use. */
  private void commitOrFail(List<Pending> batch) {
    try {
      commit(batch);
    } catch (RuntimeException e) {
      System.getLogger("nucleon.store").log(System.Logger.Level.ERROR, "a fault in a batch", e);
      broken = new StoreException("a fault in a batch", e, false);
      batch.forEach(pending -> pending.outcome().complete(new Failed()));
    }
  }

  private void commit(List<Pending> batch) {
    List<Joined> joined = new ArrayList<>();
    Map<Pending, String> refused = new HashMap<>();
    Picture now = picture;
    for (Pending pending : batch) {
      switch (Verdict.of(pending.commit(), now)) {
        case Verdict.Accepted accepted -> {
          joined.add(new Joined(pending, accepted.set(), accepted.picture()));
          now = accepted.picture();
        }
        case Verdict.Conflict conflict -> refused.put(pending, conflict.reason());
      }
    }
    Outcome outcome = write(joined);
    if (outcome instanceof Durable) {
      picture = now;
      for (Joined one : joined) {
        for (Subscriber subscriber : subscribers) {
          subscriber.onChange(one.set(), one.picture());
        }
      }
    }
    joined.forEach(one -> one.pending().outcome().complete(outcome));
    refused.forEach((pending, reason) -> pending.outcome().complete(new RunAgain(reason)));
  }

  private Outcome write(List<Joined> joined) {
    if (joined.isEmpty()) {
      return new Durable();
    }
    if (broken != null) {
      return new Failed();
    }
    try {
      Store.Batch batch = store.begin(picture.number());
      try {
        for (Joined one : joined) {
          batch.write(Stored.changeSet(one.set(), one.pending().documents()));
        }
      } catch (StoreException e) {
        batch.rollback();
        System.getLogger("nucleon.store").log(System.Logger.Level.ERROR, "batch refused", e);
        return new Failed();
      }
      commit(batch);
      return new Durable();
    } catch (StoreException e) {
      System.getLogger("nucleon.store").log(System.Logger.Level.ERROR, "batch not written", e);
      return new Failed();
    }
  }

  /**
   * After a commit that may or may not have reached the disk, the picture can no longer be trusted.
   */
  private void commit(Store.Batch batch) throws StoreException {
    try {
      batch.commit();
    } catch (StoreException e) {
      broken = e.isCertain() ? null : e;
      throw e;
    }
  }

  /** Writes what waits, then stops. */
  @Override
  public void close() {
    synchronized (queue) {
      closed = true;
    }
    committer.interrupt();
    try {
      committer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
