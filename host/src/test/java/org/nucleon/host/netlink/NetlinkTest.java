package org.nucleon.host.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.NetworkNamespace;

@Tag("lab")
class NetlinkTest {
  private static final MacAddress MAC_A = MacAddress.parse("fa:16:3e:00:00:0a");
  private static final MacAddress MAC_B = MacAddress.parse("fa:16:3e:00:00:0b");
  private static final int MINE = 110;

  private NetworkNamespace left;
  private NetworkNamespace right;
  private Netlink netlink;
  private Netlink far;

  @BeforeEach
  void open() throws Exception {
    left = NetworkNamespace.create("nl-left");
    right = NetworkNamespace.create("nl-right");
    netlink = Netlink.open(left);
    far = Netlink.open(right);
  }

  @AfterEach
  void close() throws Exception {
    netlink.close();
    far.close();
    left.close();
    right.close();
    NetworkNamespace.delete("nl-left");
    NetworkNamespace.delete("nl-right");
  }

  private Link veth(boolean up) throws Exception {
    netlink.apply(
        new Request.CreateVeth(
            new VethEnd("a0", MAC_A, 1450, null), new VethEnd("b0", MAC_B, 1450, right)));
    int here = netlink.link("a0").orElseThrow().index();
    int there = far.link("b0").orElseThrow().index();
    netlink.apply(new Request.SetUp(here, up));
    far.apply(new Request.SetUp(there, up));
    return netlink.link("a0").orElseThrow();
  }

  @Test
  void bothEndsOfVethAreBornInTheirNamespacesWithNameMacAndMtu() throws Exception {
    Link a = veth(true);
    Link b = far.link("b0").orElseThrow();

    assertThat(a.mac()).isEqualTo(MAC_A);
    assertThat(b.mac()).isEqualTo(MAC_B);
    assertThat(List.of(a.mtu(), b.mtu())).containsExactly(1450, 1450);
    assertThat(a.kind()).isEqualTo("veth");
    assertThat(a.up() && b.up() && a.carrier() && b.carrier()).isTrue();
    assertThat(a.peerIndex()).isEqualTo(b.index());
    assertThat(a.peerNamespace()).isNotNegative();
    assertThat(netlink.links()).contains(a).noneMatch(link -> link.name().equals("b0"));
    assertThat(netlink.link("lo").orElseThrow().up()).isTrue();
  }

  @Test
  void changesOfLinkInOneBatchAreSeen() throws Exception {
    int a = veth(false).index();
    netlink.apply(
        new Request.SetAlias(a, "mine: port 7"),
        new Request.SetAddressGeneration(a, Link.AddressGeneration.NONE),
        new Request.SetMac(a, MAC_B),
        new Request.SetMtu(a, 1400),
        new Request.Rename(a, "qr-1"),
        new Request.SetUp(a, true));

    Link changed = netlink.link("qr-1").orElseThrow();
    assertThat(changed.index()).isEqualTo(a);
    assertThat(changed.alias()).isEqualTo("mine: port 7");
    assertThat(changed.mac()).isEqualTo(MAC_B);
    assertThat(changed.mtu()).isEqualTo(1400);
    assertThat(changed.up()).isTrue();
    assertThat(changed.addressGeneration()).isEqualTo(Link.AddressGeneration.NONE);
    assertThat(netlink.addresses()).noneMatch(address -> address.link() == a);

    netlink.apply(new Request.SetAlias(a, ""), new Request.Move(a, right, "qr-2"));
    assertThat(netlink.link("qr-1")).isEmpty();
    assertThat(far.link("qr-2").orElseThrow().alias()).isNull();
    far.apply(new Request.DeleteLink(far.link("b0").orElseThrow().index()));
    assertThat(far.links()).extracting(Link::name).containsExactly("lo");
  }

  @Test
  void addressesComeAndGo() throws Exception {
    int a = veth(true).index();
    Address ipv4 = Address.of(a, IpPrefix.parse("10.0.0.1/24"), Address.Flag.NOPREFIXROUTE);
    Address ipv6 =
        Address.of(
            a, IpPrefix.parse("2001:db8::1/64"), Address.Flag.NODAD, Address.Flag.NOPREFIXROUTE);
    netlink.apply(new Request.PutAddress(ipv4), new Request.PutAddress(ipv6));

    Address seen4 = address(ipv4.prefix());
    Address seen6 = address(ipv6.prefix());
    assertThat(seen4.flags())
        .containsExactlyInAnyOrder(Address.Flag.NOPREFIXROUTE, Address.Flag.PERMANENT);
    assertThat(seen6.flags())
        .contains(Address.Flag.NODAD, Address.Flag.NOPREFIXROUTE)
        .doesNotContain(Address.Flag.TENTATIVE);
    assertThat(netlink.routes())
        .noneMatch(route -> route.destination().equals(IpPrefix.parse("10.0.0.0/24")));

    netlink.apply(new Request.DeleteAddress(ipv4), new Request.DeleteAddress(ipv6));
    assertThat(netlink.addresses()).doesNotContain(seen4, seen6);
  }

