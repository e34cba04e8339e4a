package org.nucleon.dhcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Delivery;
import org.nucleon.core.feature.Parts;
import org.nucleon.core.feature.Preparation;
import org.nucleon.core.feature.RemoteService;
import org.nucleon.core.feature.ReportHandler;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Rules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.Routing;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DhcpFeature;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.network.server.NetworkServer;
import org.nucleon.store.SqliteStore;

/**
 * Placing on the real engine and store; every transaction runs twice, the first run is thrown away.
 */
class DhcpServerTest {
  @TempDir Path folder;
  private final Map<String, ReportHandler> reports = new HashMap<>();
  private final List<BackgroundWork> background = new ArrayList<>();
  private final List<ChangeSet> unseen = new ArrayList<>();
  private AgentRegistry registry;
  private SubCollection ofAgents;
  private Engine engine;

  private final class Server implements ServerSide {
    final Rules rules = new Rules();

    @Override
    public Configuration configuration() {
      return Configuration.defaults();
    }

    @Override
    public void rules(ResourceType type, ResourceRules added) {
      rules.add(type, added);
    }

    @Override
    public void action(ResourceType type, String name, Action action) {}

    @Override
    public void below(ResourceType type, String name, SubCollection collection) {
      if (name.equals("dhcp-networks")) {
        ofAgents = collection;
      }
    }

    @Override
    public void parts(ResourceType type, Parts parts) {}

    @Override
    public void computed(ComputedCollection collection) {}

    @Override
    public void beforeLists(ResourceType type, Preparation preparation) {}

    @Override
    public void routing(ResourceType type, Routing routing) {}

    @Override
    public void background(BackgroundWork work) {
      background.add(work);
    }

    @Override
    public void delivery(Delivery<?> delivery) {}

    @Override
    public RemoteService remote(String section, String type) {
      throw new UnsupportedOperationException(section);
    }

    @Override
    public void agents(AgentRegistry added) {
      registry = added;
    }

    @Override
    public <T> Collection<T> drivers(Class<T> type) {
      return List.of();
    }

    @Override
    public void reports(ResourceType type, String kind, ReportHandler handler) {
      reports.put(kind, handler);
    }
  }

  @BeforeEach
  void open() throws Exception {
    Catalog.Builder catalog = Catalog.builder();
    new NetworkFeature().declare(catalog);
    new DhcpFeature().declare(catalog);
    Server server = new Server();
    new NetworkServer().serve(server);
    new DhcpServer().serve(server);
    engine = new Engine(catalog.build(), server.rules, SqliteStore.open(folder), true);
    engine.subscribe(
        picture -> {},
        (set, after) -> {
          synchronized (unseen) {
            unseen.add(set);
          }
        });
    connect("h1");
    connect("h2");
  }

  private void connect(String host) {
    AgentDescription agent =
        new AgentDescription("dhcp", Dhcp.AGENT_TYPE, "neutron-dhcp-agent", "dhcp_agent", Map.of());
    write(tx -> {
      registry.connected(tx, host, List.of(agent));
      return true;
    });
  }

  private void lose(String host) {
    write(tx -> {
      registry.lost(tx, host);
      return true;
    });
  }

