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
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** A new subnet of an external network gives addresses to gateways that have none of its kind. */
final class NewExternalSubnets implements ResourceRules {

  @Override
  public void afterCreate(Transaction tx, Resource subnet) {
    Resource network = tx.get(Networks.NETWORK, subnet.get(Subnets.NETWORK_ID));
    if (!network.get(Networks.EXTERNAL)) {
      return;
    }
    for (Resource router : List.copyOf(tx.list(Routers.GATEWAY, network.id()))) {
      Optional<Resource> port =
          router.find(Routers.GATEWAY_PORT_ID).flatMap(id -> tx.find(Ports.PORT, id));
      int version = subnet.get(Subnets.IP_VERSION);
      boolean lacksOne =
          port.isPresent()
              && port.get().get(Ports.FIXED_IPS).stream()
                  .noneMatch(ip -> ip.ip().version() == version);
      if (lacksOne && !extend(tx, router, port.get(), subnet)) {
        return;
      }
    }
  }

  /** Whether there was an address left. */
  private static boolean extend(Transaction tx, Resource router, Resource port, Resource subnet) {
    List<FixedIp> more = new ArrayList<>(port.get(Ports.FIXED_IPS));
    more.add(new FixedIp(subnet.id(), null));
    Resource extended;
    try {
      extended = tx.update(port, draft -> draft.set(Ports.FIXED_IPS, List.copyOf(more)));
    } catch (ApiException e) {
      if (e.status() == 409) {
        return false;
      }
      throw e;
    }
    GatewayInfo gateway = router.get(Routers.GATEWAY);
    tx.update(
        router,
        draft ->
            draft.set(
                Routers.GATEWAY,
                new GatewayInfo(
                    gateway.network(), gateway.enableSnat(), extended.get(Ports.FIXED_IPS))));
    return true;
  }
}
