package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Rules;
import org.nucleon.core.transaction.Store;
import org.nucleon.core.transaction.StoreException;

/** What holds beyond the contract where several servers share a database that can go away. */
abstract class ServerStoreContract extends StoreContract {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private String url = "";

  /** The database server that all tests of the class use. */
  abstract DatabaseServer server();

  @BeforeEach
  void makeDatabase() throws Exception {
    url = server().fresh();
  }

  @Override
  Store open() throws StoreException {
    return ServerStore.open(DatabaseUrl.parse(url), PATIENCE);
  }

  private Engine engine() throws StoreException {
    return new Engine(Writer.catalog(), new Rules(), open(), false, PATIENCE);
  }

  @Test
  void aNewerSchemaIsRefused() throws Exception {
    open().close();
    DatabaseUrl parsed = DatabaseUrl.parse(url);
    Dialect dialect =
        parsed.engine() == DatabaseUrl.Engine.MARIADB
            ? new MariaDbDialect(parsed, PATIENCE)
            : new PostgresDialect(parsed, PATIENCE);
    try (Connection connection = dialect.connect();
        Statement statement = connection.createStatement()) {
      dialect.setVersion(statement, 99);
      connection.commit();
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema 99");
  }

  @Test
  void neutronsOwnDatabaseIsLeftAlone() throws Exception {
    DatabaseUrl parsed = DatabaseUrl.parse(url);
    Dialect dialect =
        parsed.engine() == DatabaseUrl.Engine.MARIADB
            ? new MariaDbDialect(parsed, PATIENCE)
            : new PostgresDialect(parsed, PATIENCE);
    try (Connection connection = dialect.connect();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)");
      connection.commit();
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Neutron's own");
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    String wrong = url.replaceFirst("nucleon:[^@]*@", "nucleon:s3cr%3At@");
    assertThatThrownBy(() -> ServerStore.open(DatabaseUrl.parse(wrong), PATIENCE))
        .isInstanceOf(StoreException.class)
        .hasMessageNotContaining("s3cr")
        .hasMessageContaining("127.0.0.1");
  }

  /** Numbers follow each other without a gap in the order of commits, whoever wrote. */
  @Test
  void aBatchLearnsWhatOthersWrote() throws Exception {
    try (Store one = open();
        Store two = open()) {
      UUID a = UUID.randomUUID();
      Store.StoredChangeSet first =
          new Store.StoredChangeSet(
              1, List.of(), Map.of(), Set.of(), Set.of(a), Set.of(), Set.of());
      commit(one, first);
      Store.Batch batch = two.begin(0);
      assertThat(batch.others()).containsExactly(first);
      try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
        Future<Store.Batch> waiting = thread.submit(() -> one.begin(1));
        batch.write(
            new Store.StoredChangeSet(
                2, List.of(), Map.of(), Set.of(), Set.of(), Set.of(), Set.of()));
        assertThat(waiting.isDone()).as("one batch at a time").isFalse();
        batch.commit();
        assertThat(waiting.get().others())
            .extracting(Store.StoredChangeSet::number)
            .containsExactly(2L);
        waiting.get().rollback();
      }
      assertThat(two.isCommitted(batch.id())).isTrue();
      assertThat(two.isCommitted(UUID.randomUUID())).isFalse();
    }
  }

