package org.nucleon.dhcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.agent.HostAgent;
import org.nucleon.agent.ServerLink;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.HostDevices;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Change;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.RouteMonitor;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** The agent's own runtime with DHCP, told by a server that is played. */
@Tag("lab")
class WholeAgentTest {
  private static final UUID GUEST = new UUID(0x4000_0000_0000_0000L, 1);
  private static final String NAMESPACE = DeviceNames.dhcpNamespace(Cloud.NETWORK);

  @TempDir Path state;
  private final Cloud cloud = new Cloud();
  private Server server;
  private HostAgent agent;

  /** Tells the agent the cloud as it is, and what changes. */
  private final class Server implements ServerLink {
    final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    final CountDownLatch end = new CountDownLatch(1);
    final CountDownLatch connected = new CountDownLatch(1);
    private volatile Consumer<HostUpdate> updates = update -> {};

    @Override
    public void watch(List<AgentDescription> agents, List<Resource> have, Consumer<HostUpdate> told)
        throws IOException {
      updates = told;
      List<Resource> all =
          cloud.picture().everything().stream().flatMap(Collection::stream).toList();
      told.accept(new HostUpdate(cloud.picture().number(), all, List.of()));
      connected.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    void tell(Change change) {
      Resource after = change.after();
      updates.accept(
          new HostUpdate(
              cloud.picture().number(),
              after == null ? List.of() : List.of(after),
              after != null
                  ? List.of()
                  : List.of(new HostUpdate.Forgotten(change.type(), change.id()))));
    }

    @Override
    public void report(List<Report> told) {
      reports.addAll(told);
    }

    @Override
    public void disconnect() {
      end.countDown();
    }
  }

  private void start() throws Exception {
    server = new Server();
    agent =
        new HostAgent(
            Cloud.HOST,
            state,
            Configuration.defaults(),
            cloud.picture().catalog(),
            List.of(new DhcpHost(), new HostDevices()),
            Drivers.CLASS_PATH,
            server);
    assertThat(server.connected.await(10, TimeUnit.SECONDS)).isTrue();
    agent.awaitFirstApplied();
  }

  @BeforeEach
  void open() throws Exception {
    start();
  }

  @AfterEach
  void close() throws Exception {
    server.tell(cloud.update(Networks.NETWORK, Cloud.NETWORK, n -> n.set(Dhcp.HOSTS, List.of())));
    assertThat(agent.ask("diff")).isEmpty();
    agent.close();
    assertThat(NetworkNamespace.exists(NAMESPACE)).isFalse();
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** The server's number and start time; empty while it is being started anew. */
  private String process() throws Exception {
    try {
      return Files.readString(
          Dnsmasq.folder(state.resolve("programs"), Cloud.NETWORK).resolve("pid"));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  @Test
  void aPortIsReportedOnceItsServerKnowsIt() throws Exception {
    server.tell(
        cloud.port(
            GUEST,
            "fa:16:3e:00:00:10",
            "10.0.0.10",
            p -> p.set(Ports.PENDING, List.of(Dhcp.PROVISIONING))));
    ServerLink.Report report = server.reports.poll(10, TimeUnit.SECONDS);
    assertThat(report)
        .isNotNull()
        .extracting(ServerLink.Report::id, ServerLink.Report::kind)
        .containsExactly(GUEST, "dhcp");
    assertThat(Dnsmasq.folder(state.resolve("programs"), Cloud.NETWORK).resolve(Dnsmasq.HOSTS))
        .content()
        .contains("10.0.0.10");
    assertThat(agent.ask("diff")).isEmpty();
  }

  @Test
  void aRestartedAgentChangesNothing() throws Exception {
    String before = process();
    assertThat(before).isNotEmpty();
    ConcurrentLinkedQueue<NetlinkEvent> events = new ConcurrentLinkedQueue<>();
    EnumSet<RouteMonitor.Group> groups =
        EnumSet.of(
            RouteMonitor.Group.LINK,
            RouteMonitor.Group.IPV4_ADDRESS,
            RouteMonitor.Group.IPV4_ROUTE);
    CountDownLatch marked = new CountDownLatch(1);
    try (EventLoop loop = EventLoop.start();
        NetworkNamespace namespace = NetworkNamespace.open(NAMESPACE);
        RouteMonitor inside =
            RouteMonitor.watch(
                loop,
                namespace,
                groups,
                event -> {
                  events.add(event);
                  marked.countDown();
                })) {
      agent.close();
      start();
      assertThat(agent.ask("diff")).isEmpty();
      assertThat(events).isEmpty();
      assertThat(process()).isEqualTo(before);
      run("ip", "-n", NAMESPACE, "link", "add", "mark0", "type", "bridge");
      assertThat(marked.await(10, TimeUnit.SECONDS)).as("the watch works").isTrue();
      assertThat(inside).isNotNull();
    }
  }

  @Test
  void whatIsRemovedByHandComesBack() throws Exception {
    assertThat(process()).isNotEmpty();
    String pid = process().split(" ")[0];
    for (String[] damage :
        List.of(
            new String[] {"kill", "-9", pid},
            new String[] {"ip", "link", "del", DeviceNames.outer(Cloud.DHCP_PORT)},
            new String[] {"ip", "netns", "del", NAMESPACE})) {
      String before = process();
      run(damage);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (process().isEmpty() || process().equals(before) || !agent.ask("diff").isEmpty()) {
        assertThat(System.nanoTime()).as(String.join(" ", damage)).isLessThan(end);
        Thread.onSpinWait();
      }
    }
  }
}
