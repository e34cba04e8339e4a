package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.Store.Contents;
import org.nucleon.core.transaction.Store.StoredChange;
import org.nucleon.core.transaction.Store.StoredChangeSet;
import org.nucleon.core.transaction.Store.StoredReference;
import org.nucleon.core.transaction.Store.StoredResource;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;

/** What the engine relies on in a store, whichever database it is in. */
abstract class StoreContract {

  static final UUID A = UUID.randomUUID();
  private static final UUID B = UUID.randomUUID();
  private static final Claim CLAIM = new Claim("kind", "scope", "value");

  /** The store of the same, still empty database, opened anew. */
  abstract Store open() throws StoreException;

  private static final String DOCUMENT = "{\"text\":\"\u00e9 \uD83D\uDE00 ' \\n \"}";

  private static Head head(UUID id, long number) {
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    return new Head(id, "p", 1, now, now, number);
  }

  private static StoredResource resource(UUID id, long number) {
    return new StoredResource("thing", head(id, number), DOCUMENT);
  }

  static StoredChange put(UUID id, long number, boolean isNew, UUID... targets) {
    List<StoredReference> references = new ArrayList<>();
    for (UUID target : targets) {
      references.add(new StoredReference("to", target));
    }
    return new StoredChange("thing", head(id, number), DOCUMENT, "{}", isNew, references);
  }

  static StoredChange gone(UUID id) {
    return new StoredChange("thing", head(id, 1), null, DOCUMENT, false, List.of());
  }

  static StoredChangeSet set(
      long number, Map<Claim, UUID> claimed, Set<Claim> released, StoredChange... changes) {
    return new StoredChangeSet(
        number, List.of(changes), claimed, released, Set.of(A), Set.of(B), Set.of(A));
  }

  static void commit(Store store, StoredChangeSet... sets) throws StoreException {
    Store.Batch batch = store.begin(sets[0].number() - 1);
    for (StoredChangeSet set : sets) {
      batch.write(set);
    }
    batch.commit();
  }

  Contents reopened() throws StoreException {
    try (Store store = open()) {
      return store.load();
    }
  }

