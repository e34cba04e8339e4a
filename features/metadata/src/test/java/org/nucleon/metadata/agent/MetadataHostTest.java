package org.nucleon.metadata.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.agent.HostAgent;
import org.nucleon.agent.ServerLink;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.HostDevices;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Change;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.Routers;

/**
 * The agent's own runtime listens in namespaces of two networks and a router that all have the same
 * addresses, each with a guest.
 */
@Tag("lab")
class MetadataHostTest {
  private static final String GUEST = "10.0.0.10";

  @TempDir Path state;
  private final MetadataCloud cloud = new MetadataCloud();
  private final Map<String, NetworkNamespace> guests = new LinkedHashMap<>();
  private RecordingNova nova;
  private Server server;
  private HostAgent agent;

  /** Tells the agent the cloud as it is, and what changes. */
  private final class Server implements ServerLink {
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch connected = new CountDownLatch(1);
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
    public void report(List<Report> told) {}

    @Override
    public void disconnect() {
      end.countDown();
    }
  }

  /** The namespaces and devices that features/dhcp and features/router would plan. */
  private static final class Surroundings implements HostFeature {
    @Override
    public String name() {
      return "network";
    }

    @Override
    public void join(HostSide host) {
      host.planner(new SurroundingsPlanner());
    }
  }

  private Configuration configuration() {
    Map<String, String> options =
        Map.of(
            "nova_metadata_port",
            Integer.toString(nova.port()),
            "metadata_proxy_shared_secret",
            "s3cret",
            "enable_isolated_metadata",
            "true");
    return new Configuration() {
      @Override
      public <T> T get(Option<T> option) {
        return option.parser().apply(options.getOrDefault(option.name(), option.defaultText()));
      }
    };
  }

  private void start() throws Exception {
    server = new Server();
    agent =
        new HostAgent(
            MetadataCloud.HOST,
            state,
            configuration(),
            cloud.picture().catalog(),
            List.of(new MetadataHost(), new HostDevices(), new Surroundings()),
            Drivers.CLASS_PATH,
            server);
    assertThat(server.connected.await(10, TimeUnit.SECONDS)).isTrue();
    agent.awaitFirstApplied();
  }

  @BeforeEach
  void open() throws Exception {
    nova = new RecordingNova();
    cloud.served(1, "10.0.0.0/24");
    cloud.served(2, "10.0.0.0/24");
    cloud.served(3, "10.0.0.0/24");
    cloud.addRouter(1);
    cloud.attached(1, 1, 3, "10.0.0.1");
    for (int n = 1; n <= 3; n++) {
      cloud.guest(n, n, GUEST, "instance-" + n, "project-" + n);
    }
    start();
    guest("one", "10.0.0.2", DeviceNames.outer(MetadataCloud.dhcpPort(1)));
    guest("two", "10.0.0.2", DeviceNames.outer(MetadataCloud.dhcpPort(2)));
    guest("three", "10.0.0.1", DeviceNames.outer(MetadataCloud.routerPort(1)));
  }

  @AfterEach
  void close() throws Exception {
    for (int n = 1; n <= 3; n++) {
      server.tell(
          cloud.update(
              Networks.NETWORK, MetadataCloud.network(n), w -> w.set(Dhcp.HOSTS, List.of())));
    }
    server.tell(
        cloud.update(Routers.ROUTER, MetadataCloud.router(1), r -> r.set(Routers.HOST, "h2")));
    assertThat(agent.ask("diff")).isEmpty();
    agent.close();
    nova.close();
    assertThat(NetworkNamespace.list())
        .noneMatch(name -> name.startsWith("qdhcp-") || name.startsWith("qrouter-"));
    for (Map.Entry<String, NetworkNamespace> guest : guests.entrySet()) {
      guest.getValue().close();
      // The kernel removes a namespace's devices some time after its name.
      run("ip", "link", "del", "g-" + guest.getKey());
      run("ip", "netns", "del", guest.getKey());
      attempt("ip", "link", "del", "sw-" + guest.getKey());
    }
  }

  private void guest(String name, String way, String device) throws Exception {
    String bridge = "sw-" + name;
    run("ip", "netns", "add", name);
    run("ip", "link", "add", bridge, "type", "bridge");
    run("ip", "link", "set", bridge, "up");
    run("ip", "link", "set", device, "master", bridge);
    run("ip", "link", "add", "g-" + name, "type", "veth", "peer", "name", "eth0", "netns", name);
    run("ip", "link", "set", "g-" + name, "master", bridge, "up");
    run("ip", "-n", name, "link", "set", "eth0", "up");
    run("ip", "-n", name, "addr", "add", GUEST + "/24", "dev", "eth0");
    run("ip", "-n", name, "route", "add", "169.254.169.254", "via", way);
    run("ip", "netns", "exec", name, "ethtool", "-K", "eth0", "tx", "off");
    guests.put(name, NetworkNamespace.open(name));
  }

  private static void run(String... command) throws Exception {
    String output = attempt(command);
    assertThat(output).as(String.join(" ", command)).isEqualTo("0");
  }

  private static String attempt(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    return status == 0 ? "0" : output;
  }

  private String ask(String guest) throws Exception {
    return ask(guest, "169.254.169.254", 80);
  }

