package org.nucleon.router.server;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** Gateways, extra routes and removal of routers. */
final class RouterRules implements ResourceRules {

  static final Option<Integer> MAX_ROUTES =
      Option.integer("DEFAULT", "max_routes", 30, "Static routes a router may have");

  static final Option<Boolean> SNAT_BY_DEFAULT =
      Option.bool(
          "DEFAULT",
          "enable_snat_by_default",
          true,
          "Whether new gateways translate sources unless told otherwise");

  private final int maxRoutes;
  private final boolean snatByDefault;

  private final List<String> zonesByDefault;

  RouterRules(int maxRoutes, boolean snatByDefault, List<String> zonesByDefault) {
    this.zonesByDefault = zonesByDefault;
    this.maxRoutes = maxRoutes;
    this.snatByDefault = snatByDefault;
  }

  @Override
  public void onCreateRequest(Transaction tx, Draft router) {
    checkRights(tx, router);
    if (router.get(Routers.ZONE_HINTS).isEmpty()) {
      router.set(Routers.ZONE_HINTS, zonesByDefault);
    }
    Agents.requireZones(tx, Routers.AGENT_TYPE, router.get(Routers.ZONE_HINTS));
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft router) {
    checkRights(tx, router);
  }

  private static void checkRights(Transaction tx, Draft router) {
    GatewayInfo gateway = router.value(Routers.GATEWAY);
    if (!router.isGiven(Routers.GATEWAY) || gateway == null || gateway.networkId() == null) {
      return;
    }
    boolean visible =
        tx.find(Networks.NETWORK, gateway.network())
            .filter(n -> Networks.isVisible(tx, n, tx.caller()))
            .isPresent();
    if (!visible) {
      throw ApiException.notFound(
          "NetworkNotFound", "Network " + gateway.networkId() + " could not be found.");
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft router) {
    refuseKinds(router);
    Gateways.settle(tx, null, router, snatByDefault);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft router) {
    checkConversion(before, router);
    refuseKinds(router);
    if (router.isChanged(Routers.GATEWAY)) {
      Gateways.settle(tx, before.value(Routers.GATEWAY), router, snatByDefault);
    }
    if (router.isChanged(Routers.ROUTES) || router.isChanged(Routers.GATEWAY)) {
      tx.guards(before);
      checkRoutes(tx, router);
    }
    if (router.isChanged(Routers.HOST)) {
      String host = router.get(Routers.HOST);
      for (Resource port : ports(tx, before)) {
        tx.update(port, draft -> draft.set(Binding.HOST_ID, host));
      }
      for (Resource floating : tx.list(FloatingIps.ROUTER_ID, before.id())) {
        tx.update(floating, draft -> draft.set(FloatingIps.STATUS, "DOWN"));
      }
    }
  }

  /** A router is converted only while it was down already before the request. */
  private static void checkConversion(Resource before, Draft router) {
    if (!before.get(Routers.ADMIN_STATE_UP)) {
      return;
    }
    if (router.isChanged(Routers.HA)) {
      throw RouterErrors.badRequest(
          "router",
          "Cannot change HA attribute (ha) of active routers, set admin_state_up to False first");
    }
    if (router.isChanged(Routers.DISTRIBUTED)) {
      throw RouterErrors.badRequest(
          "router",
          "Cannot change the distributed attribute of active routers, set admin_state_up to False"
              + " first");
    }
  }

  private static void refuseKinds(Draft router) {
    for (Attribute<Boolean> kind : List.of(Routers.DISTRIBUTED, Routers.HA)) {
      if (router.get(kind)) {
        throw ApiException.invalidInput(
            "'%s' must be false: such routers are not supported by this release"
                .formatted(kind.name()));
      }
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource router) {
    tx.guards(router);
    List<Resource> interfaces = interfaces(tx, router.id());
    if (!interfaces.isEmpty()) {
      throw RouterErrors.routerInUse(router.id(), interfaces);
    }
    GatewayInfo gateway = router.value(Routers.GATEWAY);
    if (gateway != null && !tx.list(FloatingIps.ROUTER_ID, router.id()).isEmpty()) {
      throw RouterErrors.gatewayInUse(router.id(), gateway.network());
    }
    ports(tx, router).forEach(tx::delete);
  }

  /** The router's ports, its gateway port included. */
  static Collection<Resource> ports(View view, Resource router) {
    return view.list(Ports.DEVICE_ID, router.id().toString()).stream()
        .filter(port ->
            port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE)
                || port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_GATEWAY))
        .toList();
  }

  /** The router's ports on tenant networks. */
  static List<Resource> interfaces(View view, UUID router) {
    return view.list(Ports.DEVICE_ID, router.toString()).stream()
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE))
        .toList();
  }

  private void checkRoutes(Transaction tx, Draft router) {
    List<HostRoute> routes = router.get(Routers.ROUTES);
    if (routes.size() > maxRoutes) {
      throw ApiException.badRequest(
          "RoutesExhausted",
          "Unable to complete operation for "
              + router.id()
              + ". The number of routes exceeds the maximum "
              + maxRoutes
              + ".");
    }
    for (HostRoute route : routes) {
      @Nullable String reason =
          route.destination().version() == route.nexthop().version()
              ? unreachable(tx, router, route.nexthop())
              : "destination and nexthop are of different IP versions";
      if (reason != null) {
        throw RouterErrors.invalidRoutes(HostRoute.TYPE.render(route), reason);
      }
    }
  }

  private static @Nullable String unreachable(Transaction tx, Draft router, IpAddress nexthop) {
    boolean connected = false;
    for (Resource port : tx.list(Ports.DEVICE_ID, router.id().toString())) {
      for (FixedIp fixedIp : port.get(Ports.FIXED_IPS)) {
        if (fixedIp.ip().equals(nexthop)) {
          return "the nexthop is used by router";
        }
        connected |= tx.get(Subnets.SUBNET, fixedIp.subnet()).get(Subnets.CIDR).contains(nexthop);
      }
    }
    return connected ? null : "the nexthop is not connected with router";
  }
}
