package org.nucleon.metadata.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Picture;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.Routers;

/** Where guests are listened to, as tables. */
class MetadataPlannerTest {
  private static final IpPrefix ADDRESS = IpPrefix.parse("169.254.169.254/32");
  private static final List<Item> ON_ROUTER =
      List.of(
          new AddressItem(
              DeviceNames.routerNamespace(MetadataCloud.router(1)), DeviceNames.LOOPBACK, ADDRESS),
          new ListenerItem(
              DeviceNames.routerNamespace(MetadataCloud.router(1)),
              "",
              new Place.OfRouter(MetadataCloud.router(1))));

  private final MetadataCloud cloud = new MetadataCloud();

  private static List<Item> withDhcp(int n) {
    String namespace = DeviceNames.dhcpNamespace(MetadataCloud.network(n));
    return List.of(
        new AddressItem(namespace, DeviceNames.dhcp(MetadataCloud.dhcpPort(n)), ADDRESS),
        new ListenerItem(namespace, "", new Place.OfNetwork(MetadataCloud.network(n))));
  }

  private List<Item> planned(boolean enabled, boolean forced, boolean onRouters) throws Exception {
    MetadataPlanner planner = new MetadataPlanner(new IsolatedMetadata(enabled, forced), onRouters);
    return cloud.plan(planner).values().stream().flatMap(List::stream).toList();
  }

  @Test
  void onRoutersAndWhereThereIsNoRouterAsTheOperatorWants() throws Exception {
    cloud.served(1, "10.0.1.0/24");
    cloud.served(2, "10.0.2.0/24");
    cloud.addRouter(1);
    cloud.attached(1, 1, 1, "10.0.1.1");
    //                              enable_isolated  force  enable_metadata_proxy
    assertThat(planned(false, false, false)).isEmpty();
    assertThat(planned(false, false, true)).isEqualTo(ON_ROUTER);
    assertThat(planned(true, false, false)).isEqualTo(withDhcp(2));
    assertThat(planned(false, true, false)).hasSize(4).containsAll(withDhcp(1));
    assertThat(planned(true, false, true)).hasSize(4).containsAll(ON_ROUTER);
  }

  @Test
  void aRouterThatIsNotTheGatewayLeavesASubnetIsolated() throws Exception {
    cloud.served(1, "10.0.1.0/24");
    cloud.addRouter(1);
    cloud.attached(1, 1, 1, "10.0.1.77");
    assertThat(planned(true, false, false)).isEqualTo(withDhcp(1));
    cloud.update(Subnets.SUBNET, MetadataCloud.subnet(1), s -> s.set(Subnets.GATEWAY_IP, null));
    assertThat(planned(true, false, false)).isEqualTo(withDhcp(1));
  }

  /** One port of each network has the link's address: a router's, else the DHCP server's. */
  @Test
  void byIpv6AtThePortThatHasTheLinksAddress() throws Exception {
    cloud.served(1, "2001:db8:1::/64");
    cloud.served(2, "2001:db8:2::/64");
    cloud.addRouter(1);
    cloud.attached(1, 1, 1, "2001:db8:1::1");
    List<Item> onLinkOfRouter =
        ofLink(
            DeviceNames.routerNamespace(MetadataCloud.router(1)),
            DeviceNames.routerInterface(MetadataCloud.routerPort(1)),
            1);
    //                              enable_isolated  force  enable_metadata_proxy
    assertThat(planned(false, false, false)).isEmpty();
    assertThat(planned(false, false, true)).hasSize(4).containsAll(onLinkOfRouter);
    for (boolean enabled : List.of(true, false)) {
      assertThat(planned(enabled, !enabled, false)).isEqualTo(ofDhcp(2));
    }
    cloud.delete(Ports.PORT, MetadataCloud.routerPort(1));
    assertThat(planned(true, false, false)).hasSize(4).containsAll(ofDhcp(1));
  }

  private static List<Item> ofDhcp(int n) {
    return ofLink(
        DeviceNames.dhcpNamespace(MetadataCloud.network(n)),
        DeviceNames.dhcp(MetadataCloud.dhcpPort(n)),
        n);
  }

