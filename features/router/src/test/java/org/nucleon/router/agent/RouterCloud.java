package org.nucleon.router.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
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
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.RouterFeature;
import org.nucleon.router.api.Routers;

/** What a host's agent sees of a router between an external and a tenant network. */
final class RouterCloud {
  static final String HOST = "h1";
  static final UUID ROUTER = new UUID(1, 1);
  static final UUID EXTERNAL = new UUID(2, 1);
  static final UUID TENANT = new UUID(2, 2);
  static final UUID EXTERNAL_SUBNET = new UUID(3, 1);
  static final UUID TENANT_SUBNET = new UUID(3, 2);
  static final UUID GATEWAY_PORT = new UUID(0x4000_0000_0000_0000L, 1);
  static final UUID INTERFACE_PORT = new UUID(0x5000_0000_0000_0000L, 1);
  static final UUID FLOATING = new UUID(6, 1);
  static final UUID GUEST_PORT = new UUID(0x7000_0000_0000_0000L, 1);

  private final Catalog catalog;
  private Picture picture;

  RouterCloud() {
    Catalog.Builder builder = Catalog.builder();
    new NetworkFeature().declare(builder);
    new RouterFeature().declare(builder);
    catalog = builder.build();
    picture = Picture.empty(catalog, 0);
    make(Networks.NETWORK, EXTERNAL, n -> n.set(Networks.EXTERNAL, true));
    make(Networks.NETWORK, TENANT, n -> n.set(Networks.MTU, 1450));
    subnet(EXTERNAL_SUBNET, EXTERNAL, "192.0.2.0/24", "192.0.2.1");
    subnet(TENANT_SUBNET, TENANT, "10.0.0.0/24", "10.0.0.1");
    make(
        Routers.ROUTER,
        ROUTER,
        r ->
            r.set(Routers.HOST, HOST)
                .set(Routers.GATEWAY, new GatewayInfo(EXTERNAL, true, List.of())));
    port(GATEWAY_PORT, EXTERNAL, EXTERNAL_SUBNET, "192.0.2.5", DeviceOwner.ROUTER_GATEWAY);
    port(INTERFACE_PORT, TENANT, TENANT_SUBNET, "10.0.0.1", DeviceOwner.ROUTER_INTERFACE);
  }

  void subnet(UUID id, UUID network, String cidr, String gateway) {
    make(
        Subnets.SUBNET,
        id,
        s ->
            s.set(Subnets.NETWORK_ID, network)
                .set(Subnets.IP_VERSION, IpPrefix.parse(cidr).version())
                .set(Subnets.CIDR, IpPrefix.parse(cidr))
                .set(Subnets.GATEWAY_IP, IpAddress.parse(gateway))
                .set(Subnets.ALLOCATION_POOLS, List.of()));
  }

  private void port(UUID id, UUID network, UUID subnet, String address, String owner) {
    make(
        Ports.PORT,
        id,
        p ->
            p.set(Ports.NETWORK_ID, network)
                .set(
                    Ports.MAC_ADDRESS,
                    new MacAddress(0xfa16_3e00_0000L | id.hashCode() & 0xff_ffff))
                .set(Ports.DEVICE_OWNER, owner)
                .set(Ports.DEVICE_ID, ROUTER.toString())
                .set(Ports.FIXED_IPS, List.of(new FixedIp(subnet, IpAddress.parse(address)))));
  }

  Change guest(String address, String mac) {
    return make(
        Ports.PORT,
        GUEST_PORT,
        p ->
            p.set(Ports.NETWORK_ID, TENANT)
                .set(Ports.MAC_ADDRESS, MacAddress.parse(mac))
                .set(
                    Ports.FIXED_IPS,
                    List.of(new FixedIp(TENANT_SUBNET, IpAddress.parse(address)))));
  }

  Change floating(String address, String fixed) {
    return make(
        FloatingIps.FLOATING_IP,
        FLOATING,
        f ->
            f.set(FloatingIps.NETWORK_ID, EXTERNAL)
                .set(FloatingIps.ADDRESS, IpAddress.parse(address))
                .set(FloatingIps.FIXED_ADDRESS, IpAddress.parse(fixed))
                .set(FloatingIps.ROUTER_ID, ROUTER)
                .set(FloatingIps.HOLDER_ID, GATEWAY_PORT));
  }

  Picture picture() {
    return picture;
  }

  Change make(ResourceType type, UUID id, Consumer<Draft> fill) {
    Draft draft = new Draft(catalog.layout(type), id, "");
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

  /** What is planned. */
  record Planned(List<Item> items, Set<UUID> reports) implements Plan {
    Planned() {
      this(new ArrayList<>(), new LinkedHashSet<>());
    }

    <I extends Item> List<I> of(Class<I> type) {
      return items.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void add(Item item) {
      items.add(item);
    }

    @Override
    public void report(String type, String kind, UUID id, Map<String, Object> details) {
      reports.add(id);
    }
  }

  record In(View view) implements Planning {
    @Override
    public Facts facts() {
      return Facts.none(HOST);
    }

    @Override
    public int number(String kind, String key) {
      throw new UnsupportedOperationException();
    }
  }

  /** What a planner plans for all its groups together. */
  Planned plan(Planner planner) throws Exception {
    List<Group> groups = new ArrayList<>();
    planner.groups(new In(picture), groups::add);
    Planned planned = new Planned();
    for (Group group : groups) {
      planner.plan(group, new In(picture), planned);
    }
    return planned;
  }
}
