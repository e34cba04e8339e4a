package org.nucleon.router.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.router.agent.RouterCloud.*;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceItem;
import org.nucleon.agent.device.NamespaceItem;
import org.nucleon.agent.device.NatItem;
import org.nucleon.agent.device.RouteItem;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Picture;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** What is planned for a router, as tables. */
class RouterPlannerTest {
  private static final String NAMESPACE = "qrouter-" + ROUTER;
  private final RouterCloud cloud = new RouterCloud();
  private final RouterPlanner planner =
      new RouterPlanner(new Radvd(Path.of("/run/x")), Optional.empty());

  private List<String> addresses() throws Exception {
    return cloud.plan(planner).of(AddressItem.class).stream()
        .map(item -> item.device().substring(0, 3) + " " + item.prefix())
        .sorted()
        .toList();
  }

  private List<String> routes() throws Exception {
    return cloud.plan(planner).of(RouteItem.class).stream()
        .map(item ->
            item.destination()
                + switch (item.hop()) {
                  case RouteItem.Hop.Gateway(var via) -> " via " + via.getHostAddress();
                  case RouteItem.Hop.Gateways(var hops) ->
                      " via " + hops.stream().map(InetAddress::getHostAddress).toList();
                  case RouteItem.Hop.LinkLocalGateway(var via, String device) ->
                      " via " + via.getHostAddress() + " on " + device.substring(0, 3);
                  case RouteItem.Hop.OnLink(String device) -> " on " + device.substring(0, 3);
                })
        .sorted()
        .toList();
  }

  private String nat() throws Exception {
    var table = cloud.plan(planner).of(NatItem.class).getFirst().table();
    return table == null ? "" : table.text();
  }

