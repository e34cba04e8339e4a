package org.nucleon.agent.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.device.RouteItem.Hop;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.nftables.Data;
import org.nucleon.host.nftables.DataType;
import org.nucleon.host.nftables.Expression;
import org.nucleon.host.nftables.Family;
import org.nucleon.host.nftables.Field;
import org.nucleon.host.nftables.Hook;
import org.nucleon.host.nftables.NftChain;
import org.nucleon.host.nftables.NftRule;
import org.nucleon.host.nftables.NftSet;
import org.nucleon.host.nftables.NftTable;

/** One of every kind of item, against the kernel. */
@Tag("lab")
class HostDevicesTest {
  private static final UUID ID = UUID.fromString("0123abcd-4567-89ab-cdef-0123456789ab");
  private static final String ROUTER = DeviceNames.routerNamespace(ID);
  private static final String INNER = DeviceNames.routerInterface(ID);
  private static final String OUTER = DeviceNames.outer(ID);

  @TempDir Path state;
  private Appliers agent;

  @BeforeEach
  void start() throws Exception {
    agent = new Appliers(state);
  }

  @AfterEach
  void stop() throws Exception {
    agent.converge(List.of());
    agent.close();
  }

  private List<Item> everything() {
    return List.of(
        new NamespaceItem(ROUTER, true),
        new DeviceItem(ROUTER, INNER, OUTER, MacAddress.parse("fa:16:3e:00:00:01"), 1450, Ipv6.OFF),
        new AddressItem(ROUTER, INNER, IpPrefix.parse("10.0.0.1/24")),
        new AddressItem(ROUTER, INNER, IpPrefix.parse("10.0.1.1/24")),
        new RouteItem(
            ROUTER,
            IpPrefix.parse("0.0.0.0/0"),
            new Hop.Gateway(InetAddress.ofLiteral("172.16.0.1"))),
        new RouteItem(ROUTER, IpPrefix.parse("172.16.0.1/32"), new Hop.OnLink(INNER)),
        new NatItem(ROUTER, table(Map.of(Data.ip("192.0.2.10"), Data.ip("10.0.0.10")))),
        program("one"));
  }

  private List<Item> withIpv6(Ipv6 kind) {
    return List.of(
        new NamespaceItem(ROUTER, true),
        new DeviceItem(ROUTER, INNER, OUTER, MacAddress.parse("fa:16:3e:00:00:01"), 1450, kind),
        new AddressItem(ROUTER, INNER, IpPrefix.parse("2001:db8:1::1/64")),
        new RouteItem(
            ROUTER,
            IpPrefix.parse("::/0"),
            new Hop.LinkLocalGateway(InetAddress.ofLiteral("fe80::1"), INNER)),
        new RouteItem(
            ROUTER,
            IpPrefix.parse("2001:db8:2::/64"),
            new Hop.Gateway(InetAddress.ofLiteral("2001:db8:1::2"))),
        new RouteItem(
            ROUTER,
            IpPrefix.parse("2001:db8:3::/64"),
            new Hop.Gateways(
                List.of(
                    InetAddress.ofLiteral("2001:db8:1::2"),
                    InetAddress.ofLiteral("2001:db8:1::3")))));
  }

  @Test
  void ipv6IsThereAtOnceAndIsFoundEqualByTheNextAgent() throws Exception {
    agent.converge(withIpv6(Ipv6.PLANNED));
    assertThat(inRouter("ip", "-6", "addr", "show", INNER))
        .contains("2001:db8:1::1/64", "fe80::f816:3eff:fe00:1/64")
        .doesNotContain("tentative");
    assertThat(inRouter("ip", "-6", "route"))
        .contains("default via fe80::1 dev " + INNER, "2001:db8:2::/64 via 2001:db8:1::2");
    assertThat(run("ip", "-6", "addr", "show", OUTER)).isEmpty();
    agent.close();
    agent = new Appliers(state);
    assertThat(agent.converge(withIpv6(Ipv6.PLANNED))).isEmpty();
    inRouter("ip", "-6", "route", "del", "default");
    inRouter("ip", "addr", "del", "2001:db8:1::1/64", "dev", INNER);
    agent.repair(withIpv6(Ipv6.PLANNED));
    agent.doubtAll();
    assertThat(agent.converge(withIpv6(Ipv6.ADVERTISED))).isEqualTo(Map.of("put DeviceItem", 1));
    agent.doubtAll();
    assertThat(agent.converge(withIpv6(Ipv6.ADVERTISED))).isEmpty();
    List<Item> without = List.copyOf(withIpv6(Ipv6.OFF).subList(0, 2));
    agent.converge(without);
    assertThat(inRouter("ip", "-6", "addr", "show", INNER)).isEmpty();
    agent.doubtAll();
    assertThat(agent.converge(without)).isEmpty();
  }

