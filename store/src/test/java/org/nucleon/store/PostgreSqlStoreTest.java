package org.nucleon.store;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The store in PostgreSQL. */
@Tag("os")
final class PostgreSqlStoreTest extends ServerStoreContract {

  private static DatabaseServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new DatabaseServer("postgresql");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  DatabaseServer server() {
    return server;
  }
}
