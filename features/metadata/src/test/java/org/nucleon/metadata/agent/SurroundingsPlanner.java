package org.nucleon.metadata.agent;

import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.device.AddressItem;
import org.nucleon.agent.device.DeviceItem;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.Ipv6;
import org.nucleon.agent.device.NamespaceItem;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.Routers;

/** Plans what the features do that metadata goes with: namespaces, each with its device. */
final class SurroundingsPlanner implements Planner {
  private static final Group ALL = new Group("surroundings", "all");

  @Override
  public String name() {
    return "surroundings";
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    groups.accept(ALL);
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    groups.accept(ALL);
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {}

  @Override
  public void plan(Group group, Planning in, Plan out) {
    for (Resource network : in.view().list(Dhcp.HOSTS, in.host())) {
      Dhcp.serverPort(in.view(), in.host(), network)
          .ifPresent(port -> {
            String namespace = DeviceNames.dhcpNamespace(network.id());
            out.add(new NamespaceItem(namespace, false));
            device(namespace, DeviceNames.dhcp(port.id()), port, in.view(), out);
          });
    }
    for (Resource router : in.view().list(Routers.HOST, in.host())) {
      String namespace = DeviceNames.routerNamespace(router.id());
      out.add(new NamespaceItem(namespace, true));
      in.view().list(Ports.DEVICE_ID, router.id().toString()).stream()
          .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE))
          .forEach(port ->
              device(namespace, DeviceNames.routerInterface(port.id()), port, in.view(), out));
    }
  }

  private static void device(String namespace, String name, Resource port, View view, Plan out) {
    UUID network = port.get(Ports.NETWORK_ID);
    out.add(
        new DeviceItem(
            namespace,
            name,
            DeviceNames.outer(port.id()),
            new MacAddress(port.get(Ports.MAC_ADDRESS).value()),
            view.get(Networks.NETWORK, network).get(Networks.MTU),
            port.get(Ports.FIXED_IPS).stream().anyMatch(ip -> ip.ip().version() == 6)
                ? Ipv6.PLANNED
                : Ipv6.OFF));
    for (FixedIp ip : port.get(Ports.FIXED_IPS)) {
      int length = ip.ip().version() == 6 ? 64 : 24;
      out.add(new AddressItem(namespace, name, new IpPrefix(ip.ip().toInetAddress(), length)));
    }
  }
}
