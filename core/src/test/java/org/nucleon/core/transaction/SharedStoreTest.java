package org.nucleon.core.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.MemoryStore;
import org.nucleon.core.MemoryStore.Fault;
import org.nucleon.core.Things;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Claim;
import org.nucleon.core.state.Picture;

/** Several servers on one database that fails in every way: one truth, nothing answered is lost. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SharedStoreTest {

  private static final Fault[] PASSING = {
    Fault.UNREACHABLE,
    Fault.COMMIT_CERTAIN,
    Fault.COMMIT_THROWN_AWAY,
    Fault.COMMIT_UNCERTAIN_KEPT,
    Fault.COMMIT_UNCERTAIN_LOST,
    Fault.COMMIT_LATE,
    Fault.BUG
  };

  private final MemoryStore.Truth truth = new MemoryStore.Truth();
  private final List<Engine> engines = new ArrayList<>();

  private Engine server(MemoryStore store, Duration patience) throws StoreException {
    Engine engine = new Engine(Things.catalog(), new Rules(), store, false, patience);
    engines.add(engine);
    return engine;
  }

  @AfterEach
  void stop() {
    engines.forEach(Engine::close);
  }

  private static Resource box(Engine engine) {
    return engine.write(Caller.SYSTEM, tx -> tx.create(tx.draft(Things.BOX, "p")));
  }

  @Test
  void aWriteAnsweredByOneIsSeenOnTheOther() throws Exception {
    Engine one = server(new MemoryStore(truth), Duration.ofSeconds(10));
    Engine two = server(new MemoryStore(truth), Duration.ofSeconds(10));
    for (int i = 0; i < 50; i++) {
      Resource made = box(one);
      two.awaitNewest();
      assertThat(two.picture().find(Things.BOX, made.id())).isPresent();
      two.write(
          Caller.SYSTEM,
          tx -> {
            tx.delete(tx.get(Things.BOX, made.id()));
            return true;
          });
      one.awaitNewest();
      assertThat(one.picture().find(Things.BOX, made.id())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"COMMIT_UNCERTAIN_KEPT", "COMMIT_LATE"})
  void aCommitWhoseAnswerWasLostIsLookedUpAndNotRepeated(Fault fault) throws Exception {
    MemoryStore store = new MemoryStore(truth);
    Engine engine = server(store, Duration.ofSeconds(10));
    store.fault.set(fault);
    Resource made = box(engine);
    store.fault.set(Fault.NONE);
    assertThat(new MemoryStore(truth).load().resources())
        .extracting(resource -> resource.head().id())
        .containsExactly(made.id());
    assertThat(engine.isWritable()).isTrue();
  }

  @Test
  void aRequestWaitsForTheDatabaseForSoLongOnly() throws Exception {
    MemoryStore store = new MemoryStore(truth);
    Engine engine = server(store, Duration.ofMillis(300));
    store.fault.set(Fault.UNREACHABLE);
    assertThatThrownBy(() -> box(engine))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
    assertThatThrownBy(engine::awaitNewest)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
    assertThat(engine.isWritable()).isFalse();
    store.fault.set(Fault.NONE);
    Resource made = box(engine);
    assertThat(engine.picture().all(Things.BOX))
        .extracting(Resource::id)
        .containsExactly(made.id());
    assertThat(engine.isWritable()).isTrue();
  }

  /** A server that was away for longer than the log goes back reads everything, and says so. */
  @Test
  void whoComesTooLateForTheLogReadsEverything() throws Exception {
    MemoryStore away = new MemoryStore(truth);
    Engine late = server(away, Duration.ofSeconds(10));
    Resource gone = box(late);
    List<Picture> told = Collections.synchronizedList(new ArrayList<>());
    List<Picture> followed = new ArrayList<>();
    late.subscribe(
        followed::add,
        (set, after) -> {
          followed.add(followed.getLast().apply(set));
          told.add(after);
        });
    truth.keepOnly(3);
    try (Engine other = new Engine(Things.catalog(), new Rules(), new MemoryStore(truth), false)) {
      other.write(
          Caller.SYSTEM,
          tx -> {
            tx.delete(tx.get(Things.BOX, gone.id()));
            for (int i = 0; i < 3; i++) {
              tx.claim(new Claim("k", "s", "" + i), tx.create(tx.draft(Things.BOX, "p")).id());
            }
            return true;
          });
      for (int i = 0; i < 10; i++) {
        box(other);
      }
    }
    late.awaitNewest();
    assertThat(late.picture().all(Things.BOX)).hasSize(13);
    assertThat(late.picture().find(Things.BOX, gone.id())).isEmpty();
    late.subscribe(picture -> {}, (set, after) -> {}); // after what is being told
    assertThat(followed.getLast().byId(Things.BOX).keySet())
        .isEqualTo(late.picture().byId(Things.BOX).keySet());
    assertThat(followed.getLast().claims()).isEqualTo(late.picture().claims());
  }

  /**
   * Random histories over three servers with every fault: no value is claimed twice, no write that
   * was answered is lost, every follower sees every change once and in order, all end up the same.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneTruthWhateverFails(long seed) throws Exception {
    List<List<Long>> numbers = new ArrayList<>();
    List<MemoryStore> stores = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Random random = new Random(seed * 10 + i);
      MemoryStore store = new MemoryStore(truth);
      stores.add(store);
      Engine engine = server(store, Duration.ofSeconds(20));
      List<Long> seen = Collections.synchronizedList(new ArrayList<>());
      numbers.add(seen);
      engine.subscribe(picture -> {}, (set, after) -> seen.add(set.number()));
      store.faults =
          () -> {
            synchronized (random) {
              return random.nextInt(10) == 0 ? PASSING[random.nextInt(PASSING.length)] : Fault.NONE;
            }
          };
    }
    ConcurrentHashMap<Long, UUID> given = new ConcurrentHashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(9)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < 9; client++) {
        Engine engine = engines.get(client % 3);
        Engine other = engines.get((client + 1) % 3);
        clients.add(
            threads.submit(() -> {
              for (int i = 0; i < 20; i++) {
                claimOne(engine, other, given);
              }
            }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
    stores.forEach(store -> store.faults = () -> Fault.NONE);
    for (Engine engine : engines) {
      engine.awaitNewest();
      assertThat(engine.picture().number()).isEqualTo(engines.getFirst().picture().number());
      assertThat(engine.picture().claims()).isEqualTo(engines.getFirst().picture().claims());
    }
    given.forEach((position, owner) ->
        assertThat(engines.getFirst().picture().owner(slot(position))).contains(owner));
    for (List<Long> seen : numbers) {
      assertThat(seen).isSorted().doesNotHaveDuplicates();
    }
  }

  private static void claimOne(Engine engine, Engine other, ConcurrentHashMap<Long, UUID> given) {
    try {
      record Got(long position, UUID owner) {}
      Got got =
          engine.write(
              Caller.SYSTEM,
              tx -> {
                Resource thing = tx.create(tx.draft(Things.THING, "p"));
                return new Got(
                    tx.claimFirstFree(SharedStoreTest::slot, 500, thing.id()), thing.id());
              });
      assertThat(given.putIfAbsent(got.position(), got.owner())).as("given twice").isNull();
      other.awaitNewest();
      assertThat(other.picture().owner(slot(got.position()))).contains(got.owner());
    } catch (ApiException e) {
      assertThat(e.status()).isEqualTo(503);
    }
  }

  private static Claim slot(long position) {
    return new Claim("slot", "s", "%08d".formatted(position));
  }
}
