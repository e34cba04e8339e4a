package org.nucleon.router.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.NumberStore;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.HostDevices;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.View;
import org.nucleon.host.conntrack.Conntrack;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** Two guests, a router and somebody outside, with plain bridges between them, and TCP. */
@Tag("lab")
class RouterHostTest {
  private static final String FLOATING = "192.0.2.10";
  private static final int PORT = 7777;

  @TempDir Path state;
  private final RouterCloud cloud = new RouterCloud();
  private final List<Planner> planners = new ArrayList<>();
  private final List<Applier<?>> appliers = new ArrayList<>();
  private final Map<String, NetworkNamespace> namespaces = new LinkedHashMap<>();

  private final class Host implements HostSide {
    @Override
    public Configuration configuration() {
      return Configuration.defaults();
    }

    @Override
    public <T> Collection<T> drivers(Class<T> type) {
      return List.of();
    }

    @Override
    public String host() {
      return RouterCloud.HOST;
    }

    @Override
    public Path stateFolder() {
      return state;
    }

    @Override
    public View view() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void role(AgentDescription description) {}

    @Override
    public void planner(Planner planner) {
      planners.add(planner);
    }

    @Override
    public void applier(Applier<?> applier) {
      appliers.add(applier);
    }

    @Override
    public void numbers(NumberStore store) {}

    @Override
    public void facts(String kind, Map<String, ?> facts) {}
  }

  @BeforeEach
  void open() throws Exception {
    start();
    converge();
    node("guest", "10.0.0.10/24", "10.0.0.1", DeviceNames.outer(RouterCloud.INTERFACE_PORT));
    node("other", "10.0.0.11/24", "10.0.0.1", DeviceNames.outer(RouterCloud.INTERFACE_PORT));
    node("outside", "192.0.2.1/24", null, DeviceNames.outer(RouterCloud.GATEWAY_PORT));
  }

  private void start() throws Exception {
    Host host = new Host();
    new HostDevices().join(host);
    new RouterHost().join(host);
    appliers.sort(Comparator.comparing(Applier::stage));
    for (Applier<?> applier : appliers) {
      applier.start(() -> {});
    }
  }

  private void stop() {
    appliers.reversed().forEach(Applier::close);
    appliers.clear();
    planners.clear();
  }

  @AfterEach
  void close() throws Exception {
    cloud.delete(Routers.ROUTER, RouterCloud.ROUTER);
    converge();
    stop();
    assertThat(NetworkNamespace.exists(DeviceNames.routerNamespace(RouterCloud.ROUTER))).isFalse();
    for (NetworkNamespace namespace : namespaces.values()) {
      namespace.close();
    }
    for (String name : namespaces.keySet()) {
      // The kernel removes a namespace's devices some time after its name.
      run("ip", "link", "del", name);
      run("ip", "netns", "del", name);
    }
    run("ip", "link", "del", "in0");
    run("ip", "link", "del", "out0");
  }

