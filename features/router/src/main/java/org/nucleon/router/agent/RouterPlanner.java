package org.nucleon.router.agent;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
import org.nucleon.agent.device.NatItem;
import org.nucleon.agent.device.RouteItem;
import org.nucleon.agent.device.RouteItem.Hop;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** Plans the routers that are placed on a host, each as a whole. */
final class RouterPlanner implements Planner {
  private static final String ROUTER = "router";
  private static final IpPrefix EVERYWHERE = IpPrefix.parse("0.0.0.0/0");
  private static final IpPrefix EVERYWHERE_6 = IpPrefix.parse("::/0");

  private final Radvd radvd;
  private final Optional<IpAddress> upstream;

  /**
   * Plans routers.
   *
   * @param radvd how they advertise prefixes
   * @param upstream the link-local address of the IPv6 router of external networks; empty to learn
   *     it from its advertisements
   */
  RouterPlanner(Radvd radvd, Optional<IpAddress> upstream) {
    this.radvd = radvd;
    this.upstream = upstream;
  }

  @Override
  public String name() {
    return ROUTER;
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    in.view()
        .list(Routers.HOST, in.host())
        .forEach(router -> groups.accept(new Group(ROUTER, router.id())));
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    if (change.type().equals(Routers.ROUTER)) {
      groups.accept(new Group(ROUTER, change.id()));
    }
    for (Resource resource : both(change)) {
      if (change.type().equals(FloatingIps.FLOATING_IP)) {
        resource
            .find(FloatingIps.ROUTER_ID)
            .ifPresent(router -> groups.accept(new Group(ROUTER, router)));
      } else if (change.type().equals(Ports.PORT)) {
        router(resource).ifPresent(groups);
      } else if (change.type().equals(Subnets.SUBNET)) {
        routersOn(before, resource.get(Subnets.NETWORK_ID), groups);
        routersOn(after, resource.get(Subnets.NETWORK_ID), groups);
      } else if (change.type().equals(Networks.NETWORK)) {
        routersOn(after, resource.id(), groups);
      }
    }
  }

  private static List<Resource> both(Change change) {
    @Nullable Resource before = change.before();
    @Nullable Resource after = change.after();
    if (before == null || after == null) {
      return before != null ? List.of(before) : after != null ? List.of(after) : List.of();
    }
    return List.of(before, after);
  }

  private static Optional<Group> router(Resource port) {
    String owner = port.get(Ports.DEVICE_OWNER);
    return owner.equals(DeviceOwner.ROUTER_INTERFACE) || owner.equals(DeviceOwner.ROUTER_GATEWAY)
        ? Optional.of(new Group(ROUTER, port.get(Ports.DEVICE_ID)))
        : Optional.empty();
  }

