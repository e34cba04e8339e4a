package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.Store.StoredChangeSet;
import org.nucleon.core.transaction.Store.StoredResource;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.StoreException.Kind;

/** The store in the embedded database. */
final class SqliteStoreTest extends StoreContract {

  @TempDir Path folder;

  @Override
  Store open() throws StoreException {
    return SqliteStore.open(folder);
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("nucleon.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  /** A day after a change the log has it no more, unless a cursor is not past it. */
  @Test
  void theLogIsTrimmedByAge() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    try (Store store =
        new JdbcStore(new SqliteDialect(folder.resolve("aged.db")), () -> {}, now::get)) {
      commit(store, set(1, Map.of(), Set.of(), put(A, 1, true)));
      commit(store, set(2, Map.of(), Set.of(), put(A, 2, false)));
      now.updateAndGet(time -> time.plus(Duration.ofHours(23)));
      commit(store, set(3, Map.of(), Set.of(), put(A, 3, false)));
      assertThat(store.since(0, 10)).hasSize(3);
      UUID server = UUID.randomUUID();
      assertThat(store.lease("c", server, Duration.ofHours(1))).hasValue(3);
      now.updateAndGet(time -> time.plus(Duration.ofHours(1)));
      commit(store, set(4, Map.of(), Set.of(), put(A, 4, false)));
      assertThatThrownBy(() -> store.since(0, 10))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRIMMED));
      assertThat(store.since(1, 10))
          .extracting(StoredChangeSet::number)
          .containsExactly(2L, 3L, 4L);
      now.updateAndGet(time -> time.plus(Duration.ofDays(2)));
      commit(store, set(5, Map.of(), Set.of(), put(A, 5, false)));
      assertThat(store.since(3, 10)).as("kept for the cursor").hasSize(2);
      assertThatThrownBy(() -> store.since(2, 10)).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void aNewerSchemaIsRefused() throws Exception {
    open().close();
    sql("PRAGMA user_version = 99");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema 99");
  }

  /** As the first release left it, with a row in every table. */
  @Test
  void anOlderSchemaIsUpgradedAndACopyKept() throws Exception {
    String id = "6f8b0f0e-3a53-4e0e-8a53-0c6ad8a3d001";
    sql(
        "CREATE TABLE resource (id TEXT PRIMARY KEY, type TEXT NOT NULL, project TEXT NOT NULL, revision INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE claim (kind TEXT NOT NULL, scope TEXT NOT NULL, value TEXT NOT NULL, owner TEXT NOT NULL REFERENCES resource ON DELETE CASCADE, PRIMARY KEY (kind, scope, value)) WITHOUT ROWID",
        "CREATE INDEX claim_owner ON claim (owner)",
        "CREATE TABLE reference (owner TEXT NOT NULL REFERENCES resource ON DELETE CASCADE, target TEXT NOT NULL REFERENCES resource, role TEXT NOT NULL, PRIMARY KEY (owner, target, role)) WITHOUT ROWID",
        "CREATE INDEX reference_target ON reference (target)",
        "CREATE TABLE change (number INTEGER NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, document TEXT, PRIMARY KEY (number, position)) WITHOUT ROWID",
        "CREATE TABLE counter (number INTEGER NOT NULL)",
        "INSERT INTO counter VALUES (41)",
        "INSERT INTO resource VALUES ('%s', 'thing', 'p', 3, 1, 2, 41, '{}')".formatted(id),
        "INSERT INTO claim VALUES ('k', 's', 'v', '%s')".formatted(id),
        "INSERT INTO change VALUES (41, 0, 'thing', '%s', '{}')".formatted(id),
        "PRAGMA user_version = 1");
    try (Store store = open()) {
      Store.Contents contents = store.load();
      assertThat(contents.number()).isEqualTo(41);
      assertThat(contents.resources())
          .extracting(one -> one.head().id())
          .hasToString("[" + id + "]");
      assertThat(contents.claims()).hasSize(1);
      assertThat(store.since(41, 1)).isEmpty();
    }
    assertThat(folder.resolve("nucleon.db.schema1")).exists();
    open().close();
  }

  @Test
  void oneServerAtATime() throws StoreException {
    try (Store store = open()) {
      assertThatThrownBy(this::open)
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
    assertThatThrownBy(this::open)
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
