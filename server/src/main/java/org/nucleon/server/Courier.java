package org.nucleon.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Delivery;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;
import org.nucleon.core.transaction.Subscriber;

/**
 * Runs one feature's work with outside effects on a thread of its own, from a cursor into the log
 * that outlives the server and is one server's at a time. The cursor moves on when what lies before
 * it is acknowledged; one that lags too far is given up by the store, which says so.
 */
final class Courier<E> implements Subscriber, AutoCloseable {

  /** For how long a server that died without a word keeps the others away. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger("nucleon.delivery");

  /** Where no other server can be, one that was killed need not be waited for. */
  private static final UUID ONLY_SERVER = new UUID(0, 1);

  private static final int MOST = 1_000;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** The log is not looked at more often, however much there is going on. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final Engine engine;
  private final Delivery<E> delivery;
  private final Duration lease;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private UUID holder = ONLY_SERVER;
  private boolean held;
  private long renewed;
  private long done;
  private long stored = -1;

  /**
   * Starts.
   *
   * @param lease for how long the cursor is taken; it is renewed in time while this server lives
   */
  Courier(Engine engine, Delivery<E> delivery, Duration lease) {
    this.engine = engine;
    this.delivery = delivery;
    this.lease = lease;
    engine.subscribe(picture -> {}, this);
    this.thread = Thread.ofPlatform().daemon().name(delivery.name()).start(this::run);
  }

  @Override
  public void onChange(ChangeSet set, Picture after) {
    news.release();
  }

  private void run() {
    try {
      while (true) {
        try {
          step();
        } catch (StoreException e) {
          say(Level.WARNING, "the log cannot be read now: " + e.getMessage());
          Thread.sleep(FIRST_PAUSE);
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, delivery.name(), e);
          Thread.sleep(FIRST_PAUSE);
        }
      }
    } catch (InterruptedException e) {
      letGo();
    }
  }

  private void say(Level level, String what) {
    LOG.log(level, "{0}: {1}", delivery.name(), what);
  }

  /** Sees to what the log has next, or waits for more. */
  private void step() throws StoreException, InterruptedException {
    if (!isOurs()) {
      Thread.sleep(lease.dividedBy(10));
      return;
    }
    news.drainPermits();
    Picture now = engine.picture();
    List<ChangeSet> sets = next(now);
    if (sets.isEmpty()) {
      var _ = news.tryAcquire(lease.dividedBy(3).toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    List<E> items = new ArrayList<>();
    sets.forEach(set -> items.addAll(of(set, now)));
    if (!items.isEmpty() && !deliver(items)) {
      return;
    }
    done = Math.max(done, sets.getLast().number());
    if (!items.isEmpty() || done - stored >= MOST) {
      advance();
    }
    boolean soon = items.isEmpty() || delivery.interval().compareTo(LOOK) < 0;
    keepFor(soon ? LOOK : delivery.interval());
  }

  /** A fault of ours in one change set is not to stop all that follow. */
  private List<E> of(ChangeSet set, View now) {
    try {
      return delivery.of(set, now);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, delivery.name() + ": nothing is told of change " + set.number(), e);
      return List.of();
    }
  }

  private List<ChangeSet> next(Picture now) throws StoreException {
    if (now.number() <= done) {
      return List.of();
    }
    try {
      return engine.since(done, (int) Math.min(MOST, now.number() - done));
    } catch (StoreException e) {
      if (e.kind() != Kind.TRIMMED) {
        throw e;
      }
      say(
          Level.ERROR,
          "changes %d to %d are no longer in the log, nothing is told of them"
              .formatted(done + 1, now.number()));
      done = now.number();
      advance();
      return List.of();
    }
  }

  /** Whether this server has the cursor, having renewed the lease if it was time. */
  private boolean isOurs() throws StoreException {
    if (held && System.nanoTime() - renewed < lease.toNanos() / 3) {
      return true;
    }
    long asked = System.nanoTime();
    OptionalLong at =
        engine.use(store -> {
          if (store.isShared() && holder.equals(ONLY_SERVER)) {
            holder = UUID.randomUUID();
          }
          return store.lease(delivery.name(), holder, lease);
        });
    held = at.isPresent();
    if (!held) {
      return false;
    }
    renewed = asked;
    if (at.getAsLong() != stored) { // at first; or another had it meanwhile, or it was given up
      done = at.getAsLong();
      stored = done;
    } else if (done > stored) {
      advance();
    }
    return true;
  }

  private void advance() throws StoreException {
    long number = done;
    engine.use(store -> {
      store.advance(delivery.name(), holder, number);
      return true;
    });
    stored = number;
  }

  /**
   * Sends until all is seen to.
   *
   * @return false if another server has the cursor now
   */
  private boolean deliver(List<E> items) throws InterruptedException {
    List<E> left = items;
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      FutureTask<List<E>> sending = sending(left);
      Thread.ofVirtual().start(sending);
      try {
        if (!await(sending)) {
          say(Level.WARNING, "another server goes on");
          return false;
        }
        List<E> rest = sending.get();
        if (rest.isEmpty()) {
          if (attempt > 1) {
            say(Level.INFO, "all is told, after " + attempt + " tries");
          }
          return true;
        }
        pause = rest.size() < left.size() ? FIRST_PAUSE : pause;
        left = rest;
      } catch (ExecutionException e) {
        say(
            Level.WARNING,
            "not told, next try in %d s: %s".formatted(pause.toSeconds(), reason(e.getCause())));
      } finally {
        sending.cancel(true);
      }
      if (!keepFor(pause)) {
        return false;
      }
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private FutureTask<List<E>> sending(List<E> items) {
    List<E> sent = List.copyOf(items);
    return new FutureTask<>(() -> delivery.send(sent));
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof IOException && cause.getMessage() != null
        ? cause.getMessage()
        : String.valueOf(cause);
  }

  /** Waits for an answer, and keeps the lease meanwhile. */
  private boolean await(FutureTask<List<E>> sending)
      throws InterruptedException, ExecutionException {
    while (true) {
      try {
        sending.get(lease.toMillis() / 3, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (!isStillOurs()) {
          return false;
        }
      }
    }
  }

  /** Waits, and keeps the lease meanwhile; false if another server has the cursor now. */
  private boolean keepFor(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, lease.toNanos() / 3));
      if (!isStillOurs()) {
        return false;
      }
    }
    return true;
  }

  /** While the database is away no other server can take the cursor. */
  private boolean isStillOurs() {
    try {
      return isOurs();
    } catch (StoreException e) {
      say(Level.DEBUG, "the lease cannot be renewed now: " + e.getMessage());
      return true;
    }
  }

  private void letGo() {
    if (!held) {
      return;
    }
    try {
      if (done > stored) {
        advance();
      }
      engine.use(store -> {
        store.release(delivery.name(), holder);
        return true;
      });
    } catch (StoreException e) {
      say(Level.DEBUG, "others wait until the lease lapses: " + e.getMessage());
    }
  }

  /** Ends, letting another server go on at once. */
  @Override
  public void close() {
    engine.unsubscribe(this);
    thread.interrupt();
    try {
      thread.join(CLOSING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
