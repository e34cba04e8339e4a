package org.nucleon.nova.server;

import java.time.Duration;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.nova.api.NovaFeature;

/** Has Nova told, as the operator chose. */
public final class NovaServer implements ServerFeature {

  private static final Option<Integer> INTERVAL =
      Option.integer(
          "DEFAULT",
          "send_events_interval",
          2,
          "seconds between two requests to Nova; events meanwhile go with the next one");

  @Override
  public String name() {
    return NovaFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    Configuration options = server.configuration();
    server.delivery(
        new NovaNotifier(
            server.remote(NovaFeature.SECTION, "compute"),
            new PortEvents(
                options.get(NovaFeature.ON_STATUS_CHANGES),
                options.get(NovaFeature.ON_DATA_CHANGES)),
            Duration.ofSeconds(Math.max(0, options.get(INTERVAL)))));
  }
}