  @Test
  void aRouterHasADeviceForEachPort() throws Exception {
    var planned = cloud.plan(planner);
    assertThat(planned.of(NamespaceItem.class)).containsExactly(new NamespaceItem(NAMESPACE, true));
    assertThat(planned.of(DeviceItem.class))
        .extracting(DeviceItem::namespace, DeviceItem::name, DeviceItem::outerName, DeviceItem::mtu)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(
                NAMESPACE, "qr-50000000-00", "tap50000000-00", 1450),
            org.assertj.core.groups.Tuple.tuple(
                NAMESPACE, "qg-40000000-00", "tap40000000-00", 1500));
    assertThat(addresses()).containsExactly("qg- 192.0.2.5/24", "qr- 10.0.0.1/24");
    assertThat(routes()).containsExactly("0.0.0.0/0 via 192.0.2.1");
  }

  @Test
  void routesOfUsersGoBeforeTheDefaultButNotBeforeItsOwnNetworks() throws Exception {
    cloud.update(
        Routers.ROUTER,
        ROUTER,
        r ->
            r.set(
                Routers.ROUTES,
                List.of(
                    route("172.16.0.0/16", "10.0.0.9"),
                    route("0.0.0.0/0", "10.0.0.8"),
                    route("10.0.0.0/24", "192.0.2.9"))));
    assertThat(routes()).containsExactly("0.0.0.0/0 via 10.0.0.8", "172.16.0.0/16 via 10.0.0.9");
  }

  @Test
  void severalRoutesToOneDestinationAreOneOverAllTheirHops() throws Exception {
    cloud.update(
        Routers.ROUTER,
        ROUTER,
        r ->
            r.set(
                Routers.ROUTES,
                List.of(route("172.16.0.0/16", "10.0.0.9"), route("172.16.0.0/16", "10.0.0.8"))));
    assertThat(routes())
        .containsExactly("0.0.0.0/0 via 192.0.2.1", "172.16.0.0/16 via [10.0.0.8, 10.0.0.9]");
  }

  private static HostRoute route(String destination, String via) {
    return new HostRoute(IpPrefix.parse(destination), IpAddress.parse(via));
  }

  @Test
  void otherSubnetsOfTheExternalNetworkAndAGatewayOutsideAreOnTheLink() throws Exception {
    cloud.subnet(new UUID(3, 9), EXTERNAL, "198.51.100.0/24", "198.51.100.1");
    cloud.update(
        Subnets.SUBNET,
        EXTERNAL_SUBNET,
        s -> s.set(Subnets.GATEWAY_IP, IpAddress.parse("203.0.113.1")));
    assertThat(routes())
        .containsExactly(
            "0.0.0.0/0 via 203.0.113.1", "198.51.100.0/24 on qg-", "203.0.113.1/32 on qg-");
  }

  @Test
  void floatingIpsAreAddressesAndElementsOfMapsAndAreReportedOnce() throws Exception {
    cloud.floating("192.0.2.10", "10.0.0.10");
    assertThat(addresses()).contains("qg- 192.0.2.10/32");
    assertThat(nat()).contains("192.0.2.10 : 10.0.0.10", "10.0.0.10 : 192.0.2.10");
    assertThat(cloud.plan(planner).reports()).containsExactly(FLOATING);
    cloud.update(FloatingIps.FLOATING_IP, FLOATING, f -> f.set(FloatingIps.STATUS, "ACTIVE"));
    assertThat(cloud.plan(planner).reports()).isEmpty();
  }

  @Test
  void withoutSnatOnlyFloatingIpsGetOut() throws Exception {
    assertThat(nat()).contains("snat ip to 192.0.2.5");
    cloud.update(
        Routers.ROUTER,
        ROUTER,
        r -> r.set(Routers.GATEWAY, new GatewayInfo(EXTERNAL, false, List.of())));
    assertThat(nat()).doesNotContain("snat ip to 192.0.2.5");
    cloud.floating("192.0.2.10", "10.0.0.10");
    assertThat(nat())
        .contains("192.0.2.10 : 10.0.0.10", "10.0.0.10 : 192.0.2.10")
        .doesNotContain("snat ip to 192.0.2.5");
  }

  @Test
  void nothingIsPlannedForARouterThatIsDownOrElsewhere() throws Exception {
    cloud.update(Routers.ROUTER, ROUTER, r -> r.set(Routers.ADMIN_STATE_UP, false));
    assertThat(cloud.plan(planner).items()).isEmpty();
    cloud.update(
        Routers.ROUTER, ROUTER, r -> r.set(Routers.ADMIN_STATE_UP, true).set(Routers.HOST, "h2"));
    assertThat(cloud.plan(planner).items()).isEmpty();
  }

  @Test
  void everyChangeThatAltersThePlanNamesTheRouter() throws Exception {
    List<java.util.function.Supplier<Change>> changes =
        List.of(
            () -> cloud.floating("192.0.2.10", "10.0.0.10"),
            () -> cloud.delete(FloatingIps.FLOATING_IP, FLOATING),
            () -> cloud.update(Networks.NETWORK, TENANT, n -> n.set(Networks.MTU, 1400)),
            () ->
                cloud.update(
                    Subnets.SUBNET,
                    EXTERNAL_SUBNET,
                    s -> s.set(Subnets.GATEWAY_IP, IpAddress.parse("192.0.2.9"))),
            () -> cloud.update(Ports.PORT, INTERFACE_PORT, p -> p.set(Ports.ADMIN_STATE_UP, false)),
            () -> cloud.delete(Ports.PORT, GATEWAY_PORT),
            () -> cloud.update(Routers.ROUTER, ROUTER, r -> r.set(Routers.HOST, "h2")));
    for (var change : changes) {
      Picture before = cloud.picture();
      var plannedBefore = cloud.plan(planner);
      Change made = change.get();
      assertThat(cloud.plan(planner)).as("the plan after " + made).isNotEqualTo(plannedBefore);
      Set<Group> groups = new LinkedHashSet<>();
      planner.affected(made, before, cloud.picture(), groups::add);
      assertThat(groups).containsExactly(new Group("router", ROUTER));
    }
  }
}
