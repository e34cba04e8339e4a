package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.AddressScopes;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.SubnetPools;
import org.nucleon.network.api.Subnets;

/** Prefixes, sizes, address scopes and removal of subnet pools. */
final class SubnetPoolRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft pool) {
    checkScopeIsUsable(tx, pool);
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft pool) {
    checkScopeIsUsable(tx, pool);
    Resource before = pool.before().orElseThrow();
    if (pool.isChanged(SubnetPools.PREFIXES)) {
      FreeSpace wanted = new FreeSpace(FreeSpace.compact(pool.get(SubnetPools.PREFIXES)));
      if (!before.get(SubnetPools.PREFIXES).stream().allMatch(wanted::contains)) {
        throw PoolErrors.refused(
            "IllegalSubnetPoolPrefixUpdate",
            "Illegal update to prefixes of subnet pool "
                + before.id()
                + ": they must hold what they held");
      }
    }
  }

  private static void checkScopeIsUsable(Transaction tx, Draft pool) {
    @Nullable UUID scope = pool.value(SubnetPools.ADDRESS_SCOPE_ID);
    if (scope != null && pool.isGiven(SubnetPools.ADDRESS_SCOPE_ID)) {
      var _ =
          tx.find(AddressScopes.ADDRESS_SCOPE, scope)
              .filter(s ->
                  tx.caller().owns(s.project()) || RbacPolicies.isShared(tx, s.id(), tx.caller()))
              .orElseThrow(() -> PoolErrors.scopeNotFound(scope));
    }
  }

  @Override
  public void onCreate(Transaction tx, Draft pool) {
    settlePrefixes(pool);
    int version = pool.get(SubnetPools.IP_VERSION);
    if (pool.value(SubnetPools.MIN_PREFIXLEN) == null) {
      pool.set(SubnetPools.MIN_PREFIXLEN, version == 4 ? 8 : 64);
    }
    if (pool.value(SubnetPools.MAX_PREFIXLEN) == null) {
      pool.set(SubnetPools.MAX_PREFIXLEN, version == 4 ? 32 : 128);
    }
    if (pool.value(SubnetPools.DEFAULT_PREFIXLEN) == null) {
      pool.set(SubnetPools.DEFAULT_PREFIXLEN, pool.get(SubnetPools.MIN_PREFIXLEN));
    }
    checkLengths(pool);
    settleDefault(tx, pool);
    if (Boolean.TRUE.equals(pool.value(SubnetPools.SHARED))) {
      RbacPolicies.giveEveryone(
          tx,
          SubnetPools.SUBNETPOOL.name(),
          pool.id(),
          pool.project(),
          RbacPolicies.ACCESS_AS_SHARED);
    }
    checkScope(tx, pool);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft pool) {
    tx.guards(before);
    if (pool.isChanged(SubnetPools.PREFIXES)) {
      settlePrefixes(pool);
    }
    checkLengths(pool);
    if (pool.isChanged(SubnetPools.IS_DEFAULT)) {
      settleDefault(tx, pool);
    }
    if (pool.isChanged(SubnetPools.ADDRESS_SCOPE_ID)) {
      checkNetworks(tx, pool);
    }
    if (pool.isChanged(SubnetPools.ADDRESS_SCOPE_ID) || pool.isChanged(SubnetPools.PREFIXES)) {
      checkScope(tx, pool);
    }
  }

  private static void settlePrefixes(Draft pool) {
    List<IpPrefix> prefixes = pool.get(SubnetPools.PREFIXES);
    if (prefixes.isEmpty()) {
      throw PoolErrors.refused(
          "EmptySubnetPoolPrefixList", "Empty subnet pool prefix list in prefixes");
    }
    Integer version = pool.value(SubnetPools.IP_VERSION);
    int first = version == null ? prefixes.getFirst().version() : version;
    if (prefixes.stream().anyMatch(prefix -> prefix.version() != first)) {
      throw PoolErrors.refused(
          "PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool");
    }
    pool.set(SubnetPools.IP_VERSION, first).set(SubnetPools.PREFIXES, FreeSpace.compact(prefixes));
  }

  private static void checkLengths(Draft pool) {
    int bits = pool.get(SubnetPools.IP_VERSION) == 4 ? 32 : 128;
    int min = pool.get(SubnetPools.MIN_PREFIXLEN);
    int max = pool.get(SubnetPools.MAX_PREFIXLEN);
    int standard = pool.get(SubnetPools.DEFAULT_PREFIXLEN);
    demand(max <= bits, "max_prefixlen", max, "more than", "ip_version's", bits);
    demand(min <= max, "min_prefixlen", min, "more than", "max_prefixlen", max);
    demand(min <= standard, "default_prefixlen", standard, "less than", "min_prefixlen", min);
    demand(standard <= max, "default_prefixlen", standard, "more than", "max_prefixlen", max);
  }

  private static void demand(
      boolean holds, String what, int length, String relation, String bound, int value) {
    if (!holds) {
      throw PoolErrors.refused(
          "IllegalSubnetPoolPrefixBounds",
          "Illegal prefix bounds: "
              + what
              + "="
              + length
              + " is "
              + relation
              + " "
              + bound
              + "="
              + value);
    }
  }

  private static void settleDefault(Transaction tx, Draft pool) {
    int version = pool.get(SubnetPools.IP_VERSION);
    if (!pool.get(SubnetPools.IS_DEFAULT)) {
      pool.before().ifPresent(before -> tx.release(SubnetPools.defaultOf(version)));
    } else if (!tx.claim(SubnetPools.defaultOf(version), pool.id())) {
      throw ApiException.invalidInput("a default subnetpool for IPv" + version + " exists already");
    }
  }

  /** Addresses are unique in a scope, and pools that others see are not in one that they do not. */
  private static void checkScope(Transaction tx, Draft pool) {
    @Nullable UUID id = pool.value(SubnetPools.ADDRESS_SCOPE_ID);
    if (id == null) {
      return;
    }
    Resource scope =
        tx.find(AddressScopes.ADDRESS_SCOPE, id).orElseThrow(() -> PoolErrors.scopeNotFound(id));
    tx.guards(scope);
    int version = scope.get(AddressScopes.IP_VERSION);
    if (version != pool.get(SubnetPools.IP_VERSION)) {
      throw PoolErrors.refused(
          "IllegalSubnetPoolIpVersionAssociationToAddressScope",
          "Subnet pool "
              + pool.id()
              + " cannot be in address scope "
              + id
              + ", which is of IPv"
              + version);
    }
    if (isSharedWithAll(tx, pool.id()) && !isSharedWithAll(tx, id)) {
      throw PoolErrors.refused(
          "IllegalSubnetPoolAssociationToAddressScope",
          "The shared subnet pool "
              + pool.id()
              + " cannot be in address scope "
              + id
              + ", which is not shared");
    }
    for (Resource other : tx.list(SubnetPools.ADDRESS_SCOPE_ID, id)) {
      Optional<IpPrefix> overlap =
          other.id().equals(pool.id())
              ? Optional.empty()
              : overlap(pool.get(SubnetPools.PREFIXES), other.get(SubnetPools.PREFIXES));
      if (overlap.isPresent()) {
        throw ApiException.conflict(
            "AddressScopePrefixConflict",
            "Failed to associate address scope: prefix "
                + overlap.get()
                + " overlaps with those of another subnet pool in it.");
      }
    }
  }

  private static Optional<IpPrefix> overlap(List<IpPrefix> some, List<IpPrefix> others) {
    return some.stream().filter(one -> others.stream().anyMatch(one::overlaps)).findFirst();
  }

  private static boolean isSharedWithAll(Transaction tx, UUID id) {
    return tx.owner(RbacPolicies.claim(id, RbacPolicies.ACCESS_AS_SHARED, RbacPolicies.EVERYONE))
        .isPresent();
  }

  /** A network's subnets stay in one scope. */
  private static void checkNetworks(Transaction tx, Draft pool) {
    List<UUID> networks =
        tx.list(Subnets.POOL_ID, pool.id()).stream()
            .map(subnet -> subnet.get(Subnets.NETWORK_ID))
            .distinct()
            .toList();
    for (UUID network : networks) {
      for (Resource subnet : new ArrayList<>(tx.list(Subnets.NETWORK_ID, network))) {
        @Nullable UUID other = subnet.value(Subnets.POOL_ID);
        if (other != null
            && !other.equals(pool.id())
            && subnet.get(Subnets.IP_VERSION).equals(pool.get(SubnetPools.IP_VERSION))) {
          Resource otherPool = tx.get(SubnetPools.SUBNETPOOL, other);
          tx.reliesOn(otherPool);
          if (!Objects.equals(
              otherPool.value(SubnetPools.ADDRESS_SCOPE_ID),
              pool.value(SubnetPools.ADDRESS_SCOPE_ID))) {
            throw SubnetBlocks.affinity();
          }
        }
      }
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource pool) {
    tx.guards(pool);
    if (!tx.list(Subnets.POOL_ID, pool.id()).isEmpty()) {
      throw PoolErrors.refused(
          "SubnetPoolDeleteError",
          "Unable to delete subnet pool " + pool.id() + ": subnets are allocated from it");
    }
  }
}
