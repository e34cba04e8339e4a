package org.nucleon.core.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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

/** Many at once, and databases that fail: nothing lost, nothing half, nothing promised in vain. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class EngineTest {

  private static final int THREADS = 16;

  private final MemoryStore store = new MemoryStore();
  private final Engine engine = start(store);

  private static Engine start(Store store) {
    try {
      return new Engine(Things.catalog(), new Rules(), store, false);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What another process would read from the store. */
  private Picture reopened() {
    try (Engine other = start(store)) {
      return other.picture();
    }
  }

  @AfterEach
  void stop() {
    store.gate.countDown();
    engine.close();
  }

  private Resource box(int size) {
    return engine.write(
        Caller.SYSTEM, tx -> tx.create(tx.draft(Things.BOX, "p").set(Things.SIZE, size)));
  }

  private static <T> List<T> atOnce(Callable<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(
            threads.submit(() -> {
              go.await();
              return work.call();
            }));
      }
      go.countDown();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
    }
    return results;
  }

  @Test
  void losesNoUpdate() throws Exception {
    Resource box = box(0);
    atOnce(() -> {
      for (int i = 0; i < 50; i++) {
        retried(() ->
            engine.write(
                Caller.SYSTEM,
                tx ->
                    tx.update(
                        tx.get(Things.BOX, box.id()),
                        draft -> draft.set(Things.SIZE, draft.get(Things.SIZE) + 1))));
      }
      return true;
    });
    assertThat(engine.picture().get(Things.BOX, box.id()).get(Things.SIZE)).isEqualTo(THREADS * 50);
  }

  @Test
  void touchingConflictsWithNobodyAndEachTouchIsARevision() throws Exception {
    Resource box = box(7);
    atOnce(() -> {
      for (int i = 0; i < 50; i++) {
        engine.write(
            Caller.SYSTEM,
            tx -> {
              tx.touch(tx.get(Things.BOX, box.id()));
              return tx.create(tx.draft(Things.THING, "p").set(Things.IN, box.id()));
            });
      }
      return true;
    });
    Resource touched = reopened().get(Things.BOX, box.id());
    assertThat(touched.revision()).isEqualTo(1 + THREADS * 50);
    assertThat(touched.get(Things.SIZE)).isEqualTo(7);
    assertThat(engine.reruns()).isZero();
  }

  @Test
  void touchedAndChangedInOneTransactionIsOneChange() {
    Resource box = box(1);
    engine.write(
        Caller.SYSTEM,
        tx -> {
          tx.touch(box);
          return tx.update(box, draft -> draft.set(Things.SIZE, 2));
        });
    assertThat(engine.picture().get(Things.BOX, box.id()).revision()).isEqualTo(2);
    engine.write(
        Caller.SYSTEM,
        tx -> {
          tx.touch(box);
          tx.delete(tx.get(Things.BOX, box.id()));
          return box;
        });
    assertThat(engine.picture().find(Things.BOX, box.id())).isEmpty();
  }

  /** As a client does that is told to try again. */
  private static void retried(Runnable write) {
    while (true) {
      try {
        write.run();
        return;
      } catch (ApiException e) {
        assertThat(e.status()).isEqualTo(503);
      }
    }
  }

  /** Both boxes together hold at most one: whoever fills one relies on the other as it was read. */
  @Test
  void readsThatWereReliedOnStillStandAtTheCommit() throws Exception {
    for (int round = 0; round < 50; round++) {
      List<Resource> boxes = List.of(box(0), box(0));
      Random random = new Random(round);
      atOnce(() -> {
        int mine;
        synchronized (random) {
          mine = random.nextInt(2);
        }
        retried(() ->
            engine.write(
                Caller.SYSTEM,
                tx -> {
                  Resource other = tx.get(Things.BOX, boxes.get(1 - mine).id());
                  Resource own = tx.get(Things.BOX, boxes.get(mine).id());
                  tx.reliesOn(other);
                  if (other.get(Things.SIZE) == 0 && own.get(Things.SIZE) == 0) {
                    tx.update(own, draft -> draft.set(Things.SIZE, 1));
                  }
                  return true;
                }));
        return true;
      });
      int filled =
          boxes.stream()
              .mapToInt(b -> engine.picture().get(Things.BOX, b.id()).get(Things.SIZE))
              .sum();
      assertThat(filled).isEqualTo(1);
    }
  }

  /** A guarded parent counts its children exactly, although they never touch it. */
  @Test
  void guardsSeeWhatOthersAdd() throws Exception {
    for (int round = 0; round < 30; round++) {
      Resource box = box(0);
      atOnce(() -> {
        retried(() ->
            engine.write(
                Caller.SYSTEM,
                tx -> {
                  Resource parent = tx.get(Things.BOX, box.id());
                  tx.guards(parent);
                  if (tx.list(Things.IN, box.id()).size() < 3) {
                    tx.create(tx.draft(Things.THING, "p").set(Things.IN, box.id()));
                  }
                  return true;
                }));
        return true;
      });
      assertThat(engine.picture().count(Things.IN, box.id())).isEqualTo(3);
    }
  }

  /**
   * Those who rely on a box do not hinder each other, but its removal and they exclude each other.
   */
  @Test
  void removalAndRelianceExcludeEachOther() throws Exception {
    for (int round = 0; round < 50; round++) {
      Resource box = box(0);
      Random random = new Random(round);
      atOnce(() -> {
        boolean remove;
        synchronized (random) {
          remove = random.nextInt(4) == 0;
        }
        try {
          engine.write(
              Caller.SYSTEM,
              tx -> {
                Resource found =
                    tx.find(Things.BOX, box.id())
                        .orElseThrow(() -> ApiException.notFound("Gone", "gone"));
                if (!remove) {
                  tx.reliesOn(found);
                  tx.create(tx.draft(Things.THING, "p").set(Things.IN, box.id()));
                } else if (tx.list(Things.IN, box.id()).isEmpty()) {
                  tx.delete(found);
                }
                return true;
              });
        } catch (ApiException e) {
          assertThat(e.status()).isIn(404, 409, 503);
        }
        return true;
      });
      Picture picture = engine.picture();
      if (picture.find(Things.BOX, box.id()).isEmpty()) {
        assertThat(picture.list(Things.IN, box.id())).isEmpty();
      }
    }
  }

  @Test
  void choosesEveryFreeValueOnceAndConflictsWithNobody() throws Exception {
    Resource owner = box(0);
    List<List<Long>> chosen =
        atOnce(() -> {
          List<Long> mine = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            mine.add(
                engine.write(
                    Caller.SYSTEM,
                    tx -> {
                      Resource thing = tx.create(tx.draft(Things.THING, "p"));
                      return tx.claimFirstFree(EngineTest::slot, 1_000, thing.id());
                    }));
          }
          return mine;
        });
    Set<Long> all = new HashSet<>();
    chosen.forEach(all::addAll);
    assertThat(all).hasSize(THREADS * 40).doesNotContain(-1L);
    assertThat(owner.id()).isNotNull();
  }

  @Test
  void claimsGivenUpAreTakenAgainInTheSameTransaction() {
    Claim claim = slot(7);
    Resource one =
        engine.write(
            Caller.SYSTEM,
            tx -> {
              Resource thing = tx.create(tx.draft(Things.THING, "p"));
              assertThat(tx.claim(claim, thing.id())).isTrue();
              return thing;
            });
    Resource two = engine.write(Caller.SYSTEM, tx -> tx.create(tx.draft(Things.THING, "p")));
    for (Resource next : List.of(one, two, two, one)) {
      engine.write(
          Caller.SYSTEM,
          tx -> {
            tx.release(claim);
            assertThat(tx.owner(claim)).isEmpty();
            return tx.claim(claim, next.id());
          });
      assertThat(engine.picture().owner(claim)).contains(next.id());
      assertThat(reopened().owner(claim)).contains(next.id());
    }
    engine.write(
        Caller.SYSTEM,
        tx -> {
          tx.release(claim);
          tx.claim(claim, two.id());
          tx.release(claim);
          return true;
        });
    assertThat(engine.picture().owner(claim)).isEmpty();
    assertThat(reopened().owner(claim)).isEmpty();
  }

  private static Claim slot(long position) {
    return new Claim("slot", "s", "%08d".formatted(position));
  }

  /** A naive search over every position gives the same. */
  @Test
  void firstFreeIsTheFirstThatIsFree() {
    Random random = new Random(3);
    List<UUID> owners = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      int count = 1 + random.nextInt(30);
      if (random.nextBoolean() && !owners.isEmpty()) {
        UUID gone = owners.remove(random.nextInt(owners.size()));
        engine.write(
            Caller.SYSTEM,
            tx -> {
              tx.delete(tx.get(Things.THING, gone));
              return true;
            });
        continue;
      }
      List<Long> expected = new ArrayList<>();
      for (long p = 0; p < count && expected.size() < 2; p++) {
        if (engine.picture().owner(slot(p)).isEmpty()) {
          expected.add(p);
        }
      }
      while (expected.size() < 2) {
        expected.add(-1L);
      }
      List<Long> found =
          engine.write(
              Caller.SYSTEM,
              tx -> {
                Resource thing = tx.create(tx.draft(Things.THING, "p"));
                owners.add(thing.id());
                return List.of(
                    tx.claimFirstFree(EngineTest::slot, count, thing.id()),
                    tx.claimFirstFree(EngineTest::slot, count, thing.id()));
              });
      assertThat(found).as("step %s of %s", step, count).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"WRITE", "COMMIT_CERTAIN"})
  void aFailureThatKeptNothingIsToldAndGoesBy(Fault fault) {
    Resource before = box(1);
    store.fault.set(fault);
    assertThatThrownBy(() -> box(2))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
    assertThat(engine.picture().all(Things.BOX))
        .containsExactly(engine.picture().get(Things.BOX, before.id()));
    assertThat(engine.isWritable()).isTrue();
    store.fault.set(Fault.NONE);
    Resource after = box(3);
    assertThat(reopened().find(Things.BOX, after.id())).isPresent();
    assertThat(reopened().all(Things.BOX)).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"COMMIT_UNCERTAIN_KEPT", "COMMIT_UNCERTAIN_LOST"})
  void afterADoubtfulCommitNothingMoreIsTaken(Fault fault) {
    Resource before = box(1);
    store.fault.set(fault);
    assertThatThrownBy(() -> box(2)).isInstanceOf(ApiException.class);
    store.fault.set(Fault.NONE);
    assertThat(engine.isWritable()).isFalse();
    assertThatThrownBy(() -> box(3))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
    assertThat(engine.picture().all(Things.BOX)).as("still readable").hasSize(1);
    assertThat(reopened().find(Things.BOX, before.id())).isPresent();
  }

  /** Even a fault of our own in the store is answered, not waited for, and does no harm after. */
  @Test
  void aBugInTheStoreIsAnswered() {
    Resource before = box(1);
    store.fault.set(Fault.BUG);
    assertThatThrownBy(() -> box(2)).isInstanceOf(ApiException.class);
    store.fault.set(Fault.NONE);
    Resource after = box(3);
    assertThat(engine.isWritable()).isTrue();
    assertThat(engine.picture().all(Things.BOX))
        .extracting(Resource::id)
        .containsExactlyInAnyOrder(before.id(), after.id());
  }

  /** Runs all of these so that they come to the committer as one batch; what each threw, or not. */
  private List<Optional<ApiException>> inOneBatch(List<Runnable> writes) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Thread holding =
        Thread.ofPlatform()
            .start(() -> {
              try {
                engine.use(used -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return true;
                });
              } catch (StoreException e) {
                throw new IllegalStateException(e);
              }
            });
    while (holding.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    List<CompletableFuture<Optional<ApiException>>> ends = new ArrayList<>();
    for (Runnable write : writes) {
      CompletableFuture<Optional<ApiException>> end = new CompletableFuture<>();
      ends.add(end);
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  write.run();
                  end.complete(Optional.empty());
                } catch (ApiException e) {
                  end.complete(Optional.of(e));
                }
              });
      while (thread.isAlive()
          && thread.getState() != Thread.State.TIMED_WAITING) { // its commit is queued
        Thread.onSpinWait();
      }
    }
    go.countDown();
    List<Optional<ApiException>> ended = new ArrayList<>();
    for (CompletableFuture<Optional<ApiException>> end : ends) {
      ended.add(end.get());
    }
    return ended;
  }

  private static boolean isOfSize(Store.StoredChangeSet set, int size) {
    return set.changes().stream()
        .anyMatch(change -> String.valueOf(change.document()).contains("\"size\":" + size));
  }

  /** Whether the database refuses it or we trip over it: the others of its batch are kept. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatFailsTakesNoOtherWithIt(boolean refused) throws Exception {
    if (refused) {
      store.refuses = set -> isOfSize(set, 33);
    } else {
      store.trips = set -> isOfSize(set, 33);
    }
    List<Optional<ApiException>> ended =
        inOneBatch(List.of(() -> box(11), () -> box(22), () -> box(33), () -> box(44)));
    assertThat(ended.get(2).map(ApiException::status)).hasValue(503);
    assertThat(ended).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(reopened().all(Things.BOX))
        .extracting(box -> box.get(Things.SIZE))
        .containsExactlyInAnyOrder(11, 22, 44);
    assertThat(engine.isWritable()).isTrue();
  }

  /** What only conflicts with another of its batch runs again, whatever becomes of the rest. */
  @Test
  void aConflictInABatchThatFailsRunsAgain() throws Exception {
    Resource box = box(1);
    store.refuses = set -> isOfSize(set, 33);
    Runnable refused =
        () ->
            engine.write(
                Caller.SYSTEM,
                tx -> tx.update(tx.get(Things.BOX, box.id()), draft -> draft.set(Things.SIZE, 33)));
    Runnable other =
        () ->
            engine.write(
                Caller.SYSTEM,
                tx -> tx.update(tx.get(Things.BOX, box.id()), draft -> draft.set(Things.SIZE, 44)));
    List<Optional<ApiException>> ended = inOneBatch(List.of(refused, other));
    assertThat(ended.get(0).map(ApiException::status)).hasValue(503);
    assertThat(ended.get(1)).isEmpty();
    assertThat(reopened().get(Things.BOX, box.id()).get(Things.SIZE)).isEqualTo(44);
  }

  @Test
  void nobodySeesWhatIsNotYetDurable() throws Exception {
    store.gate = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      CountDownLatch ran = new CountDownLatch(1);
      Future<Resource> slow =
          threads.submit(() ->
              engine.write(
                  Caller.SYSTEM,
                  tx -> {
                    Resource made = tx.create(tx.draft(Things.BOX, "p"));
                    ran.countDown();
                    return made;
                  }));
      ran.await();
      assertThat(engine.picture().all(Things.BOX)).isEmpty();
      assertThat(slow.isDone()).isFalse();
      store.gate.countDown();
      UUID made = slow.get().id();
      assertThat(engine.picture().find(Things.BOX, made)).isPresent();
    }
  }

  @Test
  void closingWritesWhatWasTakenAndRefusesTheRest() throws Exception {
    List<Future<Resource>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < 200; i++) {
        all.add(threads.submit(() -> box(1)));
      }
      engine.close();
      int made = 0;
      for (Future<Resource> one : all) {
        try {
          one.get();
          made++;
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(ApiException.class);
        }
      }
      assertThat(store.load().resources()).hasSize(made);
    }
  }

  /** A follower that starts in the middle gets every change after its picture, in order. */
  @Test
  void followersMissNothing() throws Exception {
    List<Picture> starts = new ArrayList<>();
    List<Long> numbers = java.util.Collections.synchronizedList(new ArrayList<>());
    atOnce(() -> {
      for (int i = 0; i < 20; i++) {
        box(i);
        synchronized (starts) {
          if (starts.isEmpty() && i == 10) {
            engine.subscribe(starts::add, (set, after) -> numbers.add(set.number()));
          }
        }
      }
      return true;
    });
    long first = starts.getFirst().number() + 1;
    List<Long> expected = new ArrayList<>();
    for (long n = first; n <= engine.picture().number(); n++) {
      expected.add(n);
    }
    assertThat(numbers).isEqualTo(expected);
  }
}
