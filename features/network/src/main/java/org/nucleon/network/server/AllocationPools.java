package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.IpRange;
import org.nucleon.core.resource.Draft;
import org.nucleon.network.api.Subnets;

/** The ranges of a subnet that ports get their addresses from. */
final class AllocationPools {

  private AllocationPools() {}

  /** All addresses for hosts but the gateway's. */
  static List<IpRange> byDefault(IpPrefix cidr, @Nullable IpAddress gateway) {
    IpRange whole = forHosts(cidr);
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

  /**
   * All but the first address (the network's; in IPv6 that of any router, RFC 4291, 2.6.1) and
   * IPv4's last, for broadcasts; every address where there are no more than two.
   */
  private static IpRange forHosts(IpPrefix cidr) {
    if (cidr.length() >= cidr.address().bits() - 1) {
      return new IpRange(cidr.address(), cidr.last());
    }
    return new IpRange(
        cidr.address().plus(1), cidr.version() == 4 ? cidr.last().plus(-1) : cidr.last());
  }

  /** Whether an address of the subnet is one that a host may have. */
  static boolean isForHosts(IpPrefix cidr, IpAddress address) {
    return forHosts(cidr).contains(address);
  }

  /**
   * Refuses pools that are outside of the block, overlap or hold the gateway.
   *
   * @throws ApiException 400 or 409
   */
  static void check(Draft subnet, IpPrefix cidr) {
    IpRange usable = forHosts(cidr);
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
}
