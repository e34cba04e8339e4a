package org.nucleon.metadata.agent;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.state.Change;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.LinkLocalMetadata;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.Routers;

/**
 * Plans where guests are listened to: on each router of the host, and with the DHCP servers of
 * networks that have guests without a router. A router has the address on no link of its, so that
 * only what is sent to the router comes to it; a DHCP server has it on the network itself, for
 * guests that look for it there. The link's own address of IPv6 is on the device of the one port
 * that has it, a router's or a DHCP server's.
 */
final class MetadataPlanner implements Planner {
  private static final String NETWORK = "metadata-network";
  private static final String ROUTER = "metadata-router";
  private static final IpPrefix ADDRESS = IpPrefix.host(IsolatedMetadata.ADDRESS.toInetAddress());
  private static final IpPrefix LINK_ADDRESS =
      IpPrefix.host(LinkLocalMetadata.ADDRESS.toInetAddress());

  private final IsolatedMetadata isolated;
  private final boolean onRouters;

  /**
   * As the operator wants it.
   *
   * @param isolated which guests come by DHCP servers
   * @param onRouters whether guests come by routers
   */
  MetadataPlanner(IsolatedMetadata isolated, boolean onRouters) {
    this.isolated = isolated;
    this.onRouters = onRouters;
  }

  @Override
  public String name() {
    return "metadata";
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    in.view()
        .list(Dhcp.HOSTS, in.host())
        .forEach(network -> groups.accept(new Group(NETWORK, network.id())));
    in.view()
        .list(Routers.HOST, in.host())
        .forEach(router -> groups.accept(new Group(ROUTER, router.id())));
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    if (change.type().equals(Routers.ROUTER)) {
      groups.accept(new Group(ROUTER, change.id()));
    } else if (change.type().equals(Networks.NETWORK)) {
      groups.accept(new Group(NETWORK, change.id()));
    } else if (change.type().equals(Subnets.SUBNET)) {
      both(change)
          .forEach(subnet -> groups.accept(new Group(NETWORK, subnet.get(Subnets.NETWORK_ID))));
    } else if (change.type().equals(Ports.PORT)) {
      both(change)
          .filter(MetadataPlanner::isOfServer)
          .forEach(port -> {
            UUID network = port.get(Ports.NETWORK_ID);
            groups.accept(new Group(NETWORK, network));
            interfaces(before, Ports.NETWORK_ID, network)
                .forEach(one -> groups.accept(new Group(ROUTER, one.get(Ports.DEVICE_ID))));
            interfaces(after, Ports.NETWORK_ID, network)
                .forEach(one -> groups.accept(new Group(ROUTER, one.get(Ports.DEVICE_ID))));
          });
    }
  }

  private static Stream<Resource> interfaces(View view, Attribute<?> by, Object value) {
    return view.list(by, value).stream()
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE));
  }

  private static Stream<Resource> both(Change change) {
    @Nullable Resource before = change.before();
    return Stream.concat(Stream.ofNullable(before), Stream.ofNullable(change.after()));
  }

  private static boolean isOfServer(Resource port) {
    String owner = port.get(Ports.DEVICE_OWNER);
    return owner.equals(DeviceOwner.DHCP) || owner.equals(DeviceOwner.ROUTER_INTERFACE);
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {
    // nothing is read from the host
  }

  @Override
  public void plan(Group group, Planning in, Plan out) {
    UUID id = UUID.fromString(group.id());
    if (group.kind().equals(NETWORK)) {
      in.view().find(Networks.NETWORK, id).ifPresent(network -> planNetwork(network, in, out));
    } else if (onRouters) {
      in.view()
          .find(Routers.ROUTER, id)
          .filter(router -> router.get(Routers.HOST).equals(in.host()))
          .filter(router -> router.get(Routers.ADMIN_STATE_UP))
          .ifPresent(_ -> planRouter(id, in, out));
    }
  }

  private static void planRouter(UUID router, Planning in, Plan out) {
    String namespace = DeviceNames.routerNamespace(router);
    plan(namespace, DeviceNames.LOOPBACK, new Place.OfRouter(router), out);
    interfaces(in.view(), Ports.DEVICE_ID, router.toString())
        .filter(port -> isHolder(port, in.view()))
        .forEach(port -> planLink(namespace, DeviceNames.routerInterface(port.id()), port, out));
  }

  private void planNetwork(Resource network, Planning in, Plan out) {
    Optional<Resource> server = Dhcp.serverPort(in.view(), in.host(), network);
    if (server.isEmpty()) {
      return;
    }
    Resource port = server.get();
    String namespace = DeviceNames.dhcpNamespace(network.id());
    String device = DeviceNames.dhcp(port.id());
    if (isolated.isForAnyOf(in.view(), network.id())) {
      plan(namespace, device, new Place.OfNetwork(network.id()), out);
    }
    if (isolated.isForAny() && isHolder(port, in.view())) {
      planLink(namespace, device, port, out);
    }
  }

  private static boolean isHolder(Resource port, View view) {
    return LinkLocalMetadata.holder(view, port.get(Ports.NETWORK_ID))
        .filter(holder -> holder.id().equals(port.id()))
        .isPresent();
  }

  private static void plan(String namespace, String device, Place place, Plan out) {
    out.add(new AddressItem(namespace, device, ADDRESS));
    out.add(new ListenerItem(namespace, "", place));
  }

  private static void planLink(String namespace, String device, Resource port, Plan out) {
    out.add(new AddressItem(namespace, device, LINK_ADDRESS));
    out.add(new ListenerItem(namespace, device, new Place.OfNetwork(port.get(Ports.NETWORK_ID))));
  }
}
