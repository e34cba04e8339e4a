package org.nucleon.core.transaction;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.StoreException.Kind;

/**
 * The one thread that uses the store and moves the picture: takes what waits as one batch, catches
 * up on what other servers wrote, checks each commit against the picture with the ones before it,
 * writes all, makes them durable with one commit, publishes the picture and only then answers.
 */
final class Committer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.store");
  private static final int MAX_BATCH = 512;

  /** How soon a server without work notices what others wrote. */
  private static final Duration FOLLOW = Duration.ofMillis(200);

  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;
  private static final int THROWN_AWAY_MOST = 20;

  private final Catalog catalog;
  private final Store store;
  private final Duration patience;
  private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile Picture picture;
  private volatile boolean broken;
  private volatile boolean unreachable;
  private volatile boolean suspect;
  private volatile boolean closed;
  private long loadedAt;

  private sealed interface Task {}

  private record Write(Pending pending) implements Task {}

  private record Start(Consumer<Picture> start, Subscriber subscriber, CompletableFuture<Void> done)
      implements Task {}

  private record CatchUp(CompletableFuture<Void> done) implements Task {}

  private record Use(Runnable use) implements Task {}

  private record Joined(Pending pending, ChangeSet set, Picture picture) {}

  private enum Next {
    DONE,
    KEPT,
    ONE_BY_ONE,
    LATER
  }

  Committer(Catalog catalog, Store store, Picture picture, Duration patience) {
    this.catalog = catalog;
    this.store = store;
    this.picture = picture;
    this.loadedAt = picture.number();
    this.patience = patience;
    this.thread = Thread.ofPlatform().name("committer").start(this::run);
  }

  Picture picture() {
    return picture;
  }

  boolean isOpen() {
    return !closed && !broken;
  }

  boolean isWritable() {
    return !broken && !unreachable && !suspect;
  }

  Pending.Outcome submit(Commit commit) {
    Pending pending = new Pending(commit);
    return add(new Write(pending)) ? pending.await(patience) : new Pending.Failed();
  }

  private boolean add(Task task) {
    synchronized (queue) { // so that nothing is queued after the committer's last look
      return !closed && !broken && queue.add(task);
    }
  }

  void subscribe(Consumer<Picture> start, Subscriber subscriber) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    queue.add(new Start(start, subscriber, done));
    done.join();
  }

  void unsubscribe(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /** Asks for what others wrote; done when the picture has all that was committed by now. */
  CompletableFuture<Void> catchUp() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!add(new CatchUp(done))) {
      done.completeExceptionally(new IllegalStateException("closed"));
    }
    return done;
  }

  /** Uses the store between two batches. */
  <T> T use(Engine.StoreUse<T> use) throws StoreException {
    CompletableFuture<T> done = new CompletableFuture<>();
    boolean added =
        add(
            new Use(() -> {
              try {
                done.complete(use.on(store));
              } catch (StoreException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            }));
    if (!added) {
      throw new StoreException(
          "the store is closed", new IllegalStateException("closed"), Kind.UNREACHABLE);
    }
    try {
      return done.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof StoreException cause
          ? cause
          : new StoreException("using the store", e);
    }
  }

  private void run() {
    List<Task> tasks = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      tasks.clear();
      try {
        Task first =
            store.isShared() ? queue.poll(FOLLOW.toMillis(), TimeUnit.MILLISECONDS) : queue.take();
        if (first == null) {
          follow();
          continue;
        }
        tasks.add(first);
      } catch (InterruptedException e) {
        continue; // closing: what is queued is still written
      }
      queue.drainTo(tasks, MAX_BATCH - 1);
      serve(tasks);
    }
  }

  private void serve(List<Task> tasks) {
    List<Pending> batch = new ArrayList<>(tasks.size());
    List<CatchUp> waiting = new ArrayList<>();
    for (Task task : tasks) {
      if (task instanceof Write write) {
        batch.add(write.pending());
      } else if (task instanceof CatchUp catchUp) {
        waiting.add(catchUp);
      }
    }
    if (batch.isEmpty() && !waiting.isEmpty()) {
      follow();
    } else {
      commitOrFail(batch); // which catches up as well
    }
    waiting.forEach(one -> one.done().complete(null));
    for (Task task : tasks) {
      if (task instanceof Start start) {
        start.start().accept(picture);
        subscribers.add(start.subscriber());
        start.done().complete(null);
      } else if (task instanceof Use use) {
        use.use().run();
      }
    }
  }

  /** Moves on to what others have committed. */
  private void follow() {
    try {
      trust();
      absorb(store.since(picture.number(), Integer.MAX_VALUE));
      reached();
    } catch (StoreException e) {
      if (e.kind() == Kind.TRIMMED) {
        suspect = true; // read anew with the next look
      } else {
        lost(e);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a fault while following others", e);
      suspect = true;
    }
  }

  /** A fault of ours must not leave clients waiting, nor a picture that may be wrong in use. */
  private void commitOrFail(List<Pending> batch) {
    try {
      commit(batch);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a fault in a batch", e);
      suspect = true;
      batch.forEach(pending -> pending.end(new Pending.Failed()));
      follow();
    }
  }

  private void commit(List<Pending> batch) {
    Deque<List<Pending>> groups = new ArrayDeque<>();
    groups.add(batch);
    long pause = FIRST_PAUSE_MS;
    int thrownAway = 0;
    while (!groups.isEmpty()) {
      List<Pending> group = groups.removeFirst().stream().filter(Pending::take).toList();
      if (group.isEmpty()) {
        continue;
      }
      Next next = broken ? Next.DONE : attempt(group);
      if (next == Next.DONE || closed && next == Next.LATER) {
        group.forEach(pending -> pending.end(new Pending.Failed())); // unless ended otherwise
        continue;
      }
      group.forEach(Pending::putBack);
      if (next == Next.ONE_BY_ONE && group.size() > 1) {
        group.reversed().forEach(one -> groups.addFirst(List.of(one)));
      } else if (next == Next.ONE_BY_ONE && thrownAway++ == THROWN_AWAY_MOST) {
        group.forEach(pending -> pending.end(new Pending.Failed()));
      } else {
        groups.addFirst(group);
        if (next == Next.LATER) {
          pause(pause);
          pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
        }
      }
    }
  }

  private void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "closing while the database is waited for");
    }
  }

  private Next attempt(List<Pending> group) {
    Store.Batch batch;
    try {
      trust();
      batch = store.begin(picture.number());
      reached();
    } catch (StoreException e) {
      return notBegun(e);
    }
    List<Joined> joined = new ArrayList<>();
    Map<Pending, String> refused = Map.of();
    try {
      absorb(batch.others());
      refused = join(group, joined);
      if (joined.isEmpty()) {
        batch.rollback();
        runAgain(refused);
        return Next.DONE;
      }
      for (Joined one : joined) {
        batch.write(Stored.changeSet(one.set(), one.pending().texts()));
      }
    } catch (StoreException e) {
      return notKept(e, batch, group);
    } catch (RuntimeException e) {
      batch.rollback();
      return afterFault(e, group);
    }
    try {
      batch.commit();
    } catch (StoreException e) {
      Next next = notKept(e, batch, group);
      if (next != Next.KEPT) {
        return next;
      }
    } catch (RuntimeException e) {
      batch.rollback();
      throw e;
    }
    publish(joined);
    runAgain(refused);
    return Next.DONE;
  }

  /** What they conflict with is in the picture by now. */
  private static void runAgain(Map<Pending, String> refused) {
    refused.forEach((pending, reason) -> pending.end(new Pending.RunAgain(reason)));
  }

  private Next notBegun(StoreException e) {
    return switch (e.kind()) {
      case THROWN_AWAY -> Next.ONE_BY_ONE;
      case TRIMMED -> {
        suspect = true;
        yield Next.ONE_BY_ONE;
      }
      case UNREACHABLE -> {
        lost(e);
        yield Next.LATER;
      }
      case REFUSED, DOUBTFUL -> {
        LOG.log(Level.ERROR, "batch not begun", e);
        yield Next.DONE;
      }
    };
  }

  /** A fault of ours before anything was committed is one commit's: the others are told apart. */
  private Next afterFault(RuntimeException fault, List<Pending> group) {
    if (group.size() > 1) {
      LOG.log(Level.WARNING, "a fault in a batch, whose commits are tried one by one", fault);
      return Next.ONE_BY_ONE;
    }
    LOG.log(Level.ERROR, "a fault in a commit", fault);
    suspect = true;
    follow();
    return Next.DONE;
  }

  private Next notKept(StoreException e, Store.Batch batch, List<Pending> group) {
    return switch (e.kind()) {
      case THROWN_AWAY -> {
        batch.rollback();
        yield Next.ONE_BY_ONE;
      }
      case UNREACHABLE -> {
        batch.rollback();
        lost(e);
        yield Next.LATER;
      }
      case REFUSED, TRIMMED -> {
        batch.rollback();
        LOG.log(Level.ERROR, "batch refused", e);
        yield group.size() > 1 ? Next.ONE_BY_ONE : Next.DONE;
      }
      case DOUBTFUL -> afterDoubt(e, batch);
    };
  }

  /**
   * The commit's answer was lost. Whatever it was, it is looked up before anything is repeated; if
   * that takes too long the requests are told so, and the picture learns of it as of others' work.
   */
  private Next afterDoubt(StoreException doubt, Store.Batch batch) {
    LOG.log(Level.WARNING, "it is not known whether a batch was kept: {0}", doubt.getMessage());
    long end = System.nanoTime() + patience.toNanos();
    for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, 2 * pause)) {
      try {
        if (!store.isCommitted(batch.id())) {
          reached();
          return Next.ONE_BY_ONE;
        }
        reached();
        return Next.KEPT;
      } catch (StoreException e) {
        if (e.kind() == Kind.DOUBTFUL) {
          LOG.log(Level.ERROR, "no more changes are taken", doubt);
          broken = true;
          return Next.DONE;
        }
        lost(e);
        if (System.nanoTime() > end || closed) {
          return Next.DONE;
        }
        pause(pause);
      }
    }
  }

  private Map<Pending, String> join(List<Pending> group, List<Joined> joined) {
    Map<Pending, String> refused = new HashMap<>();
    Picture now = picture;
    for (Pending pending : group) {
      if (pending.commit().base() < loadedAt) { // guards from before are not known
        refused.put(pending, "everything was read anew");
        continue;
      }
      switch (Verdict.of(pending.commit(), now)) {
        case Verdict.Accepted accepted -> {
          joined.add(new Joined(pending, accepted.set(), accepted.picture()));
          now = accepted.picture();
        }
        case Verdict.Conflict conflict -> refused.put(pending, conflict.reason());
      }
    }
    return refused;
  }

  private void publish(List<Joined> joined) {
    picture = joined.getLast().picture();
    for (Joined one : joined) {
      tell(one.set(), one.picture());
    }
    joined.forEach(one -> one.pending().end(new Pending.Durable()));
  }

  private void absorb(List<Store.StoredChangeSet> others) throws StoreException {
    for (Store.StoredChangeSet stored : others) {
      ChangeSet set = Stored.changeSet(catalog, stored);
      picture = picture.apply(set);
      tell(set, picture);
    }
  }

  private void tell(ChangeSet set, Picture after) {
    for (Subscriber subscriber : subscribers) {
      subscriber.onChange(set, after);
    }
  }

  /** Reads everything anew if the picture may be wrong. */
  private void trust() throws StoreException {
    if (!suspect) {
      return;
    }
    Picture before = picture;
    Picture now = Stored.picture(catalog, store.load());
    picture = now;
    loadedAt = now.number();
    suspect = false;
    if (now.number() != before.number()) {
      tell(ChangeSet.between(before, now), now);
    }
    LOG.log(Level.INFO, "everything was read anew, as of change {0}", Long.toString(now.number()));
  }

  private void lost(StoreException e) {
    if (!unreachable) {
      unreachable = true;
      LOG.log(Level.ERROR, "the database is not reachable, requests wait: {0}", e.getMessage());
    }
  }

  private void reached() {
    if (unreachable) {
      unreachable = false;
      LOG.log(Level.INFO, "the database is reachable again");
    }
  }

  /** Writes what waits, then stops. */
  @Override
  public void close() {
    synchronized (queue) {
      closed = true;
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