  private void node(String name, String address, String gateway, String device) throws Exception {
    String bridge = gateway == null ? "out0" : "in0";
    run("ip", "netns", "add", name);
    run("ip", "link", "add", bridge, "type", "bridge");
    run("ip", "link", "set", bridge, "up");
    run("ip", "link", "set", device, "master", bridge);
    run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
    run("ip", "link", "set", name, "master", bridge, "up");
    run("ip", "-n", name, "link", "set", "eth0", "up");
    run("ip", "-n", name, "addr", "add", address, "dev", "eth0");
    run("ip", "netns", "exec", name, "ethtool", "-K", "eth0", "tx", "off");
    if (gateway != null) {
      run("ip", "-n", name, "route", "add", "default", "via", gateway);
    }
    namespaces.put(name, NetworkNamespace.open(name));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private int converge() throws Exception {
    List<Item> wanted = new ArrayList<>();
    for (Planner planner : planners) {
      wanted.addAll(cloud.plan(planner).items());
    }
    int touched = 0;
    for (Applier<?> applier : appliers) {
      touched += apply(applier, wanted, true);
    }
    for (Applier<?> applier : appliers.reversed()) {
      touched += apply(applier, wanted, false);
    }
    return touched;
  }

  private static <I extends Item> int apply(Applier<I> applier, List<Item> all, boolean put)
      throws Exception {
    Map<Object, I> there = applier.read();
    Map<Object, I> wanted = new LinkedHashMap<>();
    all.stream()
        .filter(applier.items()::isInstance)
        .map(applier.items()::cast)
        .forEach(item -> wanted.put(item.key(), item));
    List<I> changed =
        put
            ? wanted.values().stream().filter(i -> !i.equals(there.get(i.key()))).toList()
            : there.values().stream().filter(i -> !wanted.containsKey(i.key())).toList();
    if (!changed.isEmpty()) {
      assertThat(put ? applier.apply(changed, List.of()) : applier.apply(List.of(), changed))
          .isEmpty();
    }
    return changed.size();
  }

  /** A connection from a node, and its other end at a node. */
  private record Call(Socket caller, Socket answerer) implements AutoCloseable {
    String seenFrom() {
      return answerer.getInetAddress().getHostAddress();
    }

    @Override
    public void close() throws IOException {
      caller.close();
      answerer.close();
    }
  }

  private Call call(String from, String address, String at) throws Exception {
    try (ServerSocket listener = namespaces.get(at).call(() -> new ServerSocket(PORT))) {
      Socket caller =
          namespaces
              .get(from)
              .call(() -> {
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress(address, PORT), 5_000);
                return socket;
              });
      return new Call(caller, listener.accept());
    }
  }

  private String seenFrom(String from, String address, String at) throws Exception {
    try (Call call = call(from, address, at)) {
      return call.seenFrom();
    }
  }

  private static String neighbour(String address) throws Exception {
    String namespace = DeviceNames.routerNamespace(RouterCloud.ROUTER);
    return run("ip", "-n", namespace, "neigh", "show", address);
  }

  @Test
  void theKernelForgetsWhoOwnedAnAddressWhenItChangesHands() throws Exception {
    assertThat(seenFrom("guest", "192.0.2.1", "outside")).isEqualTo("192.0.2.5");
    Matcher mac = Pattern.compile("lladdr (\\S+)").matcher(neighbour("10.0.0.10"));
    assertThat(mac.find()).isTrue();
    cloud.guest("10.0.0.10", mac.group(1));
    converge();
    assertThat(neighbour("10.0.0.10")).as("it knows rightly").contains(mac.group(1));
    cloud.update(
        Ports.PORT,
        RouterCloud.GUEST_PORT,
        p -> p.set(Ports.MAC_ADDRESS, MacAddress.parse("fa:16:3e:00:00:99")));
    converge();
    assertThat(neighbour("10.0.0.10")).doesNotContain(mac.group(1));
    assertThat(converge()).isZero();
    assertThat(seenFrom("guest", "192.0.2.1", "outside"))
        .as("whoever has it is found again")
        .isEqualTo("192.0.2.5");
  }

  @Test
  void everybodySeesWhoCallsAsTheyShould() throws Exception {
    assertThat(seenFrom("guest", "192.0.2.1", "outside")).isEqualTo("192.0.2.5");
    cloud.floating(FLOATING, "10.0.0.10");
    converge();
    assertThat(seenFrom("outside", FLOATING, "guest")).isEqualTo("192.0.2.1");
    assertThat(seenFrom("guest", "192.0.2.1", "outside")).isEqualTo(FLOATING);
    assertThat(seenFrom("other", "192.0.2.1", "outside")).isEqualTo("192.0.2.5");
    assertThat(seenFrom("other", FLOATING, "guest")).as("a neighbour").isEqualTo("10.0.0.1");
    assertThat(seenFrom("guest", FLOATING, "guest")).as("its own").isEqualTo(FLOATING);
  }

