package org.nucleon.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.server.LiveServer;

/** A host that lost its power says no goodbye: its connection looks open for long. */
final class SilentHostTest {

  private static final AgentDescription L3 =
      new AgentDescription("l3", "L3 agent", "neutron-l3-agent", "l3_agent", Map.of());

  @TempDir Path folder;

  @Test
  void whoIsNotHeardForTooLongIsLostAndOthersAreNot() {
    try (LiveServer server = LiveServer.start(folder, "DEFAULT", "agent_down_time", "1")) {
      AgentService agents = server.server().agents();
      for (String host : List.of("silent", "heard", "here")) {
        agents.connect(host, List.of(L3), Map.of());
      }
      agents.heard("silent");
      long end = System.nanoTime() + 20_000_000_000L;
      do {
        agents.heard("heard"); // and the one in this process needs not be
        assertThat(System.nanoTime()).as("it is lost").isLessThan(end);
      } while (alive(server, "silent"));
      assertThat(alive(server, "heard")).isTrue();
      assertThat(alive(server, "here")).isTrue();
    }
  }

  private static boolean alive(LiveServer server, String host) {
    return (boolean) server.get("/agents?host=" + host).at("agents", 0, "alive");
  }
}
