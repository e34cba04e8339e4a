package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** With a database server in place of the embedded database everything is as it was. */
@Tag("os")
final class ServerDatabasesTest {

  @TempDir Path folder;

  @AfterEach
  void changeBack() {
    TestDatabase.inUse = null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void theApiSuitePasses(String engine) throws Exception {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    try (TestDatabase database = new TestDatabase(engine)) {
      TestDatabase.inUse = database;
      LauncherFactory.create()
          .execute(
              request()
                  .selectors(
                      selectClass(ApiLifeTest.class),
                      selectClass(ApiListTest.class),
                      selectClass(ApiErrorsTest.class),
                      selectClass(ContentionTest.class),
                      selectClass(QuotaTest.class),
                      selectClass(TagTest.class))
                  .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                  .build(),
              listener);
    }
    StringWriter failures = new StringWriter();
    listener.getSummary().printFailuresTo(new PrintWriter(failures), 3);
    assertThat(listener.getSummary().getTotalFailureCount()).as("%s", failures).isZero();
    assertThat(listener.getSummary().getTestsSucceededCount()).isGreaterThan(120);
  }

  /** Two servers, as two processes would be: what one has answered the other shows. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void twoServersOnOneDatabase(String engine) throws Exception {
    try (TestDatabase database = new TestDatabase(engine)) {
      TestDatabase.inUse = database;
      try (LiveServer one = LiveServer.start(folder);
          LiveServer two = LiveServer.start(folder)) {
        String network = one.network("n");
        String subnet = two.subnet(network, "10.0.0.0/24");
        for (int i = 0; i < 10; i++) {
          String first = one.port(network);
          assertThat(two.get("/ports/" + first).status()).isEqualTo(200);
          assertThat(two.delete("/ports/" + first).status()).isEqualTo(204);
          assertThat(one.get("/ports/" + first).status()).isEqualTo(404);
        }
        String last = two.port(network);
        assertThat(one.delete("/subnets/" + subnet).type()).isEqualTo("SubnetInUse");
        assertThat(one.delete("/ports/" + last).status()).isEqualTo(204);
        assertThat(two.delete("/networks/" + network).status()).isEqualTo(204);
      }
    }
  }
}
