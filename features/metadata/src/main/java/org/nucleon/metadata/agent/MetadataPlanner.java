package org.nucleon.metadata.agent;

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
import org.nucleon.core.state.Change;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.Routers;

/**
 * Plans where guests are listened to: on each router of the host, and with the DHCP servers of
 * networks that have guests without a router. A router has the address on no link of its, so that
 * only what is sent to the router comes to it; a DHCP server has it on the network itself, for
 * guests that look for it there.
 */
final class MetadataPlanner implements Planner {
  private static final String NETWORK = "metadata-network";
  private static final String ROUTER = "metadata-router";
  private static final IpPrefix ADDRESS = IpPrefix.host(IsolatedMetadata.ADDRESS.toInetAddress());

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
          .forEach(port -> groups.accept(new Group(NETWORK, port.get(Ports.NETWORK_ID))));
    }
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
          .ifPresent(router ->
              plan(
                  DeviceNames.routerNamespace(id),
                  DeviceNames.LOOPBACK,
                  new Place.OfRouter(id),
                  out));
    }
  }

  private void planNetwork(Resource network, Planning in, Plan out) {
    if (isolated.isForAnyOf(in.view(), network.id())) {
      Dhcp.serverPort(in.view(), in.host(), network)
          .ifPresent(port ->
              plan(
                  DeviceNames.dhcpNamespace(network.id()),
                  DeviceNames.dhcp(port.id()),
                  new Place.OfNetwork(network.id()),
                  out));
    }
  }

  private static void plan(String namespace, String device, Place place, Plan out) {
    out.add(new AddressItem(namespace, device, ADDRESS));
    out.add(new ListenerItem(namespace, place));
  }
}