  private BackgroundWork.Writer writer() {
    return new BackgroundWork.Writer() {
      @Override
      public <R> R write(Function<Transaction, R> body) {
        return DhcpServerTest.this.write(body);
      }
    };
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private <R> R write(Function<Transaction, R> body) {
    return engine.write(Caller.SYSTEM, body);
  }

  /** Runs the background work until it has nothing more to do. */
  private void settle() {
    BackgroundWork.Writer writer = writer();
    while (true) {
      List<ChangeSet> sets;
      synchronized (unseen) {
        sets = List.copyOf(unseen);
        unseen.clear();
      }
      if (sets.isEmpty()) {
        return;
      }
      for (ChangeSet set : sets) {
        background.forEach(work -> work.onChange(set, engine.picture(), writer));
      }
    }
  }

  private UUID network() {
    return write(tx -> tx.create(tx.draft(Networks.NETWORK, "p1")).id());
  }

  private UUID subnet(UUID network, String cidr, boolean dhcp) {
    return write(tx -> {
      Draft subnet = tx.draft(Subnets.SUBNET, "p1");
      subnet
          .set(Subnets.NETWORK_ID, network)
          .set(Subnets.IP_VERSION, 4)
          .set(Subnets.CIDR, IpPrefix.parse(cidr))
          .set(Subnets.ENABLE_DHCP, dhcp);
      return tx.create(subnet).id();
    });
  }

  private UUID port(UUID network, String owner) {
    return write(tx -> {
      Draft port = tx.draft(Ports.PORT, "p1");
      port.set(Ports.NETWORK_ID, network).set(Ports.DEVICE_OWNER, owner);
      return tx.create(port).id();
    });
  }

  private <T> void set(ResourceType type, UUID id, Attribute<T> attribute, T value) {
    write(tx -> tx.update(tx.get(type, id), draft -> draft.set(attribute, value)));
    settle();
  }

  private Resource get(ResourceType type, UUID id) {
    return engine.picture().get(type, id);
  }

  private List<String> hosts(UUID network) {
    return get(Networks.NETWORK, network).get(Dhcp.HOSTS);
  }

  private List<Resource> dhcpPorts(UUID network) {
    return engine.picture().list(Ports.NETWORK_ID, network).stream()
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
        .toList();
  }

  private Set<UUID> served(UUID network) {
    Set<UUID> subnets = new LinkedHashSet<>();
    dhcpPorts(network)
        .forEach(
            port -> port.get(Ports.FIXED_IPS).stream().map(FixedIp::subnet).forEach(subnets::add));
    return subnets;
  }

  @Test
  void aNetworkIsPlacedWithAPortOnceItHasSomethingToServe() {
    UUID network = network();
    UUID plain = subnet(network, "10.0.0.0/24", false);
    settle();
    assertThat(hosts(network)).isEmpty();

    UUID subnet = subnet(network, "10.1.0.0/24", true);
    settle();
    assertThat(hosts(network)).hasSize(1);
    assertThat(dhcpPorts(network))
        .singleElement()
        .satisfies(port -> {
          String host = hosts(network).getFirst();
          assertThat(port.get(Binding.HOST_ID)).isEqualTo(host);
          assertThat(port.get(Ports.DEVICE_ID)).isEqualTo(Dhcp.deviceId(host, network));
          assertThat(port.project()).isEqualTo("p1");
        });
    assertThat(served(network)).containsExactly(subnet);

    set(Subnets.SUBNET, plain, Subnets.ENABLE_DHCP, true);
    assertThat(served(network)).containsExactlyInAnyOrder(subnet, plain);
    set(Subnets.SUBNET, subnet, Subnets.ENABLE_DHCP, false);
    assertThat(served(network)).containsExactly(plain);
    assertThat(dhcpPorts(network)).hasSize(1);
  }

  @Test
  void networksAreSpreadAndStayWhereTheyAre() {
    List<UUID> networks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      UUID network = network();
      networks.add(network);
      subnet(network, "10.0.0.0/24", true);
      settle();
    }
    List<String> placed = networks.stream().map(n -> hosts(n).getFirst()).toList();
    assertThat(placed).containsExactlyInAnyOrder("h1", "h1", "h2", "h2");
    lose("h1");
    networks.forEach(n -> set(Networks.NETWORK, n, Networks.NAME, "renamed"));
    assertThat(networks.stream().map(n -> hosts(n).getFirst()).toList()).isEqualTo(placed);
  }

  @Test
  void withoutALiveHostItIsPlacedWhenOneComes() {
    lose("h1");
    lose("h2");
    UUID network = network();
    subnet(network, "10.0.0.0/24", true);
    settle();
    assertThat(hosts(network)).isEmpty();
    connect("h3");
    settle();
    assertThat(hosts(network)).containsExactly("h3");
  }

  @Test
  void aPortThatWasRemovedByHandComesBack() {
    UUID network = network();
    subnet(network, "10.0.0.0/24", true);
    settle();
    Resource before = dhcpPorts(network).getFirst();
    write(tx -> {
      tx.delete(tx.get(Ports.PORT, before.id()));
      return true;
    });
    settle();
    assertThat(dhcpPorts(network)).singleElement().isNotEqualTo(before);
  }

  @Test
  void aPortWaitsForItsServerAndOnlyItsHostMayAnswer() {
    UUID network = network();
    UUID subnet = subnet(network, "10.0.0.0/24", true);
    settle();
    UUID guest = port(network, "compute:nova");
    assertThat(get(Ports.PORT, guest).get(Ports.PENDING)).contains(Dhcp.PROVISIONING);
    UUID router = port(network, DeviceOwner.ROUTER_INTERFACE);
    assertThat(get(Ports.PORT, router).get(Ports.PENDING)).doesNotContain(Dhcp.PROVISIONING);

    assertThat(report("elsewhere", guest)).isFalse();
    assertThat(get(Ports.PORT, guest).get(Ports.PENDING)).contains(Dhcp.PROVISIONING);
    assertThat(report(hosts(network).getFirst(), guest)).isTrue();
    assertThat(get(Ports.PORT, guest).get(Ports.PENDING)).containsExactly(Ports.SWITCH);

    UUID late = port(network, "compute:nova");
    set(Subnets.SUBNET, subnet, Subnets.ENABLE_DHCP, false);
    assertThat(dhcpPorts(network)).isEmpty();
    assertThat(get(Ports.PORT, late).get(Ports.PENDING)).containsExactly(Ports.SWITCH);
  }

  private boolean report(String host, UUID port) {
    return write(
        tx -> reports.get(Dhcp.PROVISIONING).report(tx, host, tx.get(Ports.PORT, port), Map.of()));
  }

