package org.nucleon.router.server;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
import org.nucleon.router.api.Routers;

/** Connects routers to external networks and back. */
final class Gateways {

  private Gateways() {}

  /** Brings the gateway port in line with what the draft asks for, and completes the draft. */
  static void settle(
      Transaction tx, @Nullable GatewayInfo before, Draft router, boolean snatByDefault) {
    GatewayInfo wanted = router.value(Routers.GATEWAY);
    if (wanted != null && wanted.networkId() == null) {
      wanted = null;
    }
    if (wanted == null) {
      disconnect(tx, before, router);
    } else if (before == null || !before.network().equals(wanted.network())) {
      disconnect(tx, before, router);
      connect(tx, wanted, router, snatByDefault);
    } else {
      adjust(tx, before, wanted, router);
    }
  }

  private static void connect(
      Transaction tx, GatewayInfo wanted, Draft router, boolean snatByDefault) {
    UUID networkId = wanted.network();
    Resource network =
        tx.find(Networks.NETWORK, networkId)
            .orElseThrow(() ->
                ApiException.notFound(
                    "NetworkNotFound", "Network " + networkId + " could not be found."));
    if (!network.get(Networks.EXTERNAL)) {
      throw RouterErrors.badRequest(
          "router", "Network " + networkId + " is not an external network");
    }
    tx.reliesOn(network);
    List<Resource> inside = ConnectedSubnets.inside(tx, router.id());
    tx.list(Subnets.NETWORK_ID, networkId).forEach(s -> ConnectedSubnets.check(s, inside));
    boolean snat = wanted.enableSnat() == null ? snatByDefault : wanted.snat();
    Draft port =
        tx.draft(Ports.PORT, "")
            .set(Ports.NETWORK_ID, networkId)
            .set(Ports.DEVICE_ID, router.id().toString())
            .set(Ports.DEVICE_OWNER, DeviceOwner.ROUTER_GATEWAY)
            .set(Binding.HOST_ID, router.get(Routers.HOST));
    if (wanted.fixedIps() != null) {
      checkAddresses(tx, wanted.addresses());
      port.set(Ports.FIXED_IPS, wanted.addresses());
    }
    Resource created = tx.create(port);
    router
        .set(Routers.GATEWAY, new GatewayInfo(networkId, snat, created.get(Ports.FIXED_IPS)))
        .set(Routers.GATEWAY_PORT_ID, created.id());
  }

  private static void checkAddresses(Transaction tx, List<FixedIp> addresses) {
    for (FixedIp wanted : addresses) {
      UUID subnet = wanted.subnetId();
      boolean isGateway =
          wanted.address() != null
              && subnet != null
              && tx.find(Subnets.SUBNET, subnet)
                  .flatMap(s -> s.find(Subnets.GATEWAY_IP))
                  .filter(gateway -> gateway.equals(wanted.address()))
                  .isPresent();
      if (isGateway) {
        throw RouterErrors.badRequest(
            "router", "External IP " + wanted.address() + " is the same as the gateway IP");
      }
    }
  }

  private static void disconnect(Transaction tx, @Nullable GatewayInfo before, Draft router) {
    router.set(Routers.GATEWAY, null);
    if (before == null) {
      return;
    }
    router.before().ifPresent(tx::guards);
    if (!tx.list(FloatingIps.ROUTER_ID, router.id()).isEmpty()) {
      throw RouterErrors.gatewayInUse(router.id(), before.network());
    }
    router
        .find(Routers.GATEWAY_PORT_ID)
        .flatMap(id -> tx.find(Ports.PORT, id))
        .ifPresent(tx::delete);
    router.set(Routers.GATEWAY_PORT_ID, null);
  }

  private static void adjust(Transaction tx, GatewayInfo before, GatewayInfo wanted, Draft router) {
    List<FixedIp> addresses = before.addresses();
    if (wanted.fixedIps() != null && !wanted.addresses().equals(addresses)) {
      checkAddresses(tx, wanted.addresses());
      Resource port = tx.get(Ports.PORT, router.get(Routers.GATEWAY_PORT_ID));
      addresses =
          tx.update(port, draft -> draft.set(Ports.FIXED_IPS, wanted.addresses()))
              .get(Ports.FIXED_IPS);
    }
    boolean snat = wanted.enableSnat() == null ? before.snat() : wanted.snat();
    router.set(Routers.GATEWAY, new GatewayInfo(before.network(), snat, addresses));
  }
}
