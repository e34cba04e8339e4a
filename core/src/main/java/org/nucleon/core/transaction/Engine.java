package org.nucleon.core.transaction;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;

/**
 * Runs transactions against the newest durable picture and has them committed in batches. A
 * transaction that fails its check takes no other with it; its rules run again.
 */
public final class Engine implements AutoCloseable {

  private static final int MAX_RUNS = 20;

  /** Below how many free values one is chosen by chance once another server chose the same. */
  private static final int SPREAD = 64;

  /** How long a request waits for a database that is not there, unless told otherwise. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Catalog catalog;
  private final Rules rules;
  private final Store store;
  private final boolean rehearse;
  private final Duration patience;
  private final InFlight inFlight = new InFlight();
  private final LongAdder reruns = new LongAdder();
  private final List<String> undeclared;
  private final Committer committer;
  private final ReadBarrier barrier;

  /** Uses the store. */
  @FunctionalInterface
  public interface StoreUse<T> {
    /** Uses the store, on the one thread that may. */
    T on(Store store) throws StoreException;
  }

  /**
   * Reads the store and starts.
   *
   * @param rehearse run every transaction's rules twice and throw the first run away: a test of
   *     rules
   * @throws StoreException if the store cannot be read
   */
  public Engine(Catalog catalog, Rules rules, Store store, boolean rehearse) throws StoreException {
    this(catalog, rules, store, rehearse, PATIENCE);
  }

  /**
   * Reads the store and starts.
   *
   * @param patience how long a request waits for a database that is not there
   * @throws StoreException if the store cannot be read
   */
  public Engine(Catalog catalog, Rules rules, Store store, boolean rehearse, Duration patience)
      throws StoreException {
    this.catalog = catalog;
    this.rules = rules;
    this.store = store;
    this.rehearse = rehearse;
    this.patience = patience;
    Store.Contents contents = store.load();
    Picture picture = Stored.picture(catalog, contents);
    this.undeclared = Undeclared.in(catalog, contents, picture);
    this.committer = new Committer(catalog, store, picture, patience);
    this.barrier = new ReadBarrier(store);
  }

  /**
   * The newest durable picture that this server has. Where several servers share a database it may
   * lack what another has answered; see {@link #awaitNewest}.
   */
  public Picture picture() {
    return committer.picture();
  }

  /**
   * Waits until the picture has every write that was answered before, on whichever server. Costs
   * nothing where the database is this server's alone.
   *
   * @throws ApiException 503 if the database does not answer in time
   */
  public void awaitNewest() {
    if (!store.isShared()) {
      return;
    }
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        long newest = barrier.newest().get(left(end), TimeUnit.NANOSECONDS);
        if (picture().number() < newest) {
          committer.catchUp().get(left(end), TimeUnit.NANOSECONDS);
        }
        if (picture().number() >= newest) {
          return;
        }
        pause(); // the database went away in between
      } catch (TimeoutException e) {
        throw unavailable();
      } catch (ExecutionException e) {
        if (!committer.isOpen()) {
          throw unavailable();
        }
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable();
      }
      if (left(end) <= 0) {
        throw unavailable();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long left(long end) {
    return end - System.nanoTime();
  }

  private static ApiException unavailable() {
    return ApiException.unavailable(
        "ServiceUnavailable", "The database does not answer at the moment.");
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

  /**
   * Whether writes are taken; false while the database cannot be reached, and for good once the
   * embedded one failed to make a batch durable.
   */
  public boolean isWritable() {
    return committer.isWritable();
  }

  /** Stops following. */
  public void unsubscribe(Subscriber subscriber) {
    committer.unsubscribe(subscriber);
  }

  /**
   * Starts a follower with the picture that its first change set follows on, without a gap.
   *
   * @param start takes the picture; called on the committer's thread
   */
  public void subscribe(Consumer<Picture> start, Subscriber subscriber) {
    committer.subscribe(start, subscriber);
  }

  /** Uses the store between two batches: for cursors into its log. */
  public <T> T use(StoreUse<T> use) throws StoreException {
    return committer.use(use);
  }

  /**
   * The change sets after a number, in order, as the log has them.
   *
   * @param most no more than so many
   * @throws StoreException also if they are no longer kept, which its kind says
   */
  public List<ChangeSet> since(long number, int most) throws StoreException {
    List<ChangeSet> sets = new java.util.ArrayList<>();
    for (Store.StoredChangeSet stored : use(each -> each.since(number, most))) {
      sets.add(Stored.changeSet(catalog, stored));
    }
    return sets;
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
      int spread = run > 0 && store.isShared() ? SPREAD : 1;
      if (rehearse) {
        run(caller, body, draws, true, spread);
      }
      Run<R> done = run(caller, body, draws, false, spread);
      switch (done.outcome()) {
        case Pending.Durable durable -> {
          committed.accept(done.result(), picture());
          return done.result();
        }
        case Pending.Failed failed ->
            throw ApiException.unavailable(
                "ServiceUnavailable", "The database does not take changes at the moment.");
        case Pending.RunAgain again -> {
          if (again.reason().equals(reason) && done.base() == picture().number()) {
            throw ApiException.conflict("Conflict", "The request conflicts: " + reason + ".");
          }
          reason = again.reason();
          reruns.increment();
        }
      }
    }
    throw ApiException.unavailable(
        "RetryRequest", "Too many others change the same at once: " + reason + ".");
  }

  private record Run<R>(R result, long base, Pending.Outcome outcome) {}

  private <R> Run<R> run(
      Caller caller, Function<Transaction, R> body, Draws draws, boolean rehearsal, int spread) {
    draws.rewind();
    Picture base = picture();
    Transaction tx = new Transaction(base, rules, draws, inFlight, caller, spread);
    try {
      R result = body.apply(tx);
      Commit commit = tx.toCommit();
      if (commit.isEmpty() || rehearsal) {
        return new Run<>(result, base.number(), new Pending.Durable());
      }
      return new Run<>(result, base.number(), committer.submit(commit));
    } finally {
      tx.end();
    }
  }

  /** Writes what waits, then stops. */
  @Override
  public void close() {
    committer.close();
  }
}
