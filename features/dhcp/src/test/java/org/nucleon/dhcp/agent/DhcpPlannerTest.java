package org.nucleon.dhcp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceItem;
import org.nucleon.agent.device.Ipv6;
import org.nucleon.agent.device.NamespaceItem;
import org.nucleon.agent.device.ProgramItem;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Picture;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DnsNames;
import org.nucleon.dhcp.api.ExtraDhcpOption;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Ipv6Mode;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** What is planned for a network's DHCP server, as tables. */
class DhcpPlannerTest {
  private static final UUID GUEST = new UUID(0x4000_0000_0000_0000L, 1);
  private static final String NAMESPACE = "qdhcp-" + Cloud.NETWORK;

  private final Cloud cloud = new Cloud();
  private final DhcpPlanner planner =
      new DhcpPlanner(
          new Dnsmasq(Path.of("/state/programs"), 600, "openstacklocal", List.of()),
          new IsolatedMetadata(false, false));

  private <I extends Item> List<I> planned(Class<I> type) throws Exception {
    List<I> items = new ArrayList<>();
    for (Host.Planned plan : Host.plan(planner, cloud.picture()).values()) {
      plan.items().stream().filter(type::isInstance).map(type::cast).forEach(items::add);
    }
    return items;
  }

  private List<String> options() throws Exception {
    return options(planned(ProgramItem.class).getFirst());
  }

  private static List<String> options(ProgramItem program) {
    return program
        .reloaded()
        .get("options")
        .lines()
        .map(line -> line.replace("tag:subnet-" + Cloud.SUBNET + ",", ""))
        .toList();
  }

  @Test
  void aServerHasItsNamespaceDeviceAddressAndProgram() throws Exception {
    assertThat(planned(NamespaceItem.class)).containsExactly(new NamespaceItem(NAMESPACE, false));
    assertThat(planned(DeviceItem.class))
        .singleElement()
        .satisfies(device -> {
          assertThat(device.name()).isEqualTo("ns-30000000-00");
          assertThat(device.outerName()).isEqualTo("tap30000000-00");
          assertThat(device.mtu()).isEqualTo(1450);
        });
    assertThat(planned(AddressItem.class))
        .extracting(item -> item.prefix().toString())
        .containsExactly("10.0.0.2/24");
    ProgramItem program = planned(ProgramItem.class).getFirst();
    assertThat(program.namespace()).isEqualTo(NAMESPACE);
    assertThat(program.command())
        .startsWith("dnsmasq", "--keep-in-foreground")
        .contains(
            "--dhcp-range=set:subnet-" + Cloud.SUBNET + ",10.0.0.0,static,255.255.255.0,600s",
            "--dhcp-option-force=option:mtu,1450",
            "--interface=ns-30000000-00");
  }

  /** As Neutron does it: a guest may have its lease from another host's server. */
  @Test
  void aServerBeginsWithTheLeasesThatItWouldGive() throws Exception {
    serve6(Ipv6Mode.DHCPV6_STATEFUL, "2001:db8::/64", "2001:db8::2");
    assertThat(given()).as("of IPv6").hasSize(1);
    assertThat(leases()).as("but not what it is called by DHCPv6").isEmpty();
    cloud.update(
        Ports.PORT,
        GUEST,
        p ->
            p.set(
                Ports.FIXED_IPS,
                List.of(
                    new FixedIp(Cloud.SUBNET, IpAddress.parse("10.0.0.10")),
                    new FixedIp(Cloud.OTHER_SUBNET, IpAddress.parse("2001:db8::10")))));
    assertThat(leases()).isEqualTo("0 fa:16:3e:00:00:10 10.0.0.10 * *\n");
  }

  private String leases() throws Exception {
    return planned(ProgramItem.class).getFirst().initial().contents().get(Dnsmasq.LEASES);
  }

