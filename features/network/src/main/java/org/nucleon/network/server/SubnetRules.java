package org.nucleon.network.server;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
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
    Ipv6Modes.check(subnet, cidr);
    NetworkRules.checkMtu(network, cidr.version());
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
      subnet.set(
          Subnets.ALLOCATION_POOLS,
          AllocationPools.byDefault(cidr, subnet.value(Subnets.GATEWAY_IP)));
    } else {
      AllocationPools.check(subnet, cidr);
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
      AllocationPools.check(subnet, cidr);
    }
    if (subnet.isChanged(Subnets.ENABLE_DHCP)) {
      checkCidr(subnet, cidr);
      Ipv6Modes.check(subnet, cidr);
    }
    checkLists(subnet);
  }

  @Override
  public void afterCreate(Transaction tx, Resource subnet) {
    if (!Subnets.isAutoAddress(subnet)) {
      return;
    }
    for (Resource port : ports(tx, subnet.get(Subnets.NETWORK_ID))) {
      if (AutoAddresses.has(port)) {
        tx.update(
            port, draft -> draft.set(Ports.FIXED_IPS, AutoAddresses.with(port, List.of(subnet))));
      }
    }
  }

  private static List<Resource> ports(Transaction tx, UUID network) {
    return List.copyOf(tx.list(Ports.NETWORK_ID, network));
  }

  @Override
  public void onDelete(Transaction tx, Resource subnet) {
    tx.guards(subnet);
    for (Resource port : tx.list(Ports.FIXED_IPS, subnet.id())) {
      boolean goes =
          Subnets.isAutoAddress(subnet)
              ? AutoAddresses.has(port)
              : DeviceOwner.goesWithNetwork(port.get(Ports.DEVICE_OWNER));
      if (!goes) {
        throw NetworkErrors.subnetInUse(
            subnet.id(), "One or more ports have an IP allocation from this subnet");
      }
    }
    tx.find(Networks.NETWORK, subnet.get(Subnets.NETWORK_ID)).ifPresent(tx::touch);
  }

  @Override
  public void afterDelete(Transaction tx, Resource subnet) {
    for (Resource port : List.copyOf(tx.list(Ports.FIXED_IPS, subnet.id()))) {
      List<FixedIp> left =
          port.get(Ports.FIXED_IPS).stream()
              .filter(ip -> !ip.subnet().equals(subnet.id()))
              .toList();
      if (left.isEmpty() && DeviceOwner.goesWithNetwork(port.get(Ports.DEVICE_OWNER))) {
        tx.delete(port);
      } else {
        tx.update(port, draft -> draft.set(Ports.FIXED_IPS, left));
      }
    }
  }

  private static void checkCidr(Draft subnet, IpPrefix cidr) {
    int version = subnet.get(Subnets.IP_VERSION);
    if (cidr.version() != version) {
      throw ApiException.invalidInput(
          "cidr '" + cidr + "' does not match the ip_version '" + version + "'");
    }
    if (cidr.length() == 0) {
      throw ApiException.invalidInput("'" + cidr + "' is not a routable CIDR");
    }
    if (!subnet.get(Subnets.ENABLE_DHCP)) {
      return;
    }
    if (cidr.length() > cidr.address().bits() - 2) {
      throw ApiException.invalidInput(
          "Subnet has a prefix length that is incompatible with DHCP service enabled");
    }
    if (isReserved(cidr.address())) {
      throw ApiException.invalidInput(
          "'" + cidr + "' is a multicast, loopback or reserved block, DHCP cannot be served there");
    }
  }

  /** Not for hosts: RFC 6890, and of IPv6 what is not unicast of more than one link. */
  private static boolean isReserved(IpAddress address) {
    if (address.version() == 4) {
      long first = address.low() >>> 24;
      return first == 127 || first == 0 || first >= 224;
    }
    return address.high() >>> 56 == 0xff || address.high() == 0 || address.isLinkLocal();
  }

  private static IpAddress first(IpPrefix cidr) {
    return cidr.length() == cidr.address().bits() ? cidr.address() : cidr.address().plus(1);
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
    if (cidr.contains(gateway) && !AllocationPools.isForHosts(cidr, gateway)) {
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
