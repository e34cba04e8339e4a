package org.nucleon.router.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.Routers;

/** The actions {@code add_router_interface} and {@code remove_router_interface}. */
final class Interfaces {

  private Interfaces() {}

  static Map<String, @Nullable Object> add(
      Transaction tx, Resource router, Map<String, @Nullable Object> body) {
    Optional<UUID> subnetId = id(body, "subnet_id");
    Optional<UUID> portId = id(body, "port_id");
    if (subnetId.isEmpty() && portId.isEmpty()) {
      throw RouterErrors.badRequest("router", "Either subnet_id or port_id must be specified");
    }
    if (subnetId.isPresent() && portId.isPresent()) {
      throw RouterErrors.badRequest("router", "Cannot specify both subnet-id and port-id");
    }
    tx.guards(router);
    Resource port =
        subnetId.isPresent()
            ? addBySubnet(tx, router, subnetId.get())
            : addByPort(tx, router, portId.orElseThrow());
    tx.touch(router);
    return reply(router, port, subnetId);
  }

  private static Optional<UUID> id(Map<String, @Nullable Object> body, String name) {
    Object value = body.get(name);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        Values.parseUuid(String.valueOf(value))
            .orElseThrow(() ->
                ApiException.badRequest(
                    "HTTPBadRequest",
                    "Invalid input for "
                        + name
                        + ". Reason: "
                        + Values.quoted(value)
                        + " is not a valid UUID.")));
  }

  private static Resource addBySubnet(Transaction tx, Resource router, UUID id) {
    Resource subnet =
        tx.find(Subnets.SUBNET, id)
            .filter(s -> isVisible(tx, s))
            .orElseThrow(() -> subnetNotFound(id));
    Resource network = tx.get(Networks.NETWORK, subnet.get(Subnets.NETWORK_ID));
    if (!tx.caller().owns(network.project())) {
      throw RouterErrors.badRequest(
          "router", "Subnet " + id + " is not owned by project making the request");
    }
    tx.reliesOn(subnet);
    IpAddress gateway =
        subnet
            .find(Subnets.GATEWAY_IP)
            .orElseThrow(() ->
                RouterErrors.badRequest(
                    "router", "Subnet for router interface must have a gateway IP"));
    ConnectedSubnets.check(subnet, ConnectedSubnets.all(tx, router));
    checkAdvertised(subnet);
    FixedIp address = new FixedIp(id, gateway.isLinkLocal() ? null : gateway);
    Optional<Resource> present =
        subnet.get(Subnets.IP_VERSION) == 6
            ? interface6(tx, router.id(), network.id())
            : Optional.empty();
    if (present.isPresent()) { // one advertises for all prefixes of a link
      List<FixedIp> all = new ArrayList<>(present.get().get(Ports.FIXED_IPS));
      all.add(address);
      return tx.update(present.get(), draft -> draft.set(Ports.FIXED_IPS, List.copyOf(all)));
    }
    return tx.create(
        tx.draft(Ports.PORT, router.project())
            .set(Ports.NETWORK_ID, network.id())
            .set(Ports.FIXED_IPS, List.of(address))
            .set(Ports.DEVICE_ID, router.id().toString())
            .set(Ports.DEVICE_OWNER, DeviceOwner.ROUTER_INTERFACE)
            .set(Binding.HOST_ID, router.get(Routers.HOST)));
  }

  /** The router's port on a network that has IPv6 addresses already. */
  private static Optional<Resource> interface6(View view, UUID router, UUID network) {
    return RouterRules.interfaces(view, router).stream()
        .filter(port -> port.get(Ports.NETWORK_ID).equals(network) && hasIpv6(port))
        .findFirst();
  }

  private static boolean hasIpv6(Resource port) {
    return port.get(Ports.FIXED_IPS).stream().anyMatch(one -> one.ip().version() == 6);
  }

  /** A subnet with advertisements of somebody else's router is not one for ours. */
  static void checkAdvertised(Resource subnet) {
    if (subnet.find(Subnets.ADDRESS_MODE).isPresent() && subnet.find(Subnets.RA_MODE).isEmpty()) {
      throw RouterErrors.badRequest(
          "router",
          "IPv6 subnet "
              + subnet.id()
              + " configured to receive RAs from an external router cannot be added to Neutron"
              + " Router.");
    }
  }

  private static ApiException subnetNotFound(Object id) {
    return ApiException.notFound("SubnetNotFound", "Subnet " + id + " could not be found.");
  }

  private static boolean isVisible(Transaction tx, Resource subnet) {
    Resource network = tx.get(Networks.NETWORK, subnet.get(Subnets.NETWORK_ID));
    return tx.caller().owns(subnet.project())
        || tx.caller().owns(network.project())
        || Networks.isShared(tx, network, tx.caller());
  }

  private static Resource addByPort(Transaction tx, Resource router, UUID id) {
    Resource port =
        tx.find(Ports.PORT, id)
            .filter(p -> tx.caller().owns(p.project()))
            .orElseThrow(
                () -> ApiException.notFound("PortNotFound", "Port " + id + " could not be found."));
    if (!port.get(Ports.DEVICE_ID).isEmpty()) {
      throw ApiException.conflict(
          "PortInUse",
          "Unable to complete operation on port "
              + id
              + " for network "
              + port.get(Ports.NETWORK_ID)
              + ". Port already has an attached device "
              + port.get(Ports.DEVICE_ID)
              + ".");
    }
    if (port.get(Ports.FIXED_IPS).isEmpty()) {
      throw RouterErrors.badRequest("router", "Router port must have at least one fixed IP");
    }
    if (port.get(Ports.FIXED_IPS).stream().filter(f -> f.ip().version() == 4).count() > 1) {
      throw RouterErrors.badRequest("router", "Cannot have multiple IPv4 subnets on router port");
    }
    checkPools(tx, port);
    if (hasIpv6(port)) {
      interface6(tx, router.id(), port.get(Ports.NETWORK_ID))
          .ifPresent(other -> {
            throw RouterErrors.badRequest(
                "router",
                "Cannot have multiple router ports with the same network id if both contain IPv6"
                    + " subnets. Existing port "
                    + other.id()
                    + " has IPv6 subnet(s) and network id "
                    + other.get(Ports.NETWORK_ID));
          });
    }
    List<Resource> connected = ConnectedSubnets.all(tx, router);
    for (FixedIp one : port.get(Ports.FIXED_IPS)) {
      Resource subnet = tx.get(Subnets.SUBNET, one.subnet());
      checkAdvertised(subnet);
      ConnectedSubnets.check(subnet, connected);
    }
    return tx.update(
        port,
        draft ->
            draft
                .set(Ports.DEVICE_ID, router.id().toString())
                .set(Ports.DEVICE_OWNER, DeviceOwner.ROUTER_INTERFACE)
                .set(Binding.HOST_ID, router.get(Routers.HOST)));
  }

  /** On networks of others a router takes only addresses that they give away. */
  private static void checkPools(Transaction tx, Resource port) {
    Resource network = tx.get(Networks.NETWORK, port.get(Ports.NETWORK_ID));
    if (tx.caller().owns(network.project())) {
      return;
    }
    for (FixedIp one : port.get(Ports.FIXED_IPS)) {
      Resource subnet = tx.get(Subnets.SUBNET, one.subnet());
      if (subnet.get(Subnets.ALLOCATION_POOLS).stream().noneMatch(p -> p.contains(one.ip()))) {
        throw RouterErrors.badRequest(
            "router",
            "Address "
                + one.ip()
                + " of port "
                + port.id()
                + " is outside the allocation pools of subnet "
                + subnet.id());
      }
    }
  }

  static Map<String, @Nullable Object> remove(
      Transaction tx, Resource router, Map<String, @Nullable Object> body) {
    Optional<UUID> subnetId = id(body, "subnet_id");
    Optional<UUID> portId = id(body, "port_id");
    if (subnetId.isEmpty() && portId.isEmpty()) {
      throw RouterErrors.badRequest("router", "Either subnet_id or port_id must be specified");
    }
    tx.guards(router);
    Resource port =
        portId.isPresent()
            ? byPort(tx, router, portId.get(), subnetId)
            : bySubnet(tx, router, subnetId.orElseThrow());
    List<FixedIp> left =
        port.get(Ports.FIXED_IPS).stream()
            .filter(one -> portId.isEmpty() && !one.subnet().equals(subnetId.orElseThrow()))
            .toList();
    for (FixedIp one : port.get(Ports.FIXED_IPS)) {
      if (!left.contains(one)) {
        checkUnused(tx, router, one.subnet());
      }
    }
    if (left.isEmpty()) {
      tx.delete(port);
    } else { // of several prefixes the one that was named
      tx.update(port, draft -> draft.set(Ports.FIXED_IPS, left));
    }
    tx.touch(router);
    return reply(router, port, portId.isPresent() ? Optional.empty() : subnetId);
  }

  private static Resource byPort(
      Transaction tx, Resource router, UUID id, Optional<UUID> subnetId) {
    Resource port =
        RouterRules.interfaces(tx, router.id()).stream()
            .filter(p -> p.id().equals(id))
            .findFirst()
            .orElseThrow(() -> RouterErrors.interfaceNotFound(router.id(), id));
    if (subnetId.isPresent()
        && port.get(Ports.FIXED_IPS).stream().noneMatch(i -> i.subnet().equals(subnetId.get()))) {
      throw ApiException.badRequest(
          "SubnetMismatchForPort",
          "Subnet on port " + id + " does not match the requested subnet " + subnetId.get() + ".");
    }
    return port;
  }

  private static Resource bySubnet(Transaction tx, Resource router, UUID id) {
    if (tx.find(Subnets.SUBNET, id).isEmpty()) {
      throw subnetNotFound(id);
    }
    return RouterRules.interfaces(tx, router.id()).stream()
        .filter(p -> p.get(Ports.FIXED_IPS).stream().anyMatch(ip -> ip.subnet().equals(id)))
        .findFirst()
        .orElseThrow(() -> RouterErrors.interfaceNotFoundForSubnet(router.id(), id));
  }

  static void checkUnused(Transaction tx, Resource router, UUID subnet) {
    IpPrefix cidr = tx.get(Subnets.SUBNET, subnet).get(Subnets.CIDR);
    for (Resource floating : tx.list(FloatingIps.ROUTER_ID, router.id())) {
      if (floating.find(FloatingIps.FIXED_ADDRESS).filter(cidr::contains).isPresent()) {
        throw RouterErrors.interfaceInUseByFloatingIp(router.id(), subnet);
      }
    }
    if (router.get(Routers.ROUTES).stream().anyMatch(r -> cidr.contains(r.nexthop()))) {
      throw RouterErrors.interfaceInUseByRoute(router.id(), subnet);
    }
  }

  /** Of the subnet that was named, or else of all that the port has. */
  private static Map<String, @Nullable Object> reply(
      Resource router, Resource port, Optional<UUID> named) {
    List<String> subnets =
        port.get(Ports.FIXED_IPS).stream()
            .map(FixedIp::subnet)
            .filter(id -> named.isEmpty() || named.get().equals(id))
            .map(UUID::toString)
            .toList();
    Map<String, @Nullable Object> reply = new LinkedHashMap<>();
    reply.put("id", router.id().toString());
    reply.put("tenant_id", router.project());
    reply.put("port_id", port.id().toString());
    reply.put("network_id", port.get(Ports.NETWORK_ID).toString());
    reply.put("subnet_id", subnets.isEmpty() ? null : subnets.getLast());
    reply.put("subnet_ids", subnets);
    return reply;
  }
}
