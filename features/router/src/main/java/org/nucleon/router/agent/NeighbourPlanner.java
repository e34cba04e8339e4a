package org.nucleon.router.agent;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.NeighbourItem;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.Routers;

/** Who owns the addresses next to routers' interfaces: a group for each port next to one. */
final class NeighbourPlanner implements Planner {

  private static final String NEIGHBOUR = "neighbour";

  @Override
  public String name() {
    return NEIGHBOUR;
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    for (Resource router : in.view().list(Routers.HOST, in.host())) {
      nextTo(in.view(), router.id(), groups);
    }
  }

  private static void nextTo(View view, UUID router, Consumer<Group> groups) {
    interfaces(view, router).forEach(port -> on(view, port.get(Ports.NETWORK_ID), groups));
  }

  private static void on(View view, UUID network, Consumer<Group> groups) {
    view.list(Ports.NETWORK_ID, network)
        .forEach(port -> groups.accept(new Group(NEIGHBOUR, port.id())));
  }

  private static Stream<Resource> interfaces(View view, UUID router) {
    return view.list(Ports.DEVICE_ID, router.toString()).stream().filter(NeighbourPlanner::isOne);
  }

  private static boolean isOne(Resource port) {
    return port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE);
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    if (change.type().equals(Routers.ROUTER)
        && (change.isOf(Routers.HOST) || change.isOf(Routers.ADMIN_STATE_UP))) {
      nextTo(before, change.id(), groups);
      nextTo(after, change.id(), groups);
    } else if (change.type().equals(Ports.PORT)) {
      groups.accept(new Group(NEIGHBOUR, change.id()));
      boolean isAnother =
          change.isOf(Ports.FIXED_IPS)
              || change.isOf(Ports.DEVICE_ID)
              || change.isOf(Ports.DEVICE_OWNER);
      if (isAnother) {
        Stream.of(change.before(), change.after())
            .filter(Objects::nonNull)
            .filter(NeighbourPlanner::isOne)
            .map(port -> port.get(Ports.NETWORK_ID))
            .distinct()
            .forEach(network -> {
              on(before, network, groups);
              on(after, network, groups);
            });
      }
    }
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {
    // nothing is read from the host
  }

  @Override
  public void plan(Group group, Planning in, Plan out) {
    in.view()
        .find(Ports.PORT, UUID.fromString(group.id()))
        .ifPresent(port -> {
          for (Resource router : in.view().list(Routers.HOST, in.host())) {
            if (router.get(Routers.ADMIN_STATE_UP)) {
              interfaces(in.view(), router.id()).forEach(one -> plan(router, one, port, out));
            }
          }
        });
  }

  private static void plan(Resource router, Resource interfacePort, Resource port, Plan out) {
    boolean isNext =
        port.get(Ports.NETWORK_ID).equals(interfacePort.get(Ports.NETWORK_ID))
            && !port.id().equals(interfacePort.id());
    if (!isNext) {
      return;
    }
    List<UUID> subnets = interfacePort.get(Ports.FIXED_IPS).stream().map(FixedIp::subnet).toList();
    for (FixedIp ip : port.get(Ports.FIXED_IPS)) {
      if (subnets.contains(ip.subnet())) {
        out.add(
            new NeighbourItem(
                DeviceNames.routerNamespace(router.id()),
                DeviceNames.routerInterface(interfacePort.id()),
                ip.ip().toInetAddress(),
                new MacAddress(port.get(Ports.MAC_ADDRESS).value())));
      }
    }
  }
}
