package org.nucleon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.server.watch.HostStream;

/** Agents, and servers, are restarted while others boot guests. */
final class LostAgentBindingTest {

  private static final AgentDescription SWITCH =
      new AgentDescription("ovs", "Open vSwitch agent", "agent", "N/A", Map.of());

  @TempDir Path folder;

  private LiveServer start(String downTime) {
    return LiveServer.start(
        folder, "DEFAULT", "agent_down_time", downTime, "ml2", "mechanism_drivers", "alive");
  }

  private static Object bound(LiveServer server, String network, String host) {
    String port = server.port(network, "binding:host_id", host);
    return server.get("/ports/" + port).at("port", "binding:vif_type");
  }

  private static boolean alive(LiveServer server) {
    return (boolean) server.get("/agents?host=h1").at("agents", 0, "alive");
  }

  @Test
  void portsAreBoundWhereTheAgentWasLostAMomentAgo() {
    String network;
    try (LiveServer server = start("75")) {
      network = server.network("n");
      assertThat(bound(server, network, "h1")).as("never seen").isEqualTo("binding_failed");
      HostStream h1 = server.server().agents().connect("h1", List.of(SWITCH), Map.of());
      assertThat(bound(server, network, "h1")).isEqualTo("ovs");
      server.server().agents().disconnect(h1);
      assertThat(alive(server)).isFalse();
      assertThat(bound(server, network, "h1")).as("the agent is restarted").isEqualTo("ovs");
      server.server().agents().connect("h1", List.of(SWITCH), Map.of());
    }
    try (LiveServer server = start("75")) {
      assertThat(alive(server)).isFalse();
      assertThat(bound(server, network, "h1")).as("the server is restarted").isEqualTo("ovs");
    }
    try (LiveServer server = start("0")) {
      assertThat(bound(server, network, "h1")).as("lost for too long").isEqualTo("binding_failed");
    }
  }
}
