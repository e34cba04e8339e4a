package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.TagFilter.excludeTags;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** With another backend in place of ML2 and Open vSwitch everything else is as it was. */
final class FakeBackendTest {

  @TempDir Path folder;

  @BeforeEach
  void exchange() {
    System.setProperty(LiveServer.FAKE_BACKEND, "true");
  }

  @AfterEach
  void changeBack() {
    System.clearProperty(LiveServer.FAKE_BACKEND);
  }

  @Test
  void theBackendIsTheOther() {
    try (LiveServer server = LiveServer.start(folder)) {
      String port = server.port(server.network("n"), "binding:host_id", "h");
      assertThat(server.get("/ports/" + port).at("port", "binding:vif_type")).isEqualTo("fake");
      assertThat(server.get("/extensions/provider").status()).isEqualTo(404);
    }
  }

  @Test
  void theApiSuitePasses() {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            request()
                .selectors(
                    selectClass(ApiLifeTest.class),
                    selectClass(ApiListTest.class),
                    selectClass(ApiErrorsTest.class),
                    selectClass(ApiHttpTest.class),
                    selectClass(ContentionTest.class),
                    selectClass(QuotaTest.class),
                    selectClass(TagTest.class))
                .filters(excludeTags(LiveServer.ML2))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build(),
            listener);
    StringWriter failures = new StringWriter();
    listener.getSummary().printFailuresTo(new PrintWriter(failures), 3);
    assertThat(listener.getSummary().getTotalFailureCount()).as("%s", failures).isZero();
    assertThat(listener.getSummary().getTestsSucceededCount()).isGreaterThan(150);
  }
}
