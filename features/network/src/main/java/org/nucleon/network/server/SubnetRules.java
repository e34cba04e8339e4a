package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.IpRange;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.SubnetPools;
import org.nucleon.network.api.Subnets;

/** Address blocks, gateways and allocation pools of subnets. */
final class SubnetRules implements ResourceRules {

  private static final int MAX_DNS_NAMESERVERS = 5;
  private static final int MAX_HOST_ROUTES = 20;

  @Override
  public void onCreateRequest(Transaction tx, Draft subnet) {
    UUID id = subnet.get(Subnets.NETWORK_ID);
    Resource network =
        tx.find(Networks.NETWORK, id)
            .filter(n -> Networks.isVisible(tx, n, tx.caller()))
            .orElseThrow(() -> NetworkErrors.networkNotFound(id));
    if (!tx.caller().owns(network.project())) {
      throw ApiException.forbidden(
          "PolicyNotAuthorized",
          "(rule:create_subnet) is disallowed by policy: only the owner of the network may");
    }
    SubnetBlocks.choosePool(tx, subnet);
    UUID pool = subnet.value(Subnets.POOL_ID);
    if (pool != null) {
      var _ =
          tx.find(SubnetPools.SUBNETPOOL, pool)
              .filter(p ->
                  tx.caller().owns(p.project()) || RbacPolicies.isShared(tx, p.id(), tx.caller()))
              .orElseThrow(() -> PoolErrors.poolNotFound(pool));
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft subnet) {
    UUID networkId = subnet.get(Subnets.NETWORK_ID);
    Resource network =
        tx.find(Networks.NETWORK, networkId)
            .orElseThrow(() -> NetworkErrors.networkNotFound(networkId));
    tx.guards(network);
    SubnetBlocks.cut(tx, subnet);
    IpPrefix cidr = subnet.get(Subnets.CIDR);
    checkCidr(subnet, cidr);
    SubnetBlocks.checkAffinity(tx, subnet, networkId, subnet.id());
    for (Resource other : tx.list(Subnets.NETWORK_ID, networkId)) {
      if (other.get(Subnets.CIDR).overlaps(cidr)) {
        throw ApiException.invalidInput(
            "Requested subnet with cidr: "
                + cidr
                + " for network: "
                + networkId
                + " overlaps with another subnet");
      }
    }
    if (!subnet.isGiven(Subnets.GATEWAY_IP) && subnet.value(Subnets.GATEWAY_IP) == null) {
      subnet.set(Subnets.GATEWAY_IP, first(cidr));
    }
    checkGateway(subnet, cidr);
    if (subnet.value(Subnets.ALLOCATION_POOLS) == null) {
      subnet.set(Subnets.ALLOCATION_POOLS, defaultPools(cidr, subnet.value(Subnets.GATEWAY_IP)));
    } else {
      checkPools(subnet, cidr);
    }
    checkLists(subnet);
    tx.touch(network);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft subnet) {
    IpPrefix cidr = subnet.get(Subnets.CIDR);
    if (subnet.isChanged(Subnets.GATEWAY_IP)) {
      tx.guards(before);
      checkGatewayIsFree(tx, before);
      checkGateway(subnet, cidr);
    }
    if (subnet.isChanged(Subnets.GATEWAY_IP) || subnet.isChanged(Subnets.ALLOCATION_POOLS)) {
      checkPools(subnet, cidr);
    }
    if (subnet.isChanged(Subnets.ENABLE_DHCP)) {
      checkCidr(subnet, cidr);
    }
    checkLists(subnet);
  }

  @Override
  public void onDelete(Transaction tx, Resource subnet) {
    tx.guards(subnet);
    List<Resource> servicePorts = new ArrayList<>();
    for (Resource port : tx.list(Ports.FIXED_IPS, subnet.id())) {
      if (!DeviceOwner.goesWithNetwork(port.get(Ports.DEVICE_OWNER))) {
        throw NetworkErrors.subnetInUse(
            subnet.id(), "One or more ports have an IP allocation from this subnet");
      }
      servicePorts.add(port);
    }
    for (Resource port : servicePorts) {
      List<FixedIp> left =
          port.get(Ports.FIXED_IPS).stream()
              .filter(ip -> !ip.subnet().equals(subnet.id()))
              .toList();
      if (left.isEmpty()) {
        tx.delete(port);
      } else {
        tx.update(port, draft -> draft.set(Ports.FIXED_IPS, left));
      }
    }
    tx.find(Networks.NETWORK, subnet.get(Subnets.NETWORK_ID)).ifPresent(tx::touch);
  }

  private static void checkCidr(Draft subnet, IpPrefix cidr) {
    if (subnet.get(Subnets.IP_VERSION) != 4) {
      throw ApiException.invalidInput(
          "'ip_version' must be 4: IPv6 subnets are not supported by this release");
    }
    if (cidr.version() != 4) {
      throw ApiException.invalidInput("cidr '" + cidr + "' does not match the ip_version '4'");
    }
    if (cidr.length() == 0) {
      throw ApiException.invalidInput("'" + cidr + "' is not a routable CIDR");
    }
    if (!subnet.get(Subnets.ENABLE_DHCP)) {
      return;
    }
    if (cidr.length() > 30) {
      throw ApiException.invalidInput(
          "Subnet has a prefix length that is incompatible with DHCP service enabled");
    }
    long first = cidr.address().low() >>> 24;
    if (first == 127 || first == 0 || first >= 224) {
      throw ApiException.invalidInput(
          "'" + cidr + "' is a multicast, loopback or reserved block, DHCP cannot be served there");
    }
  }

  private static IpAddress first(IpPrefix cidr) {
    return cidr.length() == 32 ? cidr.address() : cidr.address().plus(1);
  }

  private static void checkGateway(Draft subnet, IpPrefix cidr) {
    IpAddress gateway = subnet.value(Subnets.GATEWAY_IP);
    if (gateway == null) {
      return;
    }
    if (gateway.version() != cidr.version()) {
      throw ApiException.invalidInput(
          "gateway_ip '" + gateway + "' does not match the ip_version '" + cidr.version() + "'");
    }
    if (cidr.length() < 31 && (gateway.equals(cidr.address()) || gateway.equals(cidr.last()))) {
      throw ApiException.invalidInput("Gateway is not valid on subnet");
    }
  }

  /** A router that answers to the gateway's address would be cut off. */
  private static void checkGatewayIsFree(Transaction tx, Resource before) {
    IpAddress gateway = before.value(Subnets.GATEWAY_IP);
    for (Resource port : tx.list(Ports.FIXED_IPS, before.id())) {
      boolean holds =
          port.get(Ports.FIXED_IPS).stream()
              .anyMatch(ip -> ip.subnet().equals(before.id()) && ip.ip().equals(gateway));
      if (holds && port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE)) {
        throw ApiException.conflict(
            "GatewayIpInUse",
            "Current gateway ip "
                + gateway
                + " already in use by port "
                + port.id()
                + ". Unable to update.");
      }
    }
  }

