package org.nucleon.router.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.Routers;

/** A new subnet of an external network gives addresses to gateways that have none of its kind. */
final class NewExternalSubnets implements ResourceRules {

  @Override
  public void afterCreate(Transaction tx, Resource subnet) {
    Resource network = tx.get(Networks.NETWORK, subnet.get(Subnets.NETWORK_ID));
    if (!network.get(Networks.EXTERNAL) || Subnets.isAutoAddress(subnet)) {
      return;
    }
    for (Resource router : List.copyOf(tx.list(Routers.GATEWAY, network.id()))) {
      Optional<Resource> port =
          router.find(Routers.GATEWAY_PORT_ID).flatMap(id -> tx.find(Ports.PORT, id));
      if (port.isPresent()
          && lacksOne(tx, port.get(), subnet.get(Subnets.IP_VERSION))
          && !extend(tx, port.get(), subnet)) {
        return;
      }
    }
  }

  private static boolean lacksOne(Transaction tx, Resource port, int version) {
    return port.get(Ports.FIXED_IPS).stream()
        .filter(ip -> ip.ip().version() == version)
        .allMatch(ip -> Subnets.isAutoAddress(tx.get(Subnets.SUBNET, ip.subnet())));
  }

  /** Whether there was an address left. */
  private static boolean extend(Transaction tx, Resource port, Resource subnet) {
    List<FixedIp> more = new ArrayList<>(port.get(Ports.FIXED_IPS));
    more.add(new FixedIp(subnet.id(), null));
    try {
      tx.update(port, draft -> draft.set(Ports.FIXED_IPS, List.copyOf(more)));
      return true;
    } catch (ApiException e) {
      if (e.status() == 409) {
        return false;
      }
      throw e;
    }
  }
}