  private String ask(String guest, String address, int port) throws Exception {
    try (Socket socket =
        guests
            .get(guest)
            .call(() -> {
              Socket connected = new Socket();
              connected.connect(new InetSocketAddress(address, port), 5_000);
              return connected;
            })) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nX-Instance-ID: forged\r\n\r\n"
                  .getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(answer.lastIndexOf('\n') + 1);
    }
  }

  @Test
  void theSameAddressOnEveryNetworkIsItsOwnGuest() throws Exception {
    assertThat(ask("one")).isEqualTo("id instance-1");
    assertThat(nova.next().header("X-tenant-id")).isEqualTo("project-1");
    assertThat(ask("two")).isEqualTo("id instance-2");
    assertThat(nova.next().header("X-tenant-id")).isEqualTo("project-2");
    assertThat(ask("three")).isEqualTo("id instance-3");
    RecordingNova.Asked last = nova.next();
    assertThat(last.header("X-tenant-id")).isEqualTo("project-3");
    assertThat(last.header("X-forwarded-for")).isEqualTo(GUEST);
    assertThat(last.headers().toString()).doesNotContain("forged");
  }

  @Test
  void aChangedPortIsAskedForAsItIsNow() throws Exception {
    assertThat(ask("one")).isEqualTo("id instance-1");
    server.tell(
        cloud.update(Ports.PORT, MetadataCloud.guest(1), p -> p.set(Ports.DEVICE_ID, "another")));
    assertThat(agent.ask("diff")).isEmpty();
    assertThat(ask("one")).isEqualTo("id another");
  }

  @Test
  void aNewAgentListensAgain() throws Exception {
    assertThat(ask("one")).isEqualTo("id instance-1");
    agent.close();
    List<Exception> refused = new ArrayList<>();
    try {
      ask("one");
    } catch (ConnectException e) {
      refused.add(e);
    }
    assertThat(refused).hasSize(1);
    start();
    assertThat(ask("one")).isEqualTo("id instance-1");
    assertThat(ask("three")).isEqualTo("id instance-3");
    assertThat(agent.ask("diff")).isEmpty();
  }

  /** A connection that is open when the namespace goes is no reason for it to stay. */
  @Test
  void aNamespaceRemovedByHandComesBackWithItsListener() throws Exception {
    String namespace = DeviceNames.routerNamespace(MetadataCloud.router(1));
    Object before = NetworkNamespace.identity(namespace).orElseThrow();
    try (Socket open = guests.get("three").call(() -> new Socket("169.254.169.254", 80))) {
      open.getOutputStream().write('G');
      run("ip", "netns", "del", namespace);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (NetworkNamespace.identity(namespace).filter(i -> !i.equals(before)).isEmpty()
          || !agent.ask("diff").isEmpty()) {
        assertThat(System.nanoTime()).as("back").isLessThan(end);
        Thread.onSpinWait();
      }
    }
    run("ip", "link", "set", DeviceNames.outer(MetadataCloud.routerPort(1)), "master", "sw-three");
    assertThat(ask("three")).isEqualTo("id instance-3");
  }

  /** By the link's own address, which is not another link's of the same number. */
  @Test
  void aDeviceRemovedByHandComesBackWithItsListener() throws Exception {
    server.tell(cloud.addAddress(MetadataCloud.routerPort(1), 3, "2001:db8::1"));
    String outer = DeviceNames.outer(MetadataCloud.routerPort(1));
    assertThat(agent.ask("diff")).isEmpty();
    for (int round = 0; round < 2; round++) {
      long mac =
          cloud.picture().get(Ports.PORT, MetadataCloud.guest(3)).get(Ports.MAC_ADDRESS).value();
      run("ip", "link", "set", outer, "master", "sw-three");
      run("ip", "-n", "three", "link", "set", "eth0", "down");
      run("ip", "-n", "three", "link", "set", "eth0", "address", new MacAddress(mac).toString());
      run("ip", "netns", "exec", "three", "sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=0");
      run("ip", "-n", "three", "link", "set", "eth0", "up");
      int link = index("three", "eth0");
      assertThat(ask("three", "fe80::a9fe:a9fe%" + link, 80)).isEqualTo("id instance-3");
      if (round == 0) {
        run("ip", "link", "del", outer);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(Path.of("/sys/class/net", outer)) || !agent.ask("diff").isEmpty()) {
          assertThat(System.nanoTime()).as("back").isLessThan(end);
          Thread.onSpinWait();
        }
      }
    }
  }

  private int index(String guest, String device) throws Exception {
    try (Netlink netlink = Netlink.open(guests.get(guest))) {
      return netlink.links().stream()
          .filter(link -> link.name().equals(device))
          .findFirst()
          .orElseThrow()
          .index();
    }
  }

  @Test
  void nobodyListensElsewhereInTheNamespace() throws Exception {
    assertThat(ask("three")).isEqualTo("id instance-3");
    for (int port : new int[] {80, 9697}) {
      List<Exception> refused = new ArrayList<>();
      try {
        ask("three", "10.0.0.1", port);
      } catch (ConnectException | NoRouteToHostException e) {
        refused.add(e);
      }
      assertThat(refused).as("port %d of the router's own address", port).hasSize(1);
    }
  }
}