  private static NftTable table(Map<Data, Data> floating) {
    return new NftTable(
        Family.IP,
        "nucleon",
        List.of(
            new NftChain(
                "prerouting",
                new Hook(Hook.Type.NAT, Hook.Point.PREROUTING, -100, false),
                List.of(
                    NftRule.of(new Expression.DestinationByMap(Field.IP_DESTINATION, "inward"))))),
        List.of(NftSet.map("inward", DataType.IPV4, DataType.IPV4, floating)));
  }

  /** A program that shows that it serves, reads a file anew by SIGHUP, and says so. */
  private ProgramItem program(String told) {
    Path folder = state.resolve("listener");
    String script =
        "cd "
            + folder
            + "; trap 'cp told heard' HUP; cp told heard; >ready; while :; do sleep 1000 & wait $!; done";
    return new ProgramItem(
        folder,
        ROUTER,
        INNER,
        List.of("/bin/sh", "-c", script),
        "ready",
        Map.of("fixed", "1"),
        Map.of("told", told),
        new InitialFiles(Map.of("kept", told)));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static String inRouter(String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", ROUTER));
    words.addAll(List.of(command));
    return run(words.toArray(String[]::new));
  }

  private static List<Item> replaced(List<Item> items, Item by) {
    List<Item> changed = new ArrayList<>(items);
    changed.removeIf(item -> item.getClass() == by.getClass() && item.key().equals(by.key()));
    changed.add(by);
    return changed;
  }

  @Test
  void whatIsPutIsThereAndIsFoundEqualByTheNextAgent() throws Exception {
    agent.converge(everything());
    assertThat(inRouter("ip", "-4", "addr", "show", INNER))
        .contains("mtu 1450", "10.0.0.1/24", "10.0.1.1/24", "state UP");
    assertThat(inRouter("ip", "link", "show", INNER)).contains("fa:16:3e:00:00:01");
    assertThat(inRouter("ip", "-6", "addr", "show", INNER)).isEmpty();
    assertThat(inRouter("ip", "route")).contains("default via 172.16.0.1 dev " + INNER);
    assertThat(inRouter("nft", "list", "table", "ip", "nucleon")).contains("192.0.2.10");
    assertThat(run("ip", "link", "show", OUTER)).contains("mtu 1450", "state UP", "nucleon");
    assertThat(run("ip", "-6", "addr", "show", OUTER)).isEmpty();
    assertThat(run("ethtool", "-k", OUTER)).contains("tx-checksumming: off");
    assertThat(inRouter("ethtool", "-k", INNER)).contains("tx-checksumming: off");
    assertThat(inRouter("sysctl", "-n", "net.ipv4.ip_forward").strip()).isEqualTo("1");

    agent.close();
    agent = new Appliers(state);
    assertThat(agent.converge(everything())).isEmpty();
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    String before = run("ip", "link");
    agent.converge(everything());
    Files.writeString(state.resolve("listener/leases"), "kept by the program");
    String process = Files.readString(state.resolve("listener/pid")).split(" ")[0];
    assertThat(Path.of("/proc", process)).exists();
    agent.converge(List.of());
    assertThat(NetworkNamespace.exists(ROUTER)).isFalse();
    assertThat(run("ip", "link")).isEqualTo(before);
    assertThat(state).isEmptyDirectory();
    assertThat(Path.of("/proc", process)).doesNotExist();
  }

  /** CVE-2017-7543: what the rules rely on is read back with everything else. */
  @ParameterizedTest
  @CsvSource({
    "net.ipv4.ip_forward, 0",
    "net.ipv4.conf.all.send_redirects, 1",
    "net.ipv4.conf.default.send_redirects, 1",
    "net.ipv4.conf.all.promote_secondaries, 0",
    "net.ipv6.conf.all.disable_ipv6, 0",
    "net.ipv6.conf.default.disable_ipv6, 0"
  })
  void kernelParametersAreSetBack(String parameter, String wrong) throws Exception {
    agent.converge(everything());
    String right = inRouter("sysctl", "-n", parameter).strip();
    inRouter("sysctl", "-w", parameter + "=" + wrong);
    assertThat(inRouter("sysctl", "-n", parameter).strip()).isEqualTo(wrong).isNotEqualTo(right);
    agent.doubtAll();
    assertThat(agent.converge(everything())).as("what differed").isNotEmpty();
    assertThat(inRouter("sysctl", "-n", parameter).strip()).isEqualTo(right);
    assertThat(inRouter("ip", "-6", "addr", "show", INNER)).isEmpty();
  }

  @Test
  void whatIsChangedByHandIsToldAndRepaired() throws Exception {
    agent.converge(everything());
    String kill = "kill -9 $(cut -d' ' -f1 " + state.resolve("listener/pid") + ")";
    List<String[]> damages =
        List.of(
            new String[] {"ip", "-n", ROUTER, "addr", "del", "10.0.1.1/24", "dev", INNER},
            new String[] {"ip", "-n", ROUTER, "addr", "add", "10.9.9.9/32", "dev", INNER},
            new String[] {"ip", "-n", ROUTER, "route", "del", "default"},
            new String[] {"ip", "-n", ROUTER, "route", "replace", "172.16.0.1", "dev", "lo"},
            new String[] {"ip", "-n", ROUTER, "link", "set", INNER, "down"},
            new String[] {"ip", "-n", ROUTER, "link", "set", INNER, "mtu", "1300"},
            new String[] {"ip", "link", "set", OUTER, "down"},
            new String[] {"ip", "link", "del", OUTER},
            new String[] {
              "ip", "netns", "exec", ROUTER, "nft", "flush", "map", "ip", "nucleon", "inward"
            },
            new String[] {"ip", "netns", "exec", ROUTER, "nft", "delete", "table", "ip", "nucleon"},
            new String[] {"sh", "-c", kill},
            new String[] {"ip", "netns", "del", ROUTER});
    for (String[] damage : damages) {
      agent.converge(everything());
      agent.calm();
      assertThat(run(damage)).as(String.join(" ", damage)).isEmpty();
      agent.repair(everything());
      agent.doubtAll();
      assertThat(agent.converge(everything())).as(String.join(" ", damage)).isEmpty();
    }
  }

  @Test
  void ownChangesOfAddressesRoutesAndTranslationAreNoDrift() throws Exception {
    agent.converge(everything());
    agent.calm();
    List<Item> changed = new ArrayList<>(everything());
    changed.removeIf(item -> item instanceof AddressItem);
    changed.add(new AddressItem(ROUTER, INNER, IpPrefix.parse("10.0.0.1/24")));
    changed.add(new AddressItem(ROUTER, INNER, IpPrefix.parse("10.0.2.1/24")));
    changed.add(
        new RouteItem(
            ROUTER,
            IpPrefix.parse("10.7.0.0/16"),
            new Hop.Gateway(InetAddress.ofLiteral("10.0.2.9"))));
    changed.replaceAll(
        item -> item instanceof NatItem ? new NatItem(ROUTER, table(Map.of())) : item);
    agent.converge(changed);
    run("ip", "-n", ROUTER, "link", "set", INNER, "alias", "last");
    agent.awaitDrift(DeviceItem.class);
    assertThat(agent.drifted()).isSubsetOf(DeviceItem.class, RouteItem.class);
  }

  @Test
  void aChangedFileIsReadAnewByTheSameProcess() throws Exception {
    agent.converge(everything());
    String before = Files.readString(state.resolve("listener/pid"));
    assertThat(agent.converge(replaced(everything(), program("two"))))
        .isEqualTo(Map.of("put ProgramItem", 1));
    assertThat(Files.readString(state.resolve("listener/pid"))).isEqualTo(before);
    assertThat(run("sh", "-c", "until grep -q two " + state + "/listener/heard; do :; done"))
        .isEmpty();
  }

  @Test
  void whatAProgramBeginsWithIsItsOwnFromThenOn() throws Exception {
    Path kept = state.resolve("listener/kept");
    agent.converge(everything());
    assertThat(kept).hasContent("one");
    assertThat(agent.converge(everything())).isEmpty();
    Files.writeString(kept, "changed by the program");
    run("sh", "-c", "kill -9 $(cut -d' ' -f1 " + state.resolve("listener/pid") + ")");
    agent.awaitDrift(ProgramItem.class);
    assertThat(agent.converge(replaced(everything(), program("two")))).isNotEmpty();
    assertThat(kept).hasContent("changed by the program");
  }

  @Test
  void aProgramThatEndsAtOnceIsNotConfirmed() throws Exception {
    agent.converge(List.of(new NamespaceItem(ROUTER, false)));
    try (var loop = org.nucleon.host.namespace.EventLoop.start();
        Namespaces namespaces = new Namespaces(loop)) {
      ProgramApplier programs = new ProgramApplier(state, namespaces, loop);
      ProgramItem broken =
          new ProgramItem(
              state.resolve("broken"),
              ROUTER,
              null,
              List.of("/bin/sh", "-c", "echo cannot do that; exit 3"),
              "ready",
              Map.of(),
              Map.of());
      assertThat(programs.apply(List.of(broken), List.of()))
          .containsOnlyKeys(broken.key())
          .allSatisfy((key, why) -> assertThat(why).contains("cannot do that"));
      programs.close();
    }
  }

  @Test
  void aDeviceThatIsNotOursStays() throws Exception {
    run("ip", "link", "add", OUTER, "type", "bridge");
    try {
      agent.converge(List.of(new NamespaceItem(ROUTER, true)));
      try (var loop = org.nucleon.host.namespace.EventLoop.start();
          Namespaces namespaces = new Namespaces(loop)) {
        DeviceApplier devices = new DeviceApplier(namespaces, loop);
        DeviceItem item =
            new DeviceItem(
                ROUTER, INNER, OUTER, MacAddress.parse("fa:16:3e:00:00:01"), 1450, Ipv6.OFF);
        assertThat(devices.apply(List.of(item), List.of())).containsOnlyKeys(item.key());
        devices.apply(List.of(), List.of(item));
        devices.close();
      }
      assertThat(run("ip", "link", "show", OUTER)).contains(OUTER);
    } finally {
      run("ip", "link", "del", OUTER);
    }
  }
}