  @Test
  void optionsFollowTheSubnet() throws Exception {
    assertThat(options()).containsExactly("option:dns-server,10.0.0.2", "option:router,10.0.0.1");
    cloud.update(
        Subnets.SUBNET,
        Cloud.SUBNET,
        s ->
            s.set(Subnets.GATEWAY_IP, null)
                .set(Subnets.DNS_NAMESERVERS, List.of(IpAddress.parse("192.0.2.53"))));
    assertThat(options()).containsExactly("option:dns-server,192.0.2.53", "option:router");
    cloud.update(
        Subnets.SUBNET,
        Cloud.SUBNET,
        s ->
            s.set(Subnets.DNS_NAMESERVERS, List.of(IpAddress.parse("0.0.0.0")))
                .set(
                    Subnets.HOST_ROUTES,
                    List.of(
                        new HostRoute(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("10.0.0.7")))));
    assertThat(options())
        .as("no name server, and a way out that is no gateway")
        .containsExactly(
            "option:dns-server",
            "option:router,10.0.0.7",
            "option:classless-static-route,0.0.0.0/0,10.0.0.7",
            "249,0.0.0.0/0,10.0.0.7");
    List<IpAddress> order = List.of(IpAddress.parse("192.0.2.9"), IpAddress.parse("192.0.2.1"));
    cloud.update(Subnets.SUBNET, Cloud.SUBNET, s -> s.set(Subnets.DNS_NAMESERVERS, order));
    assertThat(options()).as("as given").contains("option:dns-server,192.0.2.9,192.0.2.1");
    cloud.update(
        Subnets.SUBNET,
        Cloud.SUBNET,
        s ->
            s.set(Subnets.GATEWAY_IP, IpAddress.parse("10.0.0.1"))
                .set(
                    Subnets.HOST_ROUTES,
                    List.of(
                        new HostRoute(
                            IpPrefix.parse("172.16.0.0/16"), IpAddress.parse("10.0.0.9")))));
    cloud.subnet(Cloud.OTHER_SUBNET, "10.1.0.0/24", null, s -> s.set(Subnets.ENABLE_DHCP, false));
    String routes = "172.16.0.0/16,10.0.0.9,10.1.0.0/24,0.0.0.0,0.0.0.0/0,10.0.0.1";
    assertThat(options()).contains("option:classless-static-route," + routes, "249," + routes);
  }

  @Test
  void guestsWithoutARouterAreSentToTheServerForMetadata() throws Exception {
    DhcpPlanner leading =
        new DhcpPlanner(
            new Dnsmasq(Path.of("/state/programs"), 600, "openstacklocal", List.of()),
            new IsolatedMetadata(true, false));
    Group server = new Group("dhcp", Cloud.NETWORK);
    String routes = "169.254.169.254/32,10.0.0.2,0.0.0.0/0,10.0.0.1";
    ProgramItem isolated = program(leading, server);
    assertThat(options(isolated))
        .contains("option:classless-static-route," + routes, "249," + routes);

    Picture before = cloud.picture();
    Change attached =
        cloud.port(
            GUEST,
            "fa:16:3e:00:00:01",
            "10.0.0.1",
            p -> p.set(Ports.DEVICE_OWNER, DeviceOwner.ROUTER_INTERFACE));
    Set<Group> groups = new LinkedHashSet<>();
    leading.affected(attached, before, cloud.picture(), groups::add);
    assertThat(groups).contains(server);
    ProgramItem routed = program(leading, server);
    assertThat(options(routed)).containsExactlyElementsOf(options());
    assertThat(routed.command()).as("reloaded, not restarted").isEqualTo(isolated.command());
  }

