package org.nucleon.router.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.GatewayInfo;
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
    if (port.isChanged(Ports.FIXED_IPS) && !mayChange(tx, before, port)) {
      throw RouterErrors.badRequest(
          "port", "IP updates for port " + before.id() + " are not allowed");
    }
    if (port.isChanged(Ports.DEVICE_OWNER) || port.isChanged(Ports.DEVICE_ID)) {
      throw RouterErrors.badRequest(
          "port", "device_owner and device_id of port " + before.id() + " belong to its router");
    }
  }

  /** Of a router's interface, the addresses of IPv6: its port may serve several prefixes. */
  private static boolean mayChange(Transaction tx, Resource before, Draft port) {
    if (!before.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE)
        || !version4(tx, before).equals(version4(tx, port))
        || port.get(Ports.FIXED_IPS).isEmpty()) {
      return false;
    }
    Resource router = tx.get(Routers.ROUTER, UUID.fromString(before.get(Ports.DEVICE_ID)));
    tx.guards(router);
    List<Resource> connected = ConnectedSubnets.all(tx, router);
    Set<Resource> had = subnets(tx, before);
    Set<Resource> has = subnets(tx, port);
    for (Resource subnet : has) {
      if (!had.contains(subnet)) {
        Interfaces.checkAdvertised(subnet);
        ConnectedSubnets.check(subnet, connected);
      }
    }
    had.removeAll(has);
    had.forEach(subnet -> Interfaces.checkUnused(tx, router, subnet.id()));
    return true;
  }

  private static List<FixedIp> version4(Transaction tx, Attributes port) {
    return port.get(Ports.FIXED_IPS).stream()
        .filter(one ->
            one.address() == null
                ? subnet(tx, port, one).filter(s -> s.get(Subnets.IP_VERSION) == 4).isPresent()
                : one.ip().version() == 4)
        .toList();
  }

  private static Set<Resource> subnets(Transaction tx, Attributes port) {
    return port.get(Ports.FIXED_IPS).stream()
        .flatMap(one -> subnet(tx, port, one).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The subnet that an entry of a request means; empty if it is for others to refuse. */
  private static Optional<Resource> subnet(Transaction tx, Attributes port, FixedIp one) {
    UUID id = one.subnetId();
    if (id != null) {
      return tx.find(Subnets.SUBNET, id);
    }
    return tx.list(Subnets.NETWORK_ID, port.get(Ports.NETWORK_ID)).stream()
        .filter(s -> one.address() != null && s.get(Subnets.CIDR).contains(one.ip()))
        .findFirst();
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

  /** A router shows the addresses that its gateway port has. */
  @Override
  public void afterUpdate(Transaction tx, Resource before, Resource port) {
    if (!port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_GATEWAY)
        || port.get(Ports.FIXED_IPS).equals(before.get(Ports.FIXED_IPS))) {
      return;
    }
    Values.parseUuid(port.get(Ports.DEVICE_ID))
        .flatMap(id -> tx.find(Routers.ROUTER, id))
        .filter(
            router -> router.find(Routers.GATEWAY_PORT_ID).filter(port.id()::equals).isPresent())
        .ifPresent(router -> {
          GatewayInfo gateway = router.get(Routers.GATEWAY).with(port.get(Ports.FIXED_IPS));
          tx.update(router, draft -> draft.set(Routers.GATEWAY, gateway));
        });
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
