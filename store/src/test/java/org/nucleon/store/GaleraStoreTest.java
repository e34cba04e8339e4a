package org.nucleon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.core.transaction.Store;

/** The store in MariaDB as a node of a Galera cluster. */
@Tag("os")
final class GaleraStoreTest extends ServerStoreContract {

  private static DatabaseServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new DatabaseServer("galera");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  DatabaseServer server() {
    return server;
  }

  private static String answer(Statement statement, String question) throws SQLException {
    try (ResultSet row = statement.executeQuery(question)) {
      assertThat(row.next()).isTrue();
      return row.getString(2);
    }
  }

  /** By which a server sees what another has committed on another node. */
  @Test
  void readsWaitForWhatOtherNodesHaveCommitted() throws Exception {
    DatabaseUrl url = DatabaseUrl.parse(server.fresh());
    try (Connection connection = new MariaDbDialect(url, Duration.ofSeconds(30)).connect();
        Statement statement = connection.createStatement()) {
      assertThat(answer(statement, "SHOW STATUS LIKE 'wsrep_ready'")).isEqualTo("ON");
      assertThat(answer(statement, "SHOW VARIABLES LIKE 'wsrep_sync_wait'")).isEqualTo("1");
    }
  }

  /** Servers on different nodes: whatever one has committed the other knows at once. */
  @Test
  void twoNodesAreAsOne() throws Exception {
    try (DatabaseServer cluster = new DatabaseServer("galera")) {
      String url = cluster.fresh();
      Duration patience = Duration.ofSeconds(60);
      try (Store one = ServerStore.open(DatabaseUrl.parse(url), patience);
          Store two = ServerStore.open(DatabaseUrl.parse(cluster.onSecondNode(url)), patience)) {
        UUID box = UUID.randomUUID();
        for (long number = 1; number <= 400; number++) {
          Store writer = number % 2 == 0 ? one : two;
          Store reader = number % 2 == 0 ? two : one;
          Store.Batch batch = writer.begin(Math.max(0, number - 2));
          assertThat(batch.others()).hasSize(number > 1 ? 1 : 0);
          batch.write(set(number, Map.of(), Set.of(), put(box, number, number == 1)));
          batch.commit();
          assertThat(reader.newest()).as("read on the other node").isEqualTo(number);
        }
        assertThat(two.load()).isEqualTo(one.load());
      }
    }
  }
}
