package org.nucleon.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;

/** No report is lost by a server that cannot take it now. */
@Timeout(60)
final class ReporterTest {

  private static Report report(String name) {
    return new Report("guest", "switch", Toy.id(name), Map.of());
  }

  /** Fails as often as told, then takes. */
  private static final class Unwilling implements ServerLink {
    final BlockingQueue<List<Report>> taken = new LinkedBlockingQueue<>();
    private final boolean bug;
    private int refusals = 3;

    Unwilling(boolean bug) {
      this.bug = bug;
    }

    @Override
    public void watch(
        List<AgentDescription> agents, List<Resource> have, Consumer<HostUpdate> updates) {}

    @Override
    public void report(List<Report> reports) throws IOException {
      if (refusals-- > 0) {
        if (bug) {
          throw new IllegalStateException("a bug");
        }
        throw new IOException("not now");
      }
      taken.add(reports);
    }

    @Override
    public void disconnect() {}
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsAgainWhatWasNotTaken(boolean bug) throws InterruptedException {
    Unwilling server = new Unwilling(bug);
    try (Reporter reporter = new Reporter(server, Duration.ofMillis(1))) {
      reporter.report(List.of(report("a")));
      assertThat(server.taken.take()).containsExactly(report("a"));
      reporter.report(List.of(report("b")));
      assertThat(server.taken.take()).containsExactly(report("b"));
    }
  }
}