  private Address address(IpPrefix prefix) throws Exception {
    return netlink.addresses().stream()
        .filter(address -> address.prefix().equals(prefix))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void routesCarryTheirMark() throws Exception {
    int a = veth(true).index();
    netlink.apply(
        new Request.PutAddress(Address.of(a, IpPrefix.parse("10.0.0.1/24"))),
        new Request.PutAddress(
            Address.of(a, IpPrefix.parse("2001:db8::1/64"), Address.Flag.NODAD)));
    Route byDefault =
        Route.via(MINE, IpPrefix.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.0.0.254"), a);
    Route onLink = Route.onLink(MINE, IpPrefix.parse("10.9.0.0/16"), a).inTable(1000);
    Route ipv6 = Route.via(MINE, IpPrefix.parse("::/0"), InetAddress.ofLiteral("2001:db8::fe"), a);
    netlink.apply(
        new Request.AddRoute(byDefault), new Request.AddRoute(onLink), new Request.AddRoute(ipv6));

    List<Route> mine = netlink.routes().stream().filter(route -> route.protocol() == MINE).toList();
    assertThat(mine).contains(byDefault, onLink).hasSize(3);
    assertThat(mine)
        .anyMatch(route -> route.destination().equals(ipv6.destination()) && route.link() == a);
    assertThatThrownBy(() -> netlink.apply(new Request.AddRoute(byDefault)))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));

    Route spread =
        Route.over(
            MINE,
            IpPrefix.parse("10.8.0.0/16"),
            List.of(InetAddress.ofLiteral("10.0.0.252"), InetAddress.ofLiteral("10.0.0.253")));
    netlink.apply(new Request.PutRoute(spread));
    assertThat(netlink.routes())
        .anySatisfy(route -> {
          assertThat(route.destination()).isEqualTo(spread.destination());
          assertThat(route.paths()).isEqualTo(spread.paths());
          assertThat(route.via()).isNull();
        });
    netlink.apply(new Request.DeleteRoute(spread));

    Route moved =
        Route.via(MINE, IpPrefix.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.0.0.253"), a);
    netlink.apply(new Request.PutRoute(moved));
    assertThat(netlink.routes()).contains(moved).doesNotContain(byDefault);
    netlink.apply(
        new Request.DeleteRoute(moved),
        new Request.DeleteRoute(onLink),
        new Request.DeleteRoute(ipv6));
    assertThat(netlink.routes()).noneMatch(route -> route.protocol() == MINE);
  }

  @Test
  void rulesAndNeighboursComeAndGo() throws Exception {
    int a = veth(true).index();
    Rule rule = Rule.from(IpPrefix.parse("10.1.0.0/16"), 3000, 77, MINE);
    Neighbour neighbour = Neighbour.permanent(a, InetAddress.ofLiteral("10.0.0.9"), MAC_B);
    netlink.apply(new Request.AddRule(rule), new Request.PutNeighbour(neighbour));
    assertThat(netlink.rules()).contains(rule);
    assertThat(netlink.neighbours()).contains(neighbour);

    netlink.apply(new Request.DeleteRule(rule), new Request.DeleteNeighbour(neighbour));
    assertThat(netlink.rules()).doesNotContain(rule);
    assertThat(netlink.neighbours()).doesNotContain(neighbour);
  }

  @Test
  void refusalInBatchIsToldAndStopsNoOther() throws Exception {
    int a = veth(true).index();
    List<Request> requests =
        List.of(
            new Request.PutAddress(Address.of(a, IpPrefix.parse("10.0.0.1/24"))),
            new Request.DeleteLink(4711),
            new Request.PutAddress(Address.of(a, IpPrefix.parse("10.0.0.2/24"))));

    var refusals = netlink.attempt(requests);
    assertThat(refusals).containsOnlyKeys(1);
    assertThat(refusals.get(1).errno()).isEqualTo(Errno.ENODEV);
    assertThat(refusals.get(1)).hasMessageContaining("DeleteLink[link=4711]");
    assertThat(netlink.addresses())
        .extracting(address -> address.prefix().toString())
        .contains("10.0.0.1/24", "10.0.0.2/24");
  }

  @Test
  void thousandAddressesInOneCallAreAllThere() throws Exception {
    int a = veth(true).index();
    List<Request> requests =
        IntStream.range(0, 1000)
            .mapToObj(i -> IpPrefix.parse("10.8." + i / 250 + "." + (1 + i % 250) + "/32"))
            .<Request>map(prefix -> new Request.PutAddress(Address.of(a, prefix)))
            .toList();
    netlink.apply(requests);
    assertThat(netlink.addresses().stream().filter(address -> address.prefix().isIpv4()))
        .hasSizeGreaterThanOrEqualTo(1000);
  }
}
