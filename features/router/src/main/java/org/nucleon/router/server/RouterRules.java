package org.nucleon.router.server;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
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

  private static final int MAX_ROUTES = 30;

  @Override
  public void onCreateRequest(Transaction tx, Draft router) {
    checkRights(tx, router);
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
            .filter(n ->
                tx.caller().owns(n.project()) || n.get(Networks.SHARED) || n.get(Networks.EXTERNAL))
            .isPresent();
    if (!visible) {
      throw ApiException.notFound(
          "NetworkNotFound", "Network " + gateway.networkId() + " could not be found.");
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft router) {
    Gateways.settle(tx, null, router);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft router) {
    if (router.isChanged(Routers.GATEWAY)) {
      Gateways.settle(tx, before.value(Routers.GATEWAY), router);
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
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource router) {
    tx.guards(router);
    List<Resource> interfaces = interfaces(tx, router);
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
  static List<Resource> interfaces(View view, Resource router) {
    return view.list(Ports.DEVICE_ID, router.id().toString()).stream()
        .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE))
        .toList();
  }

  private static void checkRoutes(Transaction tx, Draft router) {
    List<HostRoute> routes = router.get(Routers.ROUTES);
    if (routes.size() > MAX_ROUTES) {
      throw ApiException.badRequest(
          "RoutesExhausted",
          "Unable to complete operation for "
              + router.id()
              + ". The number of routes exceeds the maximum "
              + MAX_ROUTES
              + ".");
    }
    for (HostRoute route : routes) {
      @Nullable String reason = unreachable(tx, router, route.nexthop());
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
