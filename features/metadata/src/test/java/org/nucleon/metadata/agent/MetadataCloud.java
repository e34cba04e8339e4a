package org.nucleon.metadata.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DhcpFeature;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.RouterFeature;
import org.nucleon.router.api.Routers;

/**
 * What a host's agent sees of networks with guests, as the server would have made them. The ids of
 * network, subnet and DHCP port number n end with n.
 */
final class MetadataCloud {
  static final String HOST = "h1";

  private final Catalog catalog;
  private volatile Picture picture;

  MetadataCloud() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    new DhcpFeature().declare(builder);
    new RouterFeature().declare(builder);
    catalog = builder.build();
    picture = Picture.empty(catalog, 0);
  }

  static UUID network(int n) {
    return new UUID(1, n);
  }

  static UUID subnet(int n) {
    return new UUID(2, n);
  }

  static UUID dhcpPort(int n) {
    return new UUID((long) (0x3000_0000 + n) << 32, n);
  }

  static UUID guest(int n) {
    return new UUID((long) (0x4000_0000 + n) << 32, n);
  }

  static UUID router(int n) {
    return new UUID(5, n);
  }

  static UUID routerPort(int n) {
    return new UUID((long) (0x6000_0000 + n) << 32, n);
  }

  /** A network whose one subnet is served here; its gateway ends with 1, its DHCP port with 2. */
  Change served(int n, String cidr) {
    make(
        Networks.NETWORK,
        network(n),
        "p",
        w -> w.set(Dhcp.HOSTS, List.of(HOST)).set(Networks.MTU, 1450));
    subnet(n, n, cidr);
    return port(
        dhcpPort(n), n, n, near(cidr, 2), DeviceOwner.DHCP, Dhcp.deviceId(HOST, network(n)), "");
  }

  Change subnet(int n, int network, String cidr) {
    return make(
        Subnets.SUBNET,
        subnet(n),
        "p",
        s ->
            s.set(Subnets.NETWORK_ID, network(network))
                .set(Subnets.IP_VERSION, cidr.contains(":") ? 6 : 4)
                .set(Subnets.CIDR, IpPrefix.parse(cidr))
                .set(Subnets.ENABLE_DHCP, true)
                .set(Subnets.GATEWAY_IP, IpAddress.parse(near(cidr, 1)))
                .set(Subnets.ALLOCATION_POOLS, List.of()));
  }

  private static String near(String cidr, int last) {
    return cidr.contains(":")
        ? cidr.substring(0, cidr.lastIndexOf('/')) + last
        : cidr.substring(0, cidr.lastIndexOf('.') + 1) + last;
  }

  Change guest(int n, int subnet, String address, String instance, String project) {
    return port(guest(n), subnet, subnet, address, "compute:nova", instance, project);
  }

  Change addRouter(int n) {
    return make(Routers.ROUTER, router(n), "p", r -> r.set(Routers.HOST, HOST));
  }

  /** An interface of a router in a subnet. */
  Change attached(int n, int router, int subnet, String address) {
    return port(
        routerPort(n),
        subnet,
        subnet,
        address,
        DeviceOwner.ROUTER_INTERFACE,
        router(router).toString(),
        "p");
  }

  private Change port(
      UUID id,
      int network,
      int subnet,
      String address,
      String owner,
      String device,
      String project) {
    return make(
        Ports.PORT,
        id,
        project,
        p ->
            p.set(Ports.NETWORK_ID, network(network))
                .set(
                    Ports.MAC_ADDRESS,
                    new MacAddress(
                        0xfa16_3e00_0000L
                            | id.getMostSignificantBits() >>> 60 << 16
                            | id.getLeastSignificantBits()))
                .set(Ports.DEVICE_OWNER, owner)
                .set(Ports.DEVICE_ID, device)
                .set(Binding.HOST_ID, HOST)
                .set(
                    Ports.FIXED_IPS,
                    List.of(new FixedIp(subnet(subnet), IpAddress.parse(address)))));
  }

  /** One more address of a port. */
  Change addAddress(UUID port, int subnet, String address) {
    return update(
        Ports.PORT,
        port,
        p ->
            p.set(
                Ports.FIXED_IPS,
                Stream.concat(
                        p.get(Ports.FIXED_IPS).stream(),
                        Stream.of(new FixedIp(subnet(subnet), IpAddress.parse(address))))
                    .toList()));
  }

  Picture picture() {
    return picture;
  }

  private Change make(ResourceType type, UUID id, String project, Consumer<Draft> fill) {
    Draft draft = new Draft(catalog.layout(type), id, project);
    fill.accept(draft);
    return apply(new Change(type, id, null, draft.toResource(Instant.EPOCH)));
  }

  Change update(ResourceType type, UUID id, Consumer<Draft> change) {
    Resource before = picture.get(type, id);
    Draft draft = new Draft(before);
    change.accept(draft);
    return apply(new Change(type, id, before, draft.toResource(Instant.EPOCH)));
  }

  Change delete(ResourceType type, UUID id) {
    return apply(new Change(type, id, picture.get(type, id), null));
  }

  private Change apply(Change change) {
    long number = picture.number() + 1;
    Resource after = change.after() == null ? null : change.after().committedAs(number);
    Change committed = new Change(change.type(), change.id(), change.before(), after);
    picture = picture.apply(ChangeSet.of(number, List.of(committed)));
    return committed;
  }

  /** What a planner plans for all its groups that plan anything. */
  Map<Group, List<Item>> plan(Planner planner) throws Exception {
    Set<Group> groups = new LinkedHashSet<>();
    planner.groups(new In(picture), groups::add);
    Map<Group, List<Item>> plans = new LinkedHashMap<>();
    for (Group group : groups) {
      plans.put(group, plan(planner, group));
    }
    plans.values().removeIf(List::isEmpty);
    return plans;
  }

  List<Item> plan(Planner planner, Group group) throws Exception {
    List<Item> items = new ArrayList<>();
    planner.plan(
        group,
        new In(picture),
        new Plan() {
          @Override
          public void add(Item item) {
            items.add(item);
          }

          @Override
          public void report(String type, String kind, UUID id, Map<String, Object> details) {
            throw new UnsupportedOperationException();
          }
        });
    return items;
  }

  private record In(View view) implements Planning {
    @Override
    public Facts facts() {
      return Facts.none(HOST);
    }

    @Override
    public int number(String kind, String key) {
      throw new UnsupportedOperationException();
    }
  }
}
