package org.nucleon.router.server;

import java.util.Set;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.Routers;

/**
 * Ports of routers and floating IPs are not for the port API; floating IPs let go of removed ports.
 */
final class RouterPortRules implements ResourceRules {

  private static final Set<String> OWNERS =
      Set.of(DeviceOwner.ROUTER_INTERFACE, DeviceOwner.ROUTER_GATEWAY, DeviceOwner.FLOATING_IP);

  @Override
  public void onCreateRequest(Transaction tx, Draft port) {
    checkRouter(tx, port);
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft port) {
    checkRouter(tx, port);
    Resource before = port.before().orElseThrow();
    if (!OWNERS.contains(before.get(Ports.DEVICE_OWNER)) || !isInService(tx, before)) {
      return;
    }
    if (port.isChanged(Ports.FIXED_IPS)) {
      throw RouterErrors.badRequest(
          "port", "IP updates for port " + before.id() + " are not allowed");
    }
    if (port.isChanged(Ports.DEVICE_OWNER) || port.isChanged(Ports.DEVICE_ID)) {
      throw RouterErrors.badRequest(
          "port", "device_owner and device_id of port " + before.id() + " belong to its router");
    }
  }

  /** Nobody gets a port into another project's router by naming it. */
  private static void checkRouter(Transaction tx, Draft port) {
    String device = port.get(Ports.DEVICE_ID);
    if (!OWNERS.contains(port.get(Ports.DEVICE_OWNER)) || device.isEmpty()) {
      return;
    }
    boolean foreign =
        Values.parseUuid(device)
            .flatMap(id -> tx.find(Routers.ROUTER, id))
            .filter(router -> !tx.caller().owns(router.project()))
            .isPresent();
    if (foreign) {
      throw ApiException.conflict(
          "DeviceIDNotOwnedByTenant",
          "The following device_id "
              + device
              + " is not owned by your tenant or matches"
              + " another tenants router.");
    }
  }

  private static boolean isInService(Transaction tx, Resource port) {
    return Values.parseUuid(port.get(Ports.DEVICE_ID))
        .filter(id ->
            tx.find(Routers.ROUTER, id).isPresent()
                || tx.find(FloatingIps.FLOATING_IP, id).isPresent())
        .isPresent();
  }

  @Override
  public void onDeleteRequest(Transaction tx, Resource port) {
    String owner = port.get(Ports.DEVICE_OWNER);
    if (OWNERS.contains(owner) && !port.get(Ports.FIXED_IPS).isEmpty() && isInService(tx, port)) {
      throw RouterErrors.servicePortInUse(port, owner);
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource port) {
    for (Resource floating : tx.list(FloatingIps.PORT_ID, port.id())) {
      tx.update(
          floating,
          draft -> draft.set(FloatingIps.PORT_ID, null).set(FloatingIps.FIXED_ADDRESS, null));
    }
  }

  /** What external networks owe to routers and floating IPs. */
  static final class OfNetworks implements ResourceRules {
    @Override
    public void onUpdate(Transaction tx, Resource before, Draft network) {
      if (before.get(Networks.EXTERNAL) && !network.get(Networks.EXTERNAL)) {
        tx.guards(before);
        if (!tx.list(Routers.GATEWAY, before.id()).isEmpty()) {
          throw ApiException.conflict(
              "ExternalNetworkInUse",
              "External network "
                  + before.id()
                  + " cannot be updated to be made non-external, since it has existing gateway"
                  + " ports.");
        }
      }
    }

    @Override
    public void onDelete(Transaction tx, Resource network) {
      for (Resource floating : tx.list(FloatingIps.NETWORK_ID, network.id())) {
        if (floating.find(FloatingIps.PORT_ID).isEmpty()) {
          tx.delete(floating);
        }
      }
    }
  }
}