  private static List<Item> ofLink(String namespace, String device, int network) {
    return List.of(
        new AddressItem(namespace, device, IpPrefix.parse("fe80::a9fe:a9fe/128")),
        new ListenerItem(namespace, device, new Place.OfNetwork(MetadataCloud.network(network))));
  }

  @Test
  void nothingIsPlannedForWhatIsElsewhereOrDown() throws Exception {
    cloud.served(1, "10.0.1.0/24");
    cloud.addRouter(1);
    cloud.update(Routers.ROUTER, MetadataCloud.router(1), r -> r.set(Routers.HOST, "h2"));
    cloud.update(Networks.NETWORK, MetadataCloud.network(1), n -> n.set(Dhcp.HOSTS, List.of("h2")));
    assertThat(planned(true, true, true)).isEmpty();
    cloud.update(
        Routers.ROUTER,
        MetadataCloud.router(1),
        r -> r.set(Routers.HOST, MetadataCloud.HOST).set(Routers.ADMIN_STATE_UP, false));
    cloud.update(
        Networks.NETWORK,
        MetadataCloud.network(1),
        n -> n.set(Dhcp.HOSTS, List.of(MetadataCloud.HOST)).set(Networks.ADMIN_STATE_UP, false));
    assertThat(planned(true, true, true)).isEmpty();
  }

  @Test
  void whateverChangesTheAffectedGroupsPlannedAnewGiveTheFullPlan() throws Exception {
    MetadataPlanner planner = new MetadataPlanner(new IsolatedMetadata(true, false), true);
    List<Supplier<Change>> changes =
        List.of(
            () -> cloud.served(1, "10.0.1.0/24"),
            () -> cloud.guest(1, 1, "10.0.1.10", "i", "p"),
            () -> cloud.addRouter(1),
            () -> cloud.attached(1, 1, 1, "10.0.1.1"),
            () ->
                cloud.update(
                    Subnets.SUBNET, MetadataCloud.subnet(1), s -> s.set(Subnets.GATEWAY_IP, null)),
            () -> cloud.subnet(2, 1, "10.0.2.0/24"),
            () -> cloud.delete(Subnets.SUBNET, MetadataCloud.subnet(2)),
            () -> cloud.addAddress(MetadataCloud.dhcpPort(1), 1, "2001:db8::2"),
            () -> cloud.addAddress(MetadataCloud.routerPort(1), 1, "2001:db8::1"),
            () ->
                cloud.update(
                    Ports.PORT,
                    MetadataCloud.routerPort(1),
                    p -> p.set(Ports.ADMIN_STATE_UP, false)),
            () ->
                cloud.update(
                    Routers.ROUTER,
                    MetadataCloud.router(1),
                    r -> r.set(Routers.ADMIN_STATE_UP, false)),
            () -> cloud.delete(Ports.PORT, MetadataCloud.routerPort(1)),
            () -> cloud.delete(Routers.ROUTER, MetadataCloud.router(1)),
            () ->
                cloud.update(
                    Networks.NETWORK,
                    MetadataCloud.network(1),
                    n -> n.set(Networks.ADMIN_STATE_UP, false)),
            () ->
                cloud.update(
                    Networks.NETWORK,
                    MetadataCloud.network(1),
                    n -> n.set(Networks.ADMIN_STATE_UP, true)),
            () -> cloud.delete(Ports.PORT, MetadataCloud.dhcpPort(1)));
    cloud.served(9, "10.0.9.0/24");
    Map<Group, List<Item>> kept = new LinkedHashMap<>();
    for (Supplier<Change> change : changes) {
      Picture before = cloud.picture();
      Change made = change.get();
      Set<Group> groups = new LinkedHashSet<>();
      if (kept.isEmpty()) {
        kept.putAll(cloud.plan(planner)); // the first made several resources at once
      }
      planner.affected(made, before, cloud.picture(), groups::add);
      for (Group group : groups) {
        kept.put(group, cloud.plan(planner, group));
      }
      kept.values().removeIf(List::isEmpty);
      assertThat(kept).as("after %s %s", made.type(), made.id()).isEqualTo(cloud.plan(planner));
    }
  }
}
