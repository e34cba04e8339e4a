package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.resource.Resource.Head;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.Store.Contents;
import org.nucleon.core.transaction.Store.StoredChange;
import org.nucleon.core.transaction.Store.StoredChangeSet;
import org.nucleon.core.transaction.Store.StoredReference;
import org.nucleon.core.transaction.Store.StoredResource;
import org.nucleon.core.transaction.StoreException;

/** What the engine relies on in a store. */
final class SqliteStoreTest {

  private static final UUID A = UUID.randomUUID();
  private static final UUID B = UUID.randomUUID();
  private static final Claim CLAIM = new Claim("kind", "scope", "value");

  @TempDir Path folder;

  private static StoredResource resource(UUID id, long number, String document) {
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    return new StoredResource("thing", new Head(id, "p", 1, now, now, number), document);
  }

  private static StoredChange put(UUID id, long number, boolean isNew, UUID... targets) {
    List<StoredReference> references = new ArrayList<>();
    for (UUID target : targets) {
      references.add(new StoredReference("to", target));
    }
    String document = "{\"text\":\"\u00e9 ' \\n\"}";
    return new StoredChange("thing", id, resource(id, number, document), isNew, references);
  }

  private static StoredChange gone(UUID id) {
    return new StoredChange("thing", id, null, false, List.of());
  }

  private static StoredChangeSet set(
      long number, Map<Claim, UUID> claimed, Set<Claim> released, StoredChange... changes) {
    return new StoredChangeSet(number, List.of(changes), claimed, released, Set.of(), Set.of());
  }

  private static void commit(Store store, StoredChangeSet... sets) throws StoreException {
    Store.Batch batch = store.begin(0);
    try {
      for (StoredChangeSet set : sets) {
        batch.write(set);
      }
    } catch (StoreException e) {
      batch.rollback();
      throw e;
    }
    batch.commit();
  }

  private Contents reopened() throws StoreException {
    try (Store store = SqliteStore.open(folder)) {
      return store.load();
    }
  }

  @Test
  void reopeningGivesTheSame() throws StoreException {
    try (Store store = SqliteStore.open(folder)) {
      assertThat(store.load()).isEqualTo(new Contents(0, List.of(), Map.of()));
      commit(
          store,
          set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true), put(B, 1, true, A)),
          set(2, Map.of(), Set.of(), put(B, 2, false)));
      Contents contents = store.load();
      assertThat(contents.number()).isEqualTo(2);
      assertThat(contents.resources())
          .containsExactlyInAnyOrder(put(A, 1, true).after(), put(B, 2, true).after());
      assertThat(contents.claims()).containsExactly(Map.entry(CLAIM, A));
    }
    assertThat(reopened().number()).isEqualTo(2);
    assertThat(reopened().resources()).hasSize(2);
  }

  @Test
  void aBatchIsKeptWholeOrNotAtAll() throws StoreException {
    try (Store store = SqliteStore.open(folder)) {
      commit(store, set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true)));
      Store.Batch batch = store.begin(1);
      batch.write(set(2, Map.of(), Set.of(), put(B, 2, true)));
      assertThatThrownBy(() -> batch.write(set(3, Map.of(CLAIM, B), Set.of())))
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.isCertain()).isTrue());
      batch.rollback();
      assertThat(store.load().resources()).hasSize(1);
      commit(store, set(2, Map.of(), Set.of(), put(B, 2, true)));
    }
    assertThat(reopened().number()).isEqualTo(2);
  }

  @Test
  void anUncommittedBatchIsGone() throws StoreException {
    try (Store store = SqliteStore.open(folder)) {
      store.begin(0).write(set(1, Map.of(), Set.of(), put(A, 1, true)));
    }
    assertThat(reopened().resources()).isEmpty();
  }

  @Test
  void theDatabaseItselfRefusesWhatIsInUse() throws StoreException {
    try (Store store = SqliteStore.open(folder)) {
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
    try (Store store = SqliteStore.open(folder)) {
      commit(store, set(1, Map.of(CLAIM, A), Set.of(), put(A, 1, true), put(B, 1, true)));
      commit(store, set(2, Map.of(CLAIM, B), Set.of(CLAIM)));
      assertThat(store.load().claims()).containsExactly(Map.entry(CLAIM, B));
      commit(store, set(3, Map.of(CLAIM, A), Set.of(), gone(B)));
      assertThat(store.load().claims()).containsExactly(Map.entry(CLAIM, A));
    }
  }

  @Test
  void oneServerAtATime() throws StoreException {
    try (Store store = SqliteStore.open(folder)) {
      assertThatThrownBy(() -> SqliteStore.open(folder))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another server")
          .hasMessageContaining(folder.toString());
      assertThat(store.load().number()).isZero();
    }
    assertThat(reopened().number()).isZero();
  }

  @Test
  void onlyItsOwnerReadsTheFolder() throws Exception {
    Path made = folder.resolve("a/b");
    SqliteStore.open(made).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
  }

  @Test
  void saysWhatIsWrongWithAFileThatIsNoDatabase() throws Exception {
    Files.writeString(folder.resolve("nucleon.db"), "x".repeat(10_000));
    assertThatThrownBy(() -> SqliteStore.open(folder))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(folder.toString());
    Files.delete(folder.resolve("nucleon.db"));
    assertThat(reopened().number()).as("not locked any more").isZero();
  }

  /**
   * kill -9 in the middle of writing: whatever was acknowledged is there, and nothing is there by
   * half.
   */
  @Test
  void acknowledgedWritesSurviveTheProcess() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    for (int life = 0; life < 3; life++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader lines = writer.inputReader();
      for (int i = 0; i < 100 + 37 * life; i++) {
        acknowledged.addAll(List.of(lines.readLine().split(" ")));
      }
      writer.toHandle().destroyForcibly(); // what it wrote can still be read
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.length() == 73) { // the last may be torn
          acknowledged.addAll(List.of(line.split(" ")));
        }
      }
      writer.waitFor();
      Set<String> present = new HashSet<>();
      int twins = 0;
      for (StoredResource one : reopened().resources()) {
        present.add(one.head().id().toString());
        twins += one.document().contains("\"twin\":\"") ? 1 : 0;
      }
      assertThat(present).containsAll(acknowledged);
      assertThat(present).hasSize(2 * twins);
    }
  }
}