  private static void routersOn(View view, UUID network, Consumer<Group> groups) {
    view.list(Ports.NETWORK_ID, network).forEach(port -> router(port).ifPresent(groups));
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {
    // nothing is read from the host
  }

  @Override
  public void plan(Group group, Planning in, Plan out) {
    in.view()
        .find(Routers.ROUTER, UUID.fromString(group.id()))
        .filter(router -> router.get(Routers.HOST).equals(in.host()))
        .filter(router -> router.get(Routers.ADMIN_STATE_UP))
        .ifPresent(router ->
            new OneRouter(router, in.view(), upstream, radvd, out, new LinkedHashMap<>()).plan());
  }

  /**
   * One router while it is planned.
   *
   * @param upstream the IPv6 router of external networks, if it is told
   * @param routes by destination: what users ask for goes before what is the rule
   */
  private record OneRouter(
      Resource router,
      View view,
      Optional<IpAddress> upstream,
      Radvd radvd,
      Plan out,
      Map<IpPrefix, Hop> routes) {

    private String namespace() {
      return DeviceNames.routerNamespace(router.id());
    }

    void plan() {
      out.add(new NamespaceItem(namespace(), true));
      Collection<Resource> ports = view.list(Ports.DEVICE_ID, router.id().toString());
      List<Radvd.Interface> advertising = new ArrayList<>();
      for (Resource port : ports) {
        if (isUsed(port, DeviceOwner.ROUTER_INTERFACE)) {
          String device = DeviceNames.routerInterface(port.id());
          device(port, device);
          List<Resource> subnets = version6(port).stream().map(this::subnet).toList();
          if (subnets.stream().anyMatch(subnet -> subnet.find(Subnets.RA_MODE).isPresent())) {
            int mtu = view.get(Networks.NETWORK, port.get(Ports.NETWORK_ID)).get(Networks.MTU);
            advertising.add(new Radvd.Interface(device, mtu, subnets));
          }
        }
      }
      radvd.program(router.id(), namespace(), advertising).ifPresent(out::add);
      ports.stream()
          .filter(port -> isUsed(port, DeviceOwner.ROUTER_GATEWAY))
          .findFirst()
          .ifPresent(this::gateway);
      Map<IpPrefix, List<InetAddress>> asked = new LinkedHashMap<>();
      for (HostRoute route : router.get(Routers.ROUTES)) {
        asked
            .computeIfAbsent(prefix(route.destination()), d -> new ArrayList<>())
            .add(route.nexthop().toInetAddress());
      }
      asked.forEach((destination, hops) ->
          routes.put(
              destination,
              hops.size() == 1 ? new Hop.Gateway(hops.getFirst()) : new Hop.Gateways(hops)));
      // The networks that it is on itself it reaches without.
      ports.stream()
          .flatMap(port -> port.get(Ports.FIXED_IPS).stream())
          .forEach(ip -> routes.remove(prefix(subnet(ip).get(Subnets.CIDR))));
      routes.forEach((destination, hop) -> out.add(new RouteItem(namespace(), destination, hop)));
    }

    private static boolean isUsed(Resource port, String owner) {
      return port.get(Ports.DEVICE_OWNER).equals(owner) && port.get(Ports.ADMIN_STATE_UP);
    }

    private void device(Resource port, String device) {
      out.add(
          new DeviceItem(
              namespace(),
              device,
              DeviceNames.outer(port.id()),
              new MacAddress(port.get(Ports.MAC_ADDRESS).value()),
              view.get(Networks.NETWORK, port.get(Ports.NETWORK_ID)).get(Networks.MTU),
              ipv6(port)));
      for (FixedIp ip : port.get(Ports.FIXED_IPS)) {
        int length = subnet(ip).get(Subnets.CIDR).length();
        out.add(
            new AddressItem(namespace(), device, new IpPrefix(ip.ip().toInetAddress(), length)));
      }
    }

    private static List<FixedIp> version4(Resource port) {
      return port.get(Ports.FIXED_IPS).stream().filter(ip -> ip.ip().version() == 4).toList();
    }

    private static List<FixedIp> version6(Resource port) {
      return port.get(Ports.FIXED_IPS).stream().filter(ip -> ip.ip().version() == 6).toList();
    }

    private Resource subnet(FixedIp ip) {
      return view.get(Subnets.SUBNET, ip.subnet());
    }

    private void gateway(Resource port) {
      String device = DeviceNames.routerGateway(port.id());
      device(port, device);
      defaultRoutes(port, device);
      Map<InetAddress, InetAddress> translated = new HashMap<>();
      for (Resource floating : view.list(FloatingIps.ROUTER_ID, router.id())) {
        Optional<IpAddress> fixed = floating.find(FloatingIps.FIXED_ADDRESS);
        if (fixed.isPresent()) {
          InetAddress address = floating.get(FloatingIps.ADDRESS).toInetAddress();
          translated.put(address, fixed.get().toInetAddress());
          out.add(new AddressItem(namespace(), device, IpPrefix.host(address)));
          if (!floating.get(FloatingIps.STATUS).equals("ACTIVE")) {
            out.report("floatingip", "status", floating.id(), Map.of("status", "ACTIVE"));
          }
        }
      }
      Optional<InetAddress> own =
          router
              .find(Routers.GATEWAY)
              .filter(GatewayInfo::snat)
              .flatMap(info -> version4(port).stream().findFirst())
              .map(ip -> ip.ip().toInetAddress());
      Translation translation = new Translation(device, own, translated);
      out.add(new NatItem(namespace(), translation.table()));
    }

    /**
     * Other subnets of the external network are on the link, as is a gateway outside its subnet.
     */
    private void defaultRoutes(Resource port, String device) {
      List<Resource> used = port.get(Ports.FIXED_IPS).stream().map(this::subnet).toList();
      for (Resource subnet : view.list(Subnets.NETWORK_ID, port.get(Ports.NETWORK_ID))) {
        boolean spoken = subnet.get(Subnets.IP_VERSION) == 4 || ipv6(port) != Ipv6.OFF;
        if (!used.contains(subnet) && spoken) {
          routes.put(prefix(subnet.get(Subnets.CIDR)), new Hop.OnLink(device));
        }
      }
      for (int version : List.of(4, 6)) {
        used.stream()
            .filter(subnet -> subnet.get(Subnets.IP_VERSION) == version)
            .filter(subnet -> subnet.find(Subnets.GATEWAY_IP).isPresent())
            .findFirst()
            .ifPresent(subnet -> {
              IpAddress gateway = subnet.get(Subnets.GATEWAY_IP);
              if (!gateway.isLinkLocal() && !subnet.get(Subnets.CIDR).contains(gateway)) {
                routes.put(IpPrefix.host(gateway.toInetAddress()), new Hop.OnLink(device));
              }
              routes.put(version == 4 ? EVERYWHERE : EVERYWHERE_6, gateway(gateway, device));
            });
      }
      if (ipv6(port) != Ipv6.OFF && !routes.containsKey(EVERYWHERE_6)) {
        upstream.ifPresent(via -> routes.put(EVERYWHERE_6, gateway(via, device)));
      }
    }

    /**
     * A gateway without an IPv6 router that it knows of listens for one, if anybody inside speaks
     * IPv6.
     */
    private Ipv6 ipv6(Resource port) {
      List<FixedIp> own = version6(port);
      boolean isGateway = port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_GATEWAY);
      if (!isGateway) {
        return own.isEmpty() ? Ipv6.OFF : Ipv6.PLANNED;
      }
      boolean insideSpeaks =
          view.list(Ports.DEVICE_ID, router.id().toString()).stream()
              .anyMatch(p -> isUsed(p, DeviceOwner.ROUTER_INTERFACE) && !version6(p).isEmpty());
      boolean knowsRouter =
          upstream.isPresent()
              || own.stream().anyMatch(ip -> subnet(ip).find(Subnets.GATEWAY_IP).isPresent());
      if (!insideSpeaks && own.isEmpty()) {
        return Ipv6.OFF;
      }
      return knowsRouter || !insideSpeaks ? Ipv6.PLANNED : Ipv6.ADVERTISED;
    }

    private static Hop gateway(IpAddress address, String device) {
      return address.version() == 6 && address.isLinkLocal()
          ? new Hop.LinkLocalGateway(address.toInetAddress(), device)
          : new Hop.Gateway(address.toInetAddress());
    }

    private static IpPrefix prefix(org.nucleon.core.net.IpPrefix cidr) {
      return new IpPrefix(cidr.address().toInetAddress(), cidr.length());
    }
  }
}