  private ProgramItem program(DhcpPlanner of, Group server) throws Exception {
    return Host.plan(of, cloud.picture(), server).items().stream()
        .filter(ProgramItem.class::isInstance)
        .map(ProgramItem.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereSeveralServeGuestsAskThemAllForNames() throws Exception {
    ProgramItem alone = planned(ProgramItem.class).getFirst();
    cloud.update(Networks.NETWORK, Cloud.NETWORK, n -> n.set(Dhcp.HOSTS, List.of("h0", "h1")));
    Picture before = cloud.picture();
    Change another =
        cloud.port(
            GUEST,
            "fa:16:3e:00:00:03",
            "10.0.0.3",
            p ->
                p.set(Ports.DEVICE_OWNER, DeviceOwner.DHCP)
                    .set(Ports.DEVICE_ID, Dhcp.deviceId("h0", Cloud.NETWORK)));
    Set<Group> groups = new LinkedHashSet<>();
    planner.affected(another, before, cloud.picture(), groups::add);
    assertThat(groups).contains(new Group("dhcp", Cloud.NETWORK));
    ProgramItem together = planned(ProgramItem.class).getFirst();
    assertThat(options(together)).contains("option:dns-server,10.0.0.2,10.0.0.3");
    assertThat(together.command()).as("reloaded, not restarted").isEqualTo(alone.command());
  }

  @Test
  void portsInServedSubnetsHaveEntriesAndThoseThatWaitAreReported() throws Exception {
    cloud.port(
        GUEST,
        "fa:16:3e:00:00:10",
        "10.0.0.10",
        p -> p.set(Ports.PENDING, List.of(Ports.SWITCH, Dhcp.PROVISIONING)));
    assertThat(given())
        .extracting(HostEntryItem::line)
        .containsExactly("fa:16:3e:00:00:10,host-10-0-0-10,10.0.0.10");
    assertThat(planned(HostEntryItem.class))
        .extracting(entry -> entry.nameLine("example.org"))
        .as("the server has a name as well")
        .containsExactlyInAnyOrder(
            "10.0.0.2 host-10-0-0-2.example.org host-10-0-0-2",
            "10.0.0.10 host-10-0-0-10.example.org host-10-0-0-10");
    Group group = new Group("dhcp-port", GUEST);
    for (String name : List.of("web", "web.openstacklocal.")) {
      Picture before = cloud.picture();
      Change named = cloud.update(Ports.PORT, GUEST, p -> p.set(DnsNames.OF_PORT, name));
      Set<Group> groups = new LinkedHashSet<>();
      planner.affected(named, before, cloud.picture(), groups::add);
      assertThat(groups).as("the server runs on").containsExactly(group);
      assertThat(given()).extracting(HostEntryItem::name).containsExactly("web");
    }
    cloud.update(Ports.PORT, GUEST, p -> p.set(DnsNames.OF_PORT, "a.b"));
    HostEntryItem dotted = given().getFirst();
    assertThat(dotted.line()).isEqualTo("fa:16:3e:00:00:10,a,10.0.0.10");
    assertThat(dotted.nameLine("d")).isEqualTo("10.0.0.10 a.b.d a.b");
    assertThat(HostEntryItem.parseName(Cloud.NETWORK, dotted.nameLine("d"), "d").name())
        .isEqualTo("a.b");
    assertThat(Host.plan(planner, cloud.picture(), group).reports()).containsExactly(GUEST);
    cloud.update(Ports.PORT, GUEST, p -> p.set(Ports.PENDING, List.of(Ports.SWITCH)));
    assertThat(Host.plan(planner, cloud.picture(), group).reports()).isEmpty();
    cloud.update(Subnets.SUBNET, Cloud.SUBNET, s -> s.set(Subnets.ENABLE_DHCP, false));
    assertThat(planned(HostEntryItem.class)).isEmpty();
  }

  @Test
  void aNetworkWithoutServedSubnetsIsGivenNothingAndHoldsNoPortUp() throws Exception {
    cloud.port(
        GUEST,
        "fa:16:3e:00:00:10",
        "10.0.0.10",
        p -> p.set(Ports.PENDING, List.of(Dhcp.PROVISIONING)));
    cloud.delete(Ports.PORT, Cloud.DHCP_PORT);
    Group group = new Group("dhcp-port", GUEST);
    assertThat(Host.plan(planner, cloud.picture(), group).reports()).isEmpty();
    cloud.update(Subnets.SUBNET, Cloud.SUBNET, s -> s.set(Subnets.ENABLE_DHCP, false));
    assertThat(planned(Item.class)).isEmpty();
    assertThat(Host.plan(planner, cloud.picture(), group).reports()).containsExactly(GUEST);
  }

  @Test
  void nothingIsPlannedForANetworkThatIsDownOrElsewhere() throws Exception {
    cloud.port(GUEST, "fa:16:3e:00:00:10", "10.0.0.10", p -> {});
    cloud.update(Networks.NETWORK, Cloud.NETWORK, n -> n.set(Networks.ADMIN_STATE_UP, false));
    assertThat(planned(Item.class)).isEmpty();
    cloud.update(
        Networks.NETWORK,
        Cloud.NETWORK,
        n -> n.set(Networks.ADMIN_STATE_UP, true).set(Dhcp.HOSTS, List.of("h2")));
    assertThat(planned(Item.class)).isEmpty();
  }

  @Test
  void whateverChangesTheAffectedGroupsPlannedAnewGiveTheFullPlan() throws Exception {
    List<Supplier<Change>> changes =
        List.of(
            () ->
                cloud.port(
                    GUEST,
                    "fa:16:3e:00:00:10",
                    "10.0.0.10",
                    p -> p.set(Ports.PENDING, List.of(Dhcp.PROVISIONING))),
            () -> cloud.update(Ports.PORT, GUEST, p -> p.set(Ports.PENDING, List.of())),
            () ->
                cloud.update(
                    Ports.PORT,
                    GUEST,
                    p -> p.set(Ports.MAC_ADDRESS, MacAddress.parse("fa:16:3e:00:00:11"))),
            () -> cloud.update(Networks.NETWORK, Cloud.NETWORK, n -> n.set(Networks.MTU, 1400)),
            () ->
                cloud.subnet(
                    Cloud.OTHER_SUBNET,
                    "10.1.0.0/24",
                    null,
                    s -> s.set(Subnets.ENABLE_DHCP, false)),
            () ->
                cloud.update(Subnets.SUBNET, Cloud.SUBNET, s -> s.set(Subnets.ENABLE_DHCP, false)),
            () -> cloud.update(Subnets.SUBNET, Cloud.SUBNET, s -> s.set(Subnets.ENABLE_DHCP, true)),
            () -> cloud.delete(Ports.PORT, Cloud.DHCP_PORT),
            () ->
                cloud.port(
                    Cloud.DHCP_PORT,
                    "fa:16:3e:00:00:02",
                    "10.0.0.3",
                    p ->
                        p.set(Ports.DEVICE_OWNER, "network:dhcp")
                            .set(Ports.DEVICE_ID, Dhcp.deviceId(Cloud.HOST, Cloud.NETWORK))),
            () ->
                cloud.update(
                    Ports.PORT,
                    Cloud.DHCP_PORT,
                    p ->
                        p.set(
                            Ports.FIXED_IPS,
                            List.of(new FixedIp(Cloud.SUBNET, IpAddress.parse("10.0.0.4"))))),
            () ->
                cloud.update(
                    Networks.NETWORK, Cloud.NETWORK, n -> n.set(Networks.ADMIN_STATE_UP, false)),
            () ->
                cloud.update(
                    Networks.NETWORK, Cloud.NETWORK, n -> n.set(Networks.ADMIN_STATE_UP, true)),
            () ->
                cloud.update(
                    Ports.PORT, Cloud.DHCP_PORT, p -> p.set(Ports.DEVICE_ID, Dhcp.RESERVED)),
            () ->
                cloud.update(
                    Ports.PORT,
                    Cloud.DHCP_PORT,
                    p -> p.set(Ports.DEVICE_ID, Dhcp.deviceId(Cloud.HOST, Cloud.NETWORK))),
            () -> cloud.update(Ports.PORT, Cloud.DHCP_PORT, p -> p.set(Ports.DEVICE_OWNER, "")),
            () ->
                cloud.update(
                    Ports.PORT, Cloud.DHCP_PORT, p -> p.set(Ports.DEVICE_OWNER, "network:dhcp")),
            () -> cloud.delete(Ports.PORT, GUEST),
            () -> cloud.update(Networks.NETWORK, Cloud.NETWORK, n -> n.set(Dhcp.HOSTS, List.of())));
    Map<Group, Host.Planned> kept = new LinkedHashMap<>(Host.plan(planner, cloud.picture()));
    for (Supplier<Change> change : changes) {
      Picture before = cloud.picture();
      Change made = change.get();
      Set<Group> groups = new LinkedHashSet<>();
      planner.affected(made, before, cloud.picture(), groups::add);
      for (Group group : groups) {
        kept.put(group, Host.plan(planner, cloud.picture(), group));
      }
      kept.values().removeIf(plan -> plan.items().isEmpty() && plan.reports().isEmpty());
      Map<Group, Host.Planned> full = Host.plan(planner, cloud.picture());
      full.values().removeIf(plan -> plan.items().isEmpty() && plan.reports().isEmpty());
      assertThat(kept)
          .as("after %s of %s", made.type(), Objects.requireNonNullElse(made.after(), "nothing"))
          .isEqualTo(full);
    }
    assertThat(kept).isEmpty();
  }

  @Test
  void aPortsOwnOptionsAreForItAlone() throws Exception {
    ProgramItem before = planned(ProgramItem.class).getFirst();
    assertThat(before.command()).contains("--conf-file=/dev/null");
    assertThat(before.files()).isEmpty();
    cloud.port(
        GUEST,
        "fa:16:3e:00:00:10",
        "10.0.0.10",
        p ->
            p.set(
                ExtraDhcpOption.OF_PORT,
                List.of(
                    new ExtraDhcpOption("bootfile-name", "a", 4),
                    new ExtraDhcpOption("bootfile-url", "b", 6),
                    new ExtraDhcpOption("no-such", "c", 4))));
    ProgramItem program = planned(ProgramItem.class).getFirst();
    assertThat(program.files())
        .isEqualTo(Map.of("tags", "dhcp-mac=set:port-" + GUEST + ",fa:16:3e:00:00:10\n"));
    assertThat(program.command()).contains("--conf-file=" + program.folder().resolve("tags"));
    assertThat(options())
        .endsWith(
            "tag:port-" + GUEST + ",option:bootfile-name,a",
            "tag:port-" + GUEST + ",option6:bootfile-url,b");
    assertThat(program.reloaded().get("options")).doesNotContain("no-such");
    Map<Group, Host.Planned> all = Host.plan(planner, cloud.picture());
    assertThat(all.values().stream().flatMap(plan -> plan.leftOut().stream()))
        .singleElement()
        .asString()
        .contains("no-such", GUEST.toString());
  }

  private void serve6(Ipv6Mode mode, String cidr, String address) {
    cloud.subnet(Cloud.OTHER_SUBNET, cidr, null, s -> s.set(Subnets.ADDRESS_MODE, mode));
    cloud.update(
        Ports.PORT,
        Cloud.DHCP_PORT,
        p ->
            p.set(
                Ports.FIXED_IPS,
                List.of(
                    new FixedIp(Cloud.SUBNET, IpAddress.parse("10.0.0.2")),
                    new FixedIp(Cloud.OTHER_SUBNET, IpAddress.parse(address)))));
    cloud.port(
        GUEST,
        "fa:16:3e:00:00:10",
        "10.0.0.10",
        p ->
            p.set(
                Ports.FIXED_IPS,
                List.of(new FixedIp(Cloud.OTHER_SUBNET, IpAddress.parse("2001:db8::10")))));
  }

  @Test
  void statefulSubnetsOfIpv6AreServed() throws Exception {
    serve6(Ipv6Mode.DHCPV6_STATEFUL, "2001:db8::/64", "2001:db8::2");
    assertThat(planned(DeviceItem.class).getFirst().ipv6()).isEqualTo(Ipv6.PLANNED);
    ProgramItem program = planned(ProgramItem.class).getFirst();
    String tag = "subnet-" + Cloud.OTHER_SUBNET;
    assertThat(program.command())
        .contains("--dhcp-range=set:" + tag + ",2001:db8::,static,64,600s");
    assertThat(program.reloaded().get("options"))
        .contains(
            "tag:" + tag + ",option6:dns-server,[2001:db8::2]\n",
            "tag:" + tag + ",option6:domain-search,")
        .doesNotContain("0.0.0.0"); // no route of IPv4 to it
    assertThat(given())
        .extracting(HostEntryItem::line)
        .containsExactly("fa:16:3e:00:00:10,host-2001-db8--10,[2001:db8::10]");
    HostEntryItem entry = given().getFirst();
    assertThat(HostEntryItem.parse(Cloud.NETWORK, entry.line())).isEqualTo(entry);
    HostEntryItem named = HostEntryItem.parseName(Cloud.NETWORK, entry.nameLine("d"), "d");
    assertThat(named.key()).isEqualTo(entry.key());
    assertThatThrownBy(() -> HostEntryItem.parseName(Cloud.NETWORK, entry.nameLine("e"), "d"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void guestsOfStatelessSubnetsHaveTheirAddressesAlready() throws Exception {
    serve6(Ipv6Mode.DHCPV6_STATELESS, "2001:db8::/64", "2001:db8::2");
    assertThat(planned(ProgramItem.class).getFirst().command())
        .anyMatch(word -> word.contains("2001:db8::,static,64"));
    assertThat(given()).isEmpty();
    assertThat(planned(HostEntryItem.class))
        .extracting(entry -> entry.nameLine("d"))
        .contains("2001:db8::10 host-2001-db8--10.d host-2001-db8--10");
  }

  /** What is given to guests, of all that the server knows. */
  private List<HostEntryItem> given() throws Exception {
    return planned(HostEntryItem.class).stream().filter(entry -> entry.mac() != null).toList();
  }

  @Test
  void longPrefixesOfIpv6AreServed() throws Exception {
    serve6(Ipv6Mode.DHCPV6_STATEFUL, "2001:db8::/120", "2001:db8::2");
    assertThat(planned(ProgramItem.class).getFirst().command())
        .anyMatch(word -> word.endsWith(",2001:db8::,static,120,600s"));
    assertThat(given()).hasSize(1);
  }

  @Test
  void shortPrefixesThatDnsmasqRefusesStopNothingElse() throws Exception {
    serve6(Ipv6Mode.DHCPV6_STATEFUL, "2001:db8::/56", "2001:db8::2");
    assertThat(planned(ProgramItem.class).getFirst().command())
        .noneMatch(word -> word.contains("2001:db8"))
        .anyMatch(word -> word.contains("10.0.0.0,static"));
    assertThat(
            Host.plan(planner, cloud.picture()).values().stream()
                .flatMap(plan -> plan.leftOut().stream()))
        .singleElement()
        .asString()
        .contains("/64");
  }

  @Test
  void deviceIdsAreNeutrons() {
    assertThat(Dhcp.deviceId("www.example.com", Cloud.NETWORK))
        .isEqualTo("dhcp2ed6657d-e927-568b-95e1-2665a8aea6a2-" + Cloud.NETWORK);
  }
}
