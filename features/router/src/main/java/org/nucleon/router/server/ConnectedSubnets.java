package org.nucleon.router.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** The subnets that a router connects, none of which may overlap another. */
final class ConnectedSubnets {

  private ConnectedSubnets() {}

  /** Those of its interfaces. */
  static List<Resource> inside(View view, UUID router) {
    List<Resource> subnets = new ArrayList<>();
    for (Resource port : RouterRules.interfaces(view, router)) {
      port.get(Ports.FIXED_IPS).forEach(ip -> subnets.add(view.get(Subnets.SUBNET, ip.subnet())));
    }
    return subnets;
  }

  /** Those of its interfaces, and all of its external network. */
  static List<Resource> all(View view, Resource router) {
    List<Resource> subnets = inside(view, router.id());
    GatewayInfo gateway = router.value(Routers.GATEWAY);
    if (gateway != null) {
      subnets.addAll(view.list(Subnets.NETWORK_ID, gateway.network()));
    }
    return subnets;
  }

  /** Refuses a subnet that is among the connected ones, or overlaps one of them. */
  static void check(Resource subnet, Collection<Resource> connected) {
    IpPrefix cidr = subnet.get(Subnets.CIDR);
    for (Resource other : connected) {
      if (other.id().equals(subnet.id())) {
        throw RouterErrors.badRequest(
            "router", "Router already has a port on subnet " + subnet.id());
      }
      if (other.get(Subnets.CIDR).overlaps(cidr)) {
        throw RouterErrors.badRequest(
            "router",
            "Cidr "
                + cidr
                + " of subnet "
                + subnet.id()
                + " overlaps with cidr "
                + other.get(Subnets.CIDR)
                + " of subnet "
                + other.id());
      }
    }
  }
}
