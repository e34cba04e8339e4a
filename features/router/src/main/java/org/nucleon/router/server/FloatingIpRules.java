package org.nucleon.router.server;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
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

/** Addresses and associations of floating IPs. */
final class FloatingIpRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft floating) {
    UUID network = floating.get(FloatingIps.NETWORK_ID);
    var _ =
        tx.find(Networks.NETWORK, network)
            .filter(n -> Networks.isVisible(tx, n, tx.caller()))
            .orElseThrow(() -> networkNotFound(network));
    checkRights(tx, floating);
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft floating) {
    checkRights(tx, floating);
    if (floating.isChanged(FloatingIps.PORT_ID) && !floating.isGiven(FloatingIps.FIXED_ADDRESS)) {
      floating.set(FloatingIps.FIXED_ADDRESS, null); // chosen anew for another port
    }
  }

  private static ApiException networkNotFound(UUID id) {
    return ApiException.notFound("NetworkNotFound", "Network " + id + " could not be found.");
  }

  private static void checkRights(Transaction tx, Draft floating) {
    UUID portId = floating.value(FloatingIps.PORT_ID);
    if (!floating.isGiven(FloatingIps.PORT_ID) || portId == null) {
      return;
    }
    Resource port =
        tx.find(Ports.PORT, portId)
            .filter(p -> tx.caller().owns(p.project()))
            .orElseThrow(() ->
                ApiException.notFound("PortNotFound", "Port " + portId + " could not be found."));
    if (!tx.caller().admin() && !port.project().equals(floating.project())) {
      throw RouterErrors.badRequest(
          "floatingip", "Port " + portId + " is associated with a different tenant");
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft floating) {
    UUID networkId = floating.get(FloatingIps.NETWORK_ID);
    Resource network =
        tx.find(Networks.NETWORK, networkId).orElseThrow(() -> networkNotFound(networkId));
    if (!network.get(Networks.EXTERNAL)) {
      throw RouterErrors.badRequest(
          "floatingip", "Network " + networkId + " is not a valid external network");
    }
    if (tx.list(Subnets.NETWORK_ID, networkId).stream()
        .noneMatch(subnet -> subnet.get(Subnets.IP_VERSION) == 4)) {
      throw RouterErrors.badRequest(
          "floatingip", "Network " + networkId + " does not contain any IPv4 subnet");
    }
    Draft holder =
        tx.draft(Ports.PORT, "")
            .set(Ports.NETWORK_ID, networkId)
            .set(Ports.DEVICE_ID, floating.id().toString())
            .set(Ports.DEVICE_OWNER, DeviceOwner.FLOATING_IP);
    UUID subnet = floating.value(FloatingIps.SUBNET_ID);
    IpAddress chosen = floating.value(FloatingIps.ADDRESS);
    if (subnet != null) {
      checkSubnet(tx, subnet, networkId);
    }
    if (subnet != null || chosen != null) {
      holder.set(Ports.FIXED_IPS, List.of(new FixedIp(subnet, chosen)));
    }
    Resource port = hold(tx, holder, networkId);
    IpAddress address =
        port.get(Ports.FIXED_IPS).stream()
            .map(FixedIp::ip)
            .filter(ip -> ip.version() == 4)
            .findFirst()
            .orElseThrow(() -> exhausted(networkId));
    floating.set(FloatingIps.ADDRESS, address).set(FloatingIps.HOLDER_ID, port.id());
    associate(tx, floating);
  }

  private static void checkSubnet(Transaction tx, UUID id, UUID network) {
    Resource subnet =
        tx.find(Subnets.SUBNET, id)
            .orElseThrow(() ->
                ApiException.notFound("SubnetNotFound", "Subnet " + id + " could not be found."));
    if (!subnet.get(Subnets.NETWORK_ID).equals(network) || subnet.get(Subnets.IP_VERSION) != 4) {
      throw RouterErrors.badRequest(
          "floatingip", "subnet_id " + id + " is no IPv4 subnet of network " + network);
    }
  }

  private static Resource hold(Transaction tx, Draft holder, UUID network) {
    try {
      return tx.create(holder);
    } catch (ApiException e) {
      throw e.type().equals("IpAddressGenerationFailure") ? exhausted(network) : e;
    }
  }

  private static ApiException exhausted(UUID network) {
    return ApiException.badRequest(
        "ExternalIpAddressExhausted",
        "Unable to find any IP address on external network " + network + ".");
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft floating) {
    if (floating.isChanged(FloatingIps.PORT_ID) || floating.isChanged(FloatingIps.FIXED_ADDRESS)) {
      release(tx, before);
      associate(tx, floating);
    }
  }

  private static void release(Transaction tx, Resource before) {
    UUID port = before.value(FloatingIps.PORT_ID);
    IpAddress fixed = before.value(FloatingIps.FIXED_ADDRESS);
    if (port != null && fixed != null) {
      tx.release(FloatingIps.association(port, fixed, before.get(FloatingIps.NETWORK_ID)));
    }
  }

  private static void associate(Transaction tx, Draft floating) {
    floating.set(FloatingIps.STATUS, "DOWN").set(FloatingIps.ROUTER_ID, null);
    UUID portId = floating.value(FloatingIps.PORT_ID);
    if (portId == null) {
      if (floating.value(FloatingIps.FIXED_ADDRESS) != null) {
        throw RouterErrors.badRequest(
            "floatingip", "fixed_ip_address cannot be specified without a port_id");
      }
      return;
    }
    Resource port =
        tx.find(Ports.PORT, portId)
            .orElseThrow(() ->
                ApiException.notFound("PortNotFound", "Port " + portId + " could not be found."));
    if (port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP)) {
      throw RouterErrors.badRequest(
          "floatingip", "Port " + portId + " is a DHCP server's and takes no floating IP");
    }
    FixedIp fixed = choose(port, floating.value(FloatingIps.FIXED_ADDRESS));
    UUID network = floating.get(FloatingIps.NETWORK_ID);
    Resource router = routerBetween(tx, port, fixed, network);
    tx.reliesOn(router);
    if (!tx.claim(FloatingIps.association(portId, fixed.ip(), network), floating.id())) {
      throw ApiException.conflict(
          "FloatingIPPortAlreadyAssociated",
          "Cannot associate floating IP "
              + floating.value(FloatingIps.ADDRESS)
              + " ("
              + floating.id()
              + ") with port "
              + portId
              + " using fixed IP "
              + fixed.ip()
              + ", as that fixed IP already has a floating IP on external network "
              + network
              + ".");
    }
    floating.set(FloatingIps.FIXED_ADDRESS, fixed.ip()).set(FloatingIps.ROUTER_ID, router.id());
  }

  private static FixedIp choose(Resource port, @Nullable IpAddress wanted) {
    List<FixedIp> candidates =
        port.get(Ports.FIXED_IPS).stream().filter(f -> f.ip().version() == 4).toList();
    if (wanted != null) {
      return candidates.stream()
          .filter(f -> f.ip().equals(wanted))
          .findFirst()
          .orElseThrow(() ->
              RouterErrors.badRequest(
                  "floatingip", "Port " + port.id() + " does not have fixed ip " + wanted));
    }
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    throw RouterErrors.badRequest(
        "floatingip",
        candidates.isEmpty()
            ? "Cannot add floating IP to port " + port.id() + " that has no fixed IPv4 addresses"
            : "Port "
                + port.id()
                + " has multiple fixed IPv4 addresses. Must provide a specific IPv4 address when"
                + " assigning a floating IP");
  }

  /** The router that connects the fixed IP's subnet with the external network. */
  private static Resource routerBetween(
      Transaction tx, Resource port, FixedIp fixed, UUID network) {
    IpAddress gateway =
        tx.get(Subnets.SUBNET, fixed.subnet())
            .find(Subnets.GATEWAY_IP)
            .orElseThrow(() ->
                RouterErrors.badRequest(
                    "floatingip",
                    "Cannot add floating IP to port on subnet "
                        + fixed.subnet()
                        + " which has no gateway_ip"));
    Resource found = null;
    for (Resource candidate : tx.list(Ports.FIXED_IPS, fixed.subnet())) {
      if (!candidate.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE)) {
        continue;
      }
      Optional<Resource> router =
          Values.parseUuid(candidate.get(Ports.DEVICE_ID))
              .flatMap(id -> tx.find(Routers.ROUTER, id))
              .filter(r -> leadsTo(r, network));
      boolean holdsGateway =
          candidate.get(Ports.FIXED_IPS).stream().anyMatch(f -> f.ip().equals(gateway));
      if (router.isPresent() && (found == null || holdsGateway)) {
        found = router.get();
      }
    }
    if (found == null) {
      throw ApiException.notFound(
          "ExternalGatewayForFloatingIPNotFound",
          "External network "
              + network
              + " is not reachable from subnet "
              + fixed.subnet()
              + ". Therefore, cannot associate Port "
              + port.id()
              + " with a Floating IP.");
    }
    return found;
  }

  private static boolean leadsTo(Resource router, UUID network) {
    return router
        .find(Routers.GATEWAY)
        .map(GatewayInfo::network)
        .filter(network::equals)
        .isPresent();
  }

  @Override
  public void onDelete(Transaction tx, Resource floating) {
    tx.find(Ports.PORT, floating.get(FloatingIps.HOLDER_ID)).ifPresent(tx::delete);
  }
}
