package org.nucleon.network.server;

import java.util.Collection;
import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** Sharing and removal of networks. */
final class NetworkRules implements ResourceRules {

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft network) {
    if (before.get(Networks.SHARED) && !network.get(Networks.SHARED)) {
      tx.guards(before);
      boolean othersUse =
          tx.list(Ports.NETWORK_ID, before.id()).stream()
              .anyMatch(port ->
                  !port.project().equals(before.project())
                      && !DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER)));
      if (othersUse) {
        throw ApiException.conflict(
            "InvalidSharedSetting",
            "Unable to reconfigure sharing settings for network "
                + before.get(Networks.NAME)
                + ". Multiple tenants are using it.");
      }
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource network) {
    tx.guards(network);
    Collection<Resource> ports = tx.list(Ports.NETWORK_ID, network.id());
    List<Resource> inUse =
        ports.stream()
            .filter(port -> !port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
            .toList();
    if (!inUse.isEmpty()) {
      throw NetworkErrors.networkInUse(network.id(), inUse);
    }
    ports.forEach(tx::delete);
    tx.list(Subnets.NETWORK_ID, network.id()).forEach(tx::delete);
  }
}
