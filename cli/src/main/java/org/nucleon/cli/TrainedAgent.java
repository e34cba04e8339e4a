package org.nucleon.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.agent.Credential;
import org.nucleon.agent.HttpsLink;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.core.net.IpAddress;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.openvswitch.api.SwitchAgent;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.watch.Enrollment;

/**
 * An agent's way to a server as {@link Train} goes it: a watch over TLS that tells of every port,
 * and a report for each. An agent at rest speaks so seldom that its code would run interpreted for
 * hours.
 */
final class TrainedAgent implements AutoCloseable {

  static final String HOST = "train";

  private static final SwitchAgent SWITCH =
      new SwitchAgent(
          Map.of(),
          Set.of("vxlan"),
          IpAddress.parse("192.0.2.1"),
          "netdev",
          "br-int",
          FirewallDriver.OPENVSWITCH);

  private final HttpsLink link;
  private final Thread watch;

  /** Connects. */
  TrainedAgent(RunningServer server, StateFolder folder) throws IOException, Refusal {
    int port = server.serveAgents(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Credential credential =
        new Credential(
            URI.create("https://127.0.0.1:" + port),
            HOST,
            new Enrollment(folder.enrolled()).enroll(HOST),
            AgentCertificate.of(folder.keystore()).pem());
    link = new HttpsLink(server.catalog(), credential, new IniConfiguration());
    watch = Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    try {
      link.watch(List.of(SWITCH.description()), List.of(), update -> {});
    } catch (IOException e) {
      System.getLogger("nucleon").log(System.Logger.Level.DEBUG, "the watch ended", e);
    }
  }

  /** Says of a port that the switch has it. */
  void report(String port) throws IOException {
    link.report(List.of(new Report("port", "switch", UUID.fromString(port), Map.of())));
  }

  @Override
  public void close() {
    link.disconnect();
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
