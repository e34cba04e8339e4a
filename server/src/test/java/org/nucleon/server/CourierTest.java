package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.nucleon.core.feature.Delivery;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.network.api.Networks;

/** Who holds a cursor, and when it moves on. */
@ResourceLock("what is logged of deliveries")
final class CourierTest {

  private static final String CURSOR = "test";
  private static final Duration LEASE = Duration.ofSeconds(3);

  @TempDir Path folder;
  private LiveServer server;
  private Engine engine;
  private final Names names = new Names();

  /** Delivers the names of new networks. */
  private static final class Names implements Delivery<String> {
    final BlockingQueue<List<String>> begun = new LinkedBlockingQueue<>();
    final BlockingQueue<String> interrupted = new LinkedBlockingQueue<>();
    final Semaphore mayEnd = new Semaphore(0);
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public String name() {
      return CURSOR;
    }

    @Override
    public Duration interval() {
      return Duration.ZERO;
    }

    @Override
    public List<String> of(ChangeSet set, View now) {
      return set.changes().stream()
          .filter(change -> change.type().equals(Networks.NETWORK) && change.after() != null)
          .map(change -> change.after().get(Networks.NAME))
          .peek(name -> {
            if (name.equals("fault")) {
              throw new IllegalStateException("a fault of ours");
            }
          })
          .toList();
    }

    @Override
    public List<String> send(List<String> items) throws IOException, InterruptedException {
      begun.add(items);
      try {
        mayEnd.acquire();
      } catch (InterruptedException e) {
        interrupted.add(items.getFirst());
        throw e;
      }
      if (failures.getAndDecrement() > 0) {
        throw new IOException("told to fail");
      }
      return items.stream().filter(name -> name.equals("later")).map(name -> "again").toList();
    }

    List<String> next() throws InterruptedException {
      List<String> items = begun.poll(60, TimeUnit.SECONDS);
      assertThat(items).as("something is sent").isNotNull();
      return items;
    }
  }

  @BeforeEach
  void start() {
    server = LiveServer.start(folder);
    engine = server.server().engine();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private OptionalLong taken(UUID other) throws StoreException {
    return engine.use(store -> store.lease(CURSOR, other, Duration.ofHours(1)));
  }

  private void make(String name) {
    server.network(name);
  }

  /** However long the other side takes to answer, no other server comes in between. */
  @Test
  void theLeaseIsKeptWhileAnAnswerIsWaitedFor() throws Exception {
    UUID other = UUID.randomUUID();
    try (Courier<String> _ = new Courier<>(engine, names, LEASE)) {
      make("a");
      assertThat(names.next()).containsExactly("a");
      long end = System.nanoTime() + LEASE.multipliedBy(2).toNanos();
      do {
        assertThat(taken(other)).isEmpty();
      } while (System.nanoTime() < end);
      names.mayEnd.release();
      make("b");
      assertThat(names.next()).containsExactly("b");
    }
    assertThat(names.interrupted.poll(60, TimeUnit.SECONDS)).isEqualTo("b");
    assertThat(taken(other)).as("let go of, before b").hasValue(engine.picture().number() - 1);
  }

  @Test
  void whoLosesTheCursorStopsInTheMiddle() throws Exception {
    UUID other = UUID.randomUUID();
    try (Courier<String> _ = new Courier<>(engine, names, LEASE)) {
      make("a");
      names.next();
      engine.use(store -> {
        store.release(CURSOR, new UUID(0, 1)); // as if it had lapsed
        return store.lease(CURSOR, other, Duration.ofHours(1));
      });
      assertThat(names.interrupted.poll(60, TimeUnit.SECONDS)).isEqualTo("a");
      make("b");
      engine.use(store -> {
        store.advance(CURSOR, other, engine.picture().number() - 1);
        store.release(CURSOR, other);
        return true;
      });
      assertThat(names.next()).as("what the other did is done").containsExactly("b");
      names.mayEnd.release();
    }
  }

  @Test
  void whatIsLeftIsSentAgainAndThenWhatFollows() throws Exception {
    try (Courier<String> _ = new Courier<>(engine, names, LEASE)) {
      names.failures.set(1);
      names.mayEnd.release(10);
      make("later");
      make("fault");
      assertThat(names.next()).as("fails").containsExactly("later");
      assertThat(names.next()).as("a part is done").contains("later");
      assertThat(names.next()).containsExactly("again");
      make("b");
      assertThat(names.next()).as("past the fault").containsExactly("b");
    }
  }
}
