package org.nucleon.network.server;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.SubnetPools;
import org.nucleon.network.api.Subnets;

/** Where the blocks of new subnets come from: the request itself, or a subnet pool. */
final class SubnetBlocks {

  private SubnetBlocks() {}

  /** Names the pool that the request means, and refuses what contradicts itself. */
  static void choosePool(Transaction tx, Draft subnet) {
    if (subnet.value(Subnets.CIDR) != null && subnet.value(Subnets.PREFIXLEN) != null) {
      throw PoolErrors.badRequest("subnets", "cidr and prefixlen cannot both be given");
    }
    if (Boolean.TRUE.equals(subnet.value(Subnets.USE_DEFAULT_POOL))) {
      if (subnet.value(Subnets.POOL_ID) != null) {
        throw PoolErrors.badRequest(
            "subnets", "subnetpool_id and use_default_subnetpool cannot both be given");
      }
      int version = subnet.get(Subnets.IP_VERSION);
      subnet.set(
          Subnets.POOL_ID,
          tx.owner(SubnetPools.defaultOf(version))
              .orElseThrow(() ->
                  PoolErrors.badRequest("subnets", "No default subnetpool for IPv" + version)));
    }
    if (subnet.value(Subnets.CIDR) == null && subnet.value(Subnets.POOL_ID) == null) {
      throw PoolErrors.badRequest("subnets", "without a subnetpool a cidr must be given");
    }
  }

  /** Cuts the subnet's block from its pool, if it has one. */
  static void cut(Transaction tx, Draft subnet) {
    UUID id = subnet.value(Subnets.POOL_ID);
    if (id == null) {
      return;
    }
    Resource pool =
        tx.find(SubnetPools.SUBNETPOOL, id).orElseThrow(() -> PoolErrors.poolNotFound(id));
    tx.guards(pool);
    int version = pool.get(SubnetPools.IP_VERSION);
    if (version != subnet.get(Subnets.IP_VERSION)) {
      throw PoolErrors.badRequest(
          "subnets",
          "ip_version "
              + subnet.get(Subnets.IP_VERSION)
              + " cannot be had from an IPv"
              + version
              + " subnetpool");
    }
    IpPrefix wanted = subnet.value(Subnets.CIDR);
    if (wanted == null && subnet.value(Subnets.ALLOCATION_POOLS) != null) {
      throw PoolErrors.badRequest(
          "subnets", "allocation_pools can only be given together with a cidr");
    }
    int length = length(subnet, pool, wanted);
    checkQuota(tx, subnet.project(), pool, length);
    FreeSpace free = free(tx, pool);
    Optional<IpPrefix> block =
        wanted == null ? free.first(length) : Optional.of(wanted).filter(free::contains);
    subnet.set(
        Subnets.CIDR,
        block.orElseThrow(() ->
            ApiException.conflict(
                "SubnetAllocationError",
                "Failed to allocate subnet: "
                    + (wanted == null ? "no block of prefix length " + length : wanted)
                    + " is free in subnetpool "
                    + pool.id()
                    + ".")));
  }

  private static int length(Draft subnet, Resource pool, @Nullable IpPrefix wanted) {
    Integer asked = subnet.value(Subnets.PREFIXLEN);
    int length =
        wanted != null
            ? wanted.length()
            : asked != null ? asked : pool.get(SubnetPools.DEFAULT_PREFIXLEN);
    int min = pool.get(SubnetPools.MIN_PREFIXLEN);
    int max = pool.get(SubnetPools.MAX_PREFIXLEN);
    if (length < min) {
      throw PoolErrors.refused(
          "MinPrefixSubnetAllocationError",
          "Unable to allocate subnet with prefix length "
              + length
              + ", minimum allowed prefix is "
              + min);
    }
    if (length > max) {
      throw PoolErrors.refused(
          "MaxPrefixSubnetAllocationError",
          "Unable to allocate subnet with prefix length "
              + length
              + ", maximum allowed prefix is "
              + max);
    }
    return length;
  }

  private static void checkQuota(Transaction tx, String project, Resource pool, int length) {
    Integer quota = pool.value(SubnetPools.DEFAULT_QUOTA);
    if (quota == null) {
      return;
    }
    int unit = pool.get(SubnetPools.IP_VERSION) == 4 ? 32 : 64;
    double used =
        tx.list(Subnets.POOL_ID, pool.id()).stream()
            .filter(subnet -> subnet.project().equals(project))
            .mapToDouble(subnet -> Math.scalb(1.0, unit - subnet.get(Subnets.CIDR).length()))
            .sum();
    if (used + Math.scalb(1.0, unit - length) > quota) {
      throw ApiException.conflict(
          "SubnetPoolQuotaExceeded", "Per-tenant subnet pool prefix quota exceeded.");
    }
  }

  /** What of a pool's prefixes no subnet has. */
  static FreeSpace free(View view, Resource pool) {
    return FreeSpace.of(pool.get(SubnetPools.PREFIXES), taken(view, pool.id()));
  }

  /** The blocks of a pool's subnets. */
  static Collection<IpPrefix> taken(View view, UUID pool) {
    return view.list(Subnets.POOL_ID, pool).stream().map(s -> s.get(Subnets.CIDR)).toList();
  }

  /**
   * Refuses subnets of one version on one network whose addresses are not kept apart, or are by
   * different pools.
   */
  static void checkAffinity(Transaction tx, Attributes subnet, UUID network, UUID self) {
    @Nullable UUID pool = subnet.value(Subnets.POOL_ID);
    @Nullable UUID scope = scope(tx, pool);
    for (Resource other : List.copyOf(tx.list(Subnets.NETWORK_ID, network))) {
      @Nullable UUID otherPool = other.value(Subnets.POOL_ID);
      if (other.id().equals(self)
          || other.get(Subnets.IP_VERSION).intValue() != subnet.get(Subnets.IP_VERSION)
          || Objects.equals(pool, otherPool)) {
        continue;
      }
      @Nullable UUID otherScope = scope(tx, otherPool);
      if (scope == null && otherScope == null) {
        throw PoolErrors.refused(
            "NetworkSubnetPoolAffinityError",
            "Subnets hosted on the same network must be allocated from the same subnet pool");
      }
      if (!Objects.equals(scope, otherScope)) {
        throw affinity();
      }
    }
  }

  static ApiException affinity() {
    return PoolErrors.refused(
        "NetworkAddressScopeAffinityError",
        "Subnets hosted on the same network must belong to the same address scope");
  }

  /** The address scope of a pool, which must stay as it is. */
  private static @Nullable UUID scope(Transaction tx, @Nullable UUID pool) {
    if (pool == null) {
      return null;
    }
    Resource found = tx.get(SubnetPools.SUBNETPOOL, pool);
    tx.reliesOn(found);
    Attribute<UUID> scope = SubnetPools.ADDRESS_SCOPE_ID;
    return found.value(scope);
  }
}