  private static List<IpRange> defaultPools(
      IpPrefix cidr, @org.jspecify.annotations.Nullable IpAddress gateway) {
    IpRange whole = usable(cidr);
    if (gateway == null || !whole.contains(gateway)) {
      return List.of(whole);
    }
    List<IpRange> pools = new ArrayList<>();
    if (whole.start().compareTo(gateway) < 0) {
      pools.add(new IpRange(whole.start(), gateway.plus(-1)));
    }
    if (gateway.compareTo(whole.end()) < 0) {
      pools.add(new IpRange(gateway.plus(1), whole.end()));
    }
    return List.copyOf(pools);
  }

  /** All but the network and broadcast addresses; both addresses of a /31, the one of a /32. */
  private static IpRange usable(IpPrefix cidr) {
    return cidr.length() >= 31
        ? new IpRange(cidr.address(), cidr.last())
        : new IpRange(cidr.address().plus(1), cidr.last().plus(-1));
  }

  private static void checkPools(Draft subnet, IpPrefix cidr) {
    IpRange usable = usable(cidr);
    List<IpRange> pools = subnet.get(Subnets.ALLOCATION_POOLS);
    IpAddress gateway = subnet.value(Subnets.GATEWAY_IP);
    for (int i = 0; i < pools.size(); i++) {
      IpRange pool = pools.get(i);
      if (pool.start().version() != cidr.version()
          || pool.end().version() != cidr.version()
          || pool.start().compareTo(pool.end()) > 0) {
        throw ApiException.badRequest(
            "InvalidAllocationPool", "The allocation pool " + pool + " is not valid.");
      }
      if (!usable.contains(pool.start()) || !usable.contains(pool.end())) {
        throw ApiException.badRequest(
            "OutOfBoundsAllocationPool",
            "The allocation pool " + pool + " spans beyond the subnet cidr " + cidr + ".");
      }
      if (gateway != null && pool.contains(gateway)) {
        throw ApiException.conflict(
            "GatewayConflictWithAllocationPools",
            "Gateway ip " + gateway + " conflicts with allocation pool " + pool + ".");
      }
      for (IpRange other : pools.subList(0, i)) {
        if (pool.overlaps(other)) {
          throw ApiException.conflict(
              "OverlappingAllocationPools",
              "Found overlapping allocation pools: "
                  + other
                  + ", "
                  + pool
                  + " for subnet "
                  + cidr
                  + ".");
        }
      }
    }
  }

  private static void checkLists(Draft subnet) {
    List<IpAddress> nameservers = subnet.get(Subnets.DNS_NAMESERVERS);
    if (nameservers.size() > MAX_DNS_NAMESERVERS) {
      throw ApiException.badRequest(
          "DNSNameServersExhausted",
          "Unable to complete operation for "
              + subnet.id()
              + ". The number of DNS nameservers exceeds the limit "
              + MAX_DNS_NAMESERVERS
              + ".");
    }
    List<HostRoute> routes = subnet.get(Subnets.HOST_ROUTES);
    if (routes.size() > MAX_HOST_ROUTES) {
      throw ApiException.badRequest(
          "HostRoutesExhausted",
          "Unable to complete operation for "
              + subnet.id()
              + ". The number of host routes exceeds the limit "
              + MAX_HOST_ROUTES
              + ".");
    }
    int version = subnet.get(Subnets.IP_VERSION);
    for (IpAddress nameserver : nameservers) {
      if (nameserver.version() != version) {
        throw ApiException.invalidInput(
            "dns_nameservers '" + nameserver + "' does not match the ip_version '" + version + "'");
      }
    }
    for (HostRoute route : routes) {
      if (route.destination().version() != version || route.nexthop().version() != version) {
        throw ApiException.invalidInput(
            "host_routes '"
                + route.destination()
                + "' does not match the ip_version '"
                + version
                + "'");
      }
    }
  }
}
