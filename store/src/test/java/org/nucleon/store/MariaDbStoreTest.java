package org.nucleon.store;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The store in MariaDB. */
@Tag("os")
final class MariaDbStoreTest extends ServerStoreContract {

  private static DatabaseServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new DatabaseServer("mariadb");
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