  @Test
  void whatAnAdministratorGaveStaysWithoutAnythingToServe() {
    UUID network = network();
    UUID subnet = subnet(network, "10.0.0.0/24", false);
    settle();
    assertThat(hosts(network)).isEmpty();
    give(network, "h2");
    settle();
    tick();
    assertThat(hosts(network)).containsExactly("h2");
    assertThat(dhcpPorts(network)).isEmpty();
    UUID guest = port(network, "compute:nova");
    assertThat(get(Ports.PORT, guest).get(Ports.PENDING)).containsExactly(Ports.SWITCH);

    set(Subnets.SUBNET, subnet, Subnets.ENABLE_DHCP, true);
    assertThat(hosts(network)).containsExactly("h2");
    assertThat(served(network)).containsExactly(subnet);
    set(Subnets.SUBNET, subnet, Subnets.ENABLE_DHCP, false);
    tick();
    assertThat(hosts(network)).containsExactly("h2");
    assertThat(dhcpPorts(network)).isEmpty();
    UUID renamed = network();
    set(Networks.NETWORK, renamed, Networks.NAME, "of nobody");
    assertThat(hosts(renamed)).isEmpty();
  }

  @Test
  void whatIsGivenByHandFollowsAnotherHostWhenItsAgentIsSwitchedOff() {
    UUID network = network();
    give(network, "h1");
    settle();
    Resource agent = Agents.find(engine.picture(), "h1", Dhcp.AGENT_TYPE).orElseThrow();
    set(Agents.AGENT, agent.id(), Agents.ADMIN_STATE_UP, false);
    assertThat(hosts(network)).containsExactly("h2");
    assertThat(dhcpPorts(network)).isEmpty();
  }

  /** As {@code POST /agents/{id}/dhcp-networks} does. */
  @Test
  void aServersPortIsKeptForTheNextOne() {
    UUID network = network();
    subnet(network, "10.0.0.0/24", true);
    settle();
    Resource before = dhcpPorts(network).getFirst();
    String host = hosts(network).getFirst();
    write(tx -> {
      ofAgents.remove(tx, Agents.find(tx, host, Dhcp.AGENT_TYPE).orElseThrow(), network);
      return true;
    });
    settle();
    tick();
    assertThat(dhcpPorts(network))
        .singleElement()
        .satisfies(port -> {
          assertThat(port.id()).isEqualTo(before.id());
          assertThat(port.get(Ports.DEVICE_ID)).isEqualTo("reserved_dhcp_port");
          assertThat(port.get(Binding.HOST_ID)).isEmpty();
        });

    String next = host.equals("h1") ? "h2" : "h1";
    give(network, next);
    settle();
    tick();
    assertThat(dhcpPorts(network))
        .singleElement()
        .satisfies(port -> {
          assertThat(port.id()).isEqualTo(before.id());
          assertThat(port.get(Ports.DEVICE_ID)).isEqualTo(Dhcp.deviceId(next, network));
          assertThat(port.get(Binding.HOST_ID)).isEqualTo(next);
          assertThat(port.get(Ports.FIXED_IPS)).isEqualTo(before.get(Ports.FIXED_IPS));
        });
  }

  @Test
  void anOperatorChoosesAServersAddressByAReservedPort() {
    UUID network = network();
    UUID subnet = subnet(network, "10.0.0.0/24", true);
    UUID other = subnet(network, "10.1.0.0/24", true);
    UUID reserved =
        write(tx -> {
          Draft port = tx.draft(Ports.PORT, "p1");
          port.set(Ports.NETWORK_ID, network)
              .set(Ports.DEVICE_OWNER, DeviceOwner.DHCP)
              .set(Ports.DEVICE_ID, "reserved_dhcp_port")
              .set(Ports.FIXED_IPS, List.of(new FixedIp(subnet, IpAddress.parse("10.0.0.77"))));
          return tx.create(port).id();
        });
    settle();
    assertThat(dhcpPorts(network))
        .singleElement()
        .satisfies(port -> {
          assertThat(port.id()).isEqualTo(reserved);
          assertThat(port.get(Ports.FIXED_IPS))
              .contains(new FixedIp(subnet, IpAddress.parse("10.0.0.77")));
        });
    assertThat(served(network)).containsExactlyInAnyOrder(subnet, other);
  }

  private void give(UUID network, String host) {
    write(tx -> {
      Resource agent = Agents.find(tx, host, Dhcp.AGENT_TYPE).orElseThrow();
      ofAgents.add(tx, agent, Map.of("network_id", network.toString()));
      return true;
    });
  }

  private void tick() {
    background.forEach(work -> work.onPicture(engine.picture(), writer()));
    settle();
  }

  @Test
  void twoServersAtOnceMakeOnePort() {
    UUID network = network();
    subnet(network, "10.0.0.0/24", true);
    List<BackgroundWork> both =
        List.of(
            background.getLast(),
            new DhcpScheduler(Configuration.defaults(), InstantSource.system()));
    both.parallelStream().forEach(work -> work.onPicture(engine.picture(), writer()));
    settle();
    assertThat(hosts(network)).hasSize(1);
    assertThat(dhcpPorts(network)).hasSize(1);
  }
}