  /** No value is given twice, and what one has answered the other shows. */
  @Test
  void twoServersOnOneDatabase() throws Exception {
    try (Engine one = engine();
        Engine two = engine()) {
      List<Engine> both = List.of(one, two);
      Set<Long> given = new HashSet<>();
      List<Callable<List<Long>>> clients = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        Engine mine = both.get(client % 2);
        Engine other = both.get(1 - client % 2);
        clients.add(() -> {
          List<Long> positions = new ArrayList<>();
          for (int i = 0; i < 25; i++) {
            long position = claim(mine);
            positions.add(position);
            other.awaitNewest();
            assertThat(other.picture().owner(slot(position))).isPresent();
          }
          return positions;
        });
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        for (Future<List<Long>> client : threads.invokeAll(clients)) {
          given.addAll(client.get());
        }
      }
      assertThat(given).hasSize(200);
      assertThat(two.picture().number()).isEqualTo(one.picture().number());
      assertThat(two.picture().claims()).isEqualTo(one.picture().claims());
    }
  }

  private static long claim(Engine engine) {
    return engine.write(
        Caller.SYSTEM,
        tx -> {
          Resource thing = tx.create(tx.draft(Writer.THING, "p"));
          return tx.claimFirstFree(ServerStoreContract::slot, 1_000, thing.id());
        });
  }

  private static Claim slot(long position) {
    return new Claim("slot", "s", "%08d".formatted(position));
  }

  /** Killed and started again under load: everybody waits or is told 503, nothing is lost. */
  @Test
  void theDatabaseGoesAwayAndComesBack() throws Exception {
    ConcurrentLinkedQueue<UUID> answered = new ConcurrentLinkedQueue<>();
    AtomicBoolean enough = new AtomicBoolean();
    try (Engine engine = engine();
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < 6; client++) {
        Random random = new Random(client);
        clients.add(
            threads.submit(() -> {
              while (!enough.get()) {
                try {
                  answered.add(
                      engine.write(
                          Caller.SYSTEM, tx -> tx.create(tx.draft(Writer.THING, "p")).id()));
                  if (random.nextInt(4) == 0) {
                    engine.awaitNewest();
                  }
                } catch (ApiException e) {
                  assertThat(e.status()).isEqualTo(503);
                }
              }
            }));
      }
      for (String way : List.of("kill", "stop")) {
        awaitMore(answered, clients);
        server().tell(way);
        server().tell("start");
      }
      awaitMore(answered, clients);
      enough.set(true);
      for (Future<?> client : clients) {
        client.get();
      }
      engine.awaitNewest();
      assertThat(engine.isWritable()).isTrue();
      assertThat(engine.picture().byId(Writer.THING).keySet()).containsAll(answered);
      Set<UUID> stored = new HashSet<>();
      try (Store fresh = open()) {
        fresh.load().resources().forEach(resource -> stored.add(resource.head().id()));
      }
      assertThat(stored).isEqualTo(engine.picture().byId(Writer.THING).keySet());
    }
  }

  private static void awaitMore(ConcurrentLinkedQueue<UUID> answered, List<Future<?>> clients)
      throws Exception {
    int wanted = answered.size() + 100;
    while (answered.size() < wanted) {
      for (Future<?> client : clients) {
        if (client.isDone()) {
          client.get(); // fails the test
        }
      }
      Thread.onSpinWait();
    }
  }

  /** There and back again: the same, and only into what is empty. */
  @Test
  void copiesAnInstallation(@TempDir Path folder) throws Exception {
    UUID a = UUID.randomUUID();
    UUID b = UUID.randomUUID();
    Store.Contents contents;
    try (Store embedded = SqliteStore.open(folder.resolve("a"))) {
      commit(
          embedded,
          set(1, Map.of(new Claim("k", "s", "\u00e9 "), a), Set.of(), put(a, 1, true)),
          set(2, Map.of(), Set.of(), put(b, 2, true, a)));
      contents = embedded.load();
      try (Store target = open()) {
        assertThat(DatabaseCopy.copy(embedded, target, (table, rows) -> {})).isEqualTo(2);
        assertThat(target.load().number()).isEqualTo(2);
        assertThat(target.load().claims()).isEqualTo(contents.claims());
        assertThatThrownBy(() -> DatabaseCopy.copy(embedded, target, (table, rows) -> {}))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("not empty");
        assertThatThrownBy(() -> commit(target, set(3, Map.of(), Set.of(), gone(a))))
            .as("the reference came with it")
            .isInstanceOf(StoreException.class);
        commit(target, set(3, Map.of(), Set.of(), put(b, 3, false)));
      }
    }
    try (Store source = open();
        Store back = SqliteStore.open(folder.resolve("b"))) {
      DatabaseCopy.copy(source, back, (table, rows) -> {});
      assertThat(back.load().resources())
          .containsExactlyInAnyOrderElementsOf(source.load().resources());
      assertThat(back.load().claims()).isEqualTo(contents.claims());
    }
  }
}