  @Test
  void reopeningGivesTheSame() throws StoreException {
    try (Store store = open()) {
      assertThat(store.load()).isEqualTo(new Contents(0, List.of(), Map.of()));
      commit(
          store,
          set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true), put(B, 1, true, A)),
          set(2, Map.of(), Set.of(), put(B, 2, false)));
      Contents contents = store.load();
      assertThat(contents.number()).isEqualTo(2);
      assertThat(contents.resources()).containsExactlyInAnyOrder(resource(A, 1), resource(B, 2));
      assertThat(contents.claims()).containsExactly(Map.entry(CLAIM, A));
    }
    assertThat(reopened().number()).isEqualTo(2);
    assertThat(reopened().resources()).hasSize(2);
  }

  @Test
  void aBatchIsKeptWholeOrNotAtAll() throws StoreException {
    try (Store store = open()) {
      commit(store, set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true)));
      Store.Batch batch = store.begin(1);
      batch.write(set(2, Map.of(), Set.of(), put(B, 2, true)));
      batch.write(set(3, Map.of(CLAIM, B), Set.of()));
      assertThatThrownBy(batch::commit)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
      batch.rollback();
      assertThat(store.load().resources()).hasSize(1);
      commit(store, set(2, Map.of(), Set.of(), put(B, 2, true)));
    }
    assertThat(reopened().number()).isEqualTo(2);
  }

  @Test
  void anUncommittedBatchIsGone() throws StoreException {
    try (Store store = open()) {
      store.begin(0).write(set(1, Map.of(), Set.of(), put(A, 1, true)));
    }
    assertThat(reopened().resources()).isEmpty();
  }

  @Test
  void theDatabaseItselfRefusesWhatIsInUse() throws StoreException {
    try (Store store = open()) {
      commit(store, set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true), put(B, 1, true, A)));
      for (StoredChangeSet wrong :
          List.of(
              set(2, Map.of(), Set.of(), gone(A)),
              set(2, Map.of(), Set.of(), put(B, 2, false, UUID.randomUUID())),
              set(2, Map.of(CLAIM, B), Set.of()))) {
        assertThatThrownBy(() -> commit(store, wrong)).isInstanceOf(StoreException.class);
      }
      commit(store, set(2, Map.of(), Set.of(), gone(A), gone(B)));
      assertThat(store.load().claims()).as("went with their owner").isEmpty();
    }
  }

  @Test
  void claimsPassFromOneToAnotherInOneChange() throws StoreException {
    try (Store store = open()) {
      commit(store, set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true), put(B, 1, true)));
      commit(store, set(2, Map.of(CLAIM, B), Set.of(CLAIM)));
      assertThat(store.load().claims()).containsExactly(Map.entry(CLAIM, B));
      commit(store, set(3, Map.of(CLAIM, A), Set.of(), gone(B)));
      assertThat(store.load().claims()).containsExactly(Map.entry(CLAIM, A));
    }
  }

  /** What a batch takes back in itself never reaches the tables, and all of it the log. */
  @Test
  void aBatchComesToWhatItsChangeSetsComeTo() throws StoreException {
    UUID c = UUID.randomUUID();
    Claim other = new Claim("kind", "scope", "other ");
    try (Store store = open()) {
      commit(store, set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true)));
      commit(
          store,
          set(2, Map.of(other, B), Set.of(), put(B, 2, true, A), put(c, 2, true, B)),
          set(3, Map.of(), Set.of(), put(c, 3, false)),
          set(4, Map.of(), Set.of(), gone(B)),
          set(5, Map.of(other, c), Set.of(CLAIM), put(c, 5, false, A)),
          set(6, Map.of(CLAIM, c), Set.of()));
      Contents contents = store.load();
      assertThat(contents.resources()).containsExactlyInAnyOrder(resource(A, 1), resource(c, 5));
      assertThat(contents.claims()).isEqualTo(Map.of(CLAIM, c, other, c));
      assertThat(store.since(0, 10))
          .extracting(StoredChangeSet::number)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(store.since(4, 1)).extracting(StoredChangeSet::number).containsExactly(5L);
      assertThatThrownBy(() -> commit(store, set(7, Map.of(), Set.of(), gone(A))))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void theLogGivesBackWhatWasWritten() throws StoreException {
    StoredChangeSet first = set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true));
    StoredChangeSet second = set(2, Map.of(), Set.of(CLAIM), gone(A));
    try (Store store = open()) {
      commit(store, first);
      commit(store, second);
      assertThat(store.since(0, 10)).containsExactly(first, second);
      assertThat(store.since(2, 10)).isEmpty();
      assertThat(store.newest()).isEqualTo(2);
    }
  }

  @Test
  void aCursorIsOneServersUntilItsTimeIsOver() throws StoreException {
    UUID one = UUID.randomUUID();
    UUID two = UUID.randomUUID();
    Duration hour = Duration.ofHours(1);
    try (Store store = open()) {
      commit(store, set(1, Map.of(), Set.of(), put(A, 1, true)));
      assertThat(store.lease("c", one, hour)).as("from now on").hasValue(1);
      store.advance("c", one, 7);
      assertThat(store.lease("c", one, hour)).hasValue(7);
      assertThat(store.lease("c", two, hour)).isEmpty();
      store.advance("c", two, 9);
      assertThat(store.lease("d", two, hour)).as("another cursor").hasValue(1);
      store.release("c", one);
      assertThat(store.lease("c", two, Duration.ofMillis(-1))).hasValue(7);
      assertThat(store.lease("c", one, hour)).as("lapsed").hasValue(7);
    }
  }

  /** Numbers leave out what lies between: only they say how long the log is. */
  @Test
  void theLogIsKeptForACursorUpToALimit() throws StoreException {
    UUID server = UUID.randomUUID();
    Duration hour = Duration.ofHours(1);
    try (Store store = open()) {
      commit(store, set(1, Map.of(), Set.of(), put(A, 1, true)));
      assertThat(store.lease("slow", server, hour)).hasValue(1);
      assertThat(store.lease("quick", server, hour)).hasValue(1);
      commit(store, set(2, Map.of(), Set.of(), put(A, 2, false)));
      jump(store, 150_000);
      assertThat(store.since(1, 1)).as("kept").extracting(StoredChangeSet::number).contains(2L);
      assertThatThrownBy(() -> store.since(0, 1))
          .as("before every cursor")
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRIMMED));
      store.advance("quick", server, 150_000);
      jump(store, 250_000);
      assertThatThrownBy(() -> store.since(1, 1))
          .as("past the limit")
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRIMMED));
      assertThat(store.lease("slow", server, hour)).as("given up").hasValue(250_000);
      assertThat(store.lease("quick", server, hour)).as("within the limit").hasValue(150_000);
    }
  }

  private static void jump(Store store, long number) throws StoreException {
    Store.Batch batch = store.begin(store.newest());
    batch.write(set(number, Map.of(), Set.of(), put(A, number, false)));
    batch.commit();
  }
}