  @Test
  void withoutSnatGuestsKeepTheirAddressesAndFloatingIpsWork() throws Exception {
    assertThat(seenFrom("guest", "192.0.2.1", "outside")).isEqualTo("192.0.2.5");
    cloud.update(
        Routers.ROUTER,
        RouterCloud.ROUTER,
        r -> r.set(Routers.GATEWAY, new GatewayInfo(RouterCloud.EXTERNAL, false, List.of())));
    cloud.floating(FLOATING, "10.0.0.10");
    converge();
    run("ip", "-n", "outside", "route", "add", "10.0.0.0/24", "via", "192.0.2.5");
    assertThat(seenFrom("other", "192.0.2.1", "outside")).isEqualTo("10.0.0.11");
    assertThat(seenFrom("guest", "192.0.2.1", "outside")).isEqualTo(FLOATING);
    assertThat(seenFrom("outside", FLOATING, "guest")).isEqualTo("192.0.2.1");
    assertThat(seenFrom("other", FLOATING, "guest")).as("a neighbour").isEqualTo("10.0.0.1");
  }

  @Test
  void routesOfSeveralHopsAreHeldAndChanged() throws Exception {
    String namespace = DeviceNames.routerNamespace(RouterCloud.ROUTER);
    routes("10.0.0.10", "10.0.0.11");
    assertThat(converge()).isPositive();
    assertThat(converge()).as("found as it was put").isZero();
    String shown = run("ip", "-n", namespace, "route", "show", "172.16.0.0/16");
    assertThat(shown).contains("nexthop via 10.0.0.10", "nexthop via 10.0.0.11");
    routes("10.0.0.11");
    converge();
    assertThat(converge()).isZero();
    assertThat(run("ip", "-n", namespace, "route", "show", "172.16.0.0/16"))
        .contains("via 10.0.0.11")
        .doesNotContain("10.0.0.10");
    routes();
    converge();
    assertThat(run("ip", "-n", namespace, "route", "show", "172.16.0.0/16")).isEmpty();
  }

  private void routes(String... hops) {
    IpPrefix destination = IpPrefix.parse("172.16.0.0/16");
    cloud.update(
        Routers.ROUTER,
        RouterCloud.ROUTER,
        r ->
            r.set(
                Routers.ROUTES,
                Arrays.stream(hops)
                    .map(hop -> new HostRoute(destination, IpAddress.parse(hop)))
                    .toList()));
  }

  @Test
  void connectionsByAFloatingIpEndWithItAndOthersStay() throws Exception {
    cloud.floating(FLOATING, "10.0.0.10");
    converge();
    try (Call inward = call("outside", FLOATING, "guest");
        Call outward = call("guest", "192.0.2.1", "outside");
        Call stays = call("other", "192.0.2.1", "outside");
        NetworkNamespace router =
            NetworkNamespace.open(DeviceNames.routerNamespace(RouterCloud.ROUTER));
        Conntrack conntrack = Conntrack.open(router)) {
      assertThat(conntrack.list()).hasSize(3);
      cloud.delete(FloatingIps.FLOATING_IP, RouterCloud.FLOATING);
      converge();
      assertThat(conntrack.list())
          .singleElement()
          .satisfies(left -> assertThat(left.source().getHostAddress()).isEqualTo("10.0.0.11"));
      stays.caller().getOutputStream().write(42);
      assertThat(stays.answerer().getInputStream().read()).isEqualTo(42);
      assertThat(inward.seenFrom() + outward.seenFrom()).isEqualTo("192.0.2.1" + FLOATING);
    }
  }

  @Test
  void aNewAgentFindsEverythingAndTouchesNothing() throws Exception {
    cloud.floating(FLOATING, "10.0.0.10");
    converge();
    stop();
    start();
    assertThat(converge()).isZero();
  }
}
