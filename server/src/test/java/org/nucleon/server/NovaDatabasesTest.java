package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several servers on one database tell Nova as one does. */
@Tag("os")
@ResourceLock("what is logged of deliveries")
final class NovaDatabasesTest {

  @TempDir Path folder;
  private FakeNova nova;

  @BeforeEach
  void start() throws Exception {
    nova = new FakeNova();
  }

  @AfterEach
  void changeBack() {
    TestDatabase.inUse = null;
    nova.close();
  }

  /** Whichever has the cursor tells what either has committed; the other goes on when it ends. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void oneTellsAndTheOtherGoesOn(String engine) throws Exception {
    try (TestDatabase database = new TestDatabase(engine)) {
      TestDatabase.inUse = database;
      LiveServer one = LiveServer.start(folder, nova.options());
      try (LiveServer two = LiveServer.start(folder, nova.options())) {
        String network = one.network("n");
        String port = NovaTest.port(one, network);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          NovaTest.becomes(one, port, "ACTIVE");
          NovaTest.becomes(two, port, "DOWN");
        }
        while (told.size() < 20) {
          told.addAll(nova.next().said());
        }
        one.close();
        NovaTest.becomes(two, port, "ERROR");
        told.addAll(nova.next().said());
        for (int i = 0; i < 20; i++) {
          assertThat(told.get(i))
              .isEqualTo(
                  (i % 2 == 0 ? "network-vif-plugged" : "network-vif-unplugged")
                      + " completed "
                      + port);
        }
        assertThat(told.subList(20, told.size()))
            .containsExactly("network-vif-plugged failed " + port);
      } finally {
        one.close();
      }
    }
  }

  /** A server that died has let go of nothing: its lease lapses. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void whatADeadServerLeftIsTakenOver(String engine) throws Exception {
    try (TestDatabase database = new TestDatabase(engine)) {
      TestDatabase.inUse = database;
      String port;
      try (LiveServer before = LiveServer.start(folder)) {
        UUID dead = UUID.randomUUID();
        before.server().engine().use(store -> store.lease("nova", dead, Duration.ofSeconds(3)));
        port = NovaTest.port(before, before.network("n"));
        NovaTest.rename(before, port, "a");
      }
      try (LiveServer after = LiveServer.start(folder, nova.options())) {
        NovaTest.rename(after, port, "b");
        List<String> told = new ArrayList<>();
        while (told.size() < 2) {
          told.addAll(nova.next().said());
        }
        assertThat(told).containsExactly("network-changed " + port, "network-changed " + port);
      }
    }
  }
}
