package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.SubnetPools;
import org.nucleon.network.api.Subnets;

/** What is done to subnet pools beside changing their attributes. */
final class PoolActions {

  private static final String PREFIXES = SubnetPools.PREFIXES.name();

  private PoolActions() {}

  /** {@code add_prefixes}: more to give. */
  static Map<String, Object> addPrefixes(
      Transaction tx, Resource pool, Map<String, @Nullable Object> body) {
    List<IpPrefix> all = new ArrayList<>(pool.get(SubnetPools.PREFIXES));
    all.addAll(only(body, PREFIXES, SubnetPools.prefixes()));
    return replace(tx, pool, all);
  }

  /** {@code remove_prefixes}: less to give, as far as no subnet has it. */
  static Map<String, Object> removePrefixes(
      Transaction tx, Resource pool, Map<String, @Nullable Object> body) {
    List<IpPrefix> gone = only(body, PREFIXES, SubnetPools.prefixes());
    Collection<IpPrefix> taken = SubnetBlocks.taken(tx, pool.id());
    for (IpPrefix prefix : gone) {
      if (taken.stream().anyMatch(prefix::overlaps)) {
        throw PoolErrors.refused(
            "IllegalSubnetPoolPrefixUpdate",
            "Illegal update to prefixes of subnet pool "
                + pool.id()
                + ": a subnet has a part of "
                + prefix);
      }
    }
    return replace(tx, pool, FreeSpace.of(pool.get(SubnetPools.PREFIXES), gone).blocks());
  }

  private static Map<String, Object> replace(
      Transaction tx, Resource pool, List<IpPrefix> prefixes) {
    Resource changed = tx.update(pool, draft -> draft.set(SubnetPools.PREFIXES, prefixes));
    return Map.of(
        PREFIXES, changed.get(SubnetPools.PREFIXES).stream().map(IpPrefix::toString).toList());
  }

  /** {@code onboard_network_subnets}: a network's subnets as if they had come from the pool. */
  static List<Object> onboard(Transaction tx, Resource pool, Map<String, @Nullable Object> body) {
    UUID id = only(body, Subnets.NETWORK_ID.name(), Values.uuid());
    Resource network =
        tx.find(Networks.NETWORK, id)
            .filter(n -> Networks.isVisible(tx, n, tx.caller()))
            .orElseThrow(() -> NetworkErrors.networkNotFound(id));
    if (!tx.caller().owns(network.project())) {
      throw ApiException.forbidden(
          "PolicyNotAuthorized",
          "(rule:update_subnet) is disallowed by policy: only the owner of the network may");
    }
    tx.guards(network);
    List<Resource> subnets =
        tx.list(Subnets.NETWORK_ID, id).stream()
            .filter(s -> s.get(Subnets.IP_VERSION).equals(pool.get(SubnetPools.IP_VERSION)))
            .filter(s -> !pool.id().equals(s.value(Subnets.POOL_ID)))
            .toList();
    Collection<IpPrefix> taken = SubnetBlocks.taken(tx, pool.id());
    List<IpPrefix> prefixes = new ArrayList<>(pool.get(SubnetPools.PREFIXES));
    for (Resource subnet : subnets) {
      IpPrefix cidr = subnet.get(Subnets.CIDR);
      if (subnet.value(Subnets.POOL_ID) != null || taken.stream().anyMatch(cidr::overlaps)) {
        throw PoolErrors.refused(
            "IllegalSubnetPoolUpdate",
            "Illegal subnetpool update: subnet "
                + subnet.id()
                + (subnet.value(Subnets.POOL_ID) == null
                    ? " overlaps with one that the pool has"
                    : " is of another pool"));
      }
      prefixes.add(cidr);
    }
    replace(tx, pool, prefixes);
    List<Object> onboarded = new ArrayList<>();
    for (Resource subnet : subnets) {
      tx.update(subnet, draft -> draft.set(Subnets.POOL_ID, pool.id()));
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", subnet.id().toString());
      one.put(Subnets.CIDR.name(), subnet.get(Subnets.CIDR).toString());
      onboarded.add(one);
    }
    return onboarded;
  }

  /** The only member of a body. */
  private static <T> T only(Map<String, @Nullable Object> body, String name, ValueType<T> type) {
    TreeSet<String> unknown = new TreeSet<>(body.keySet());
    unknown.remove(name);
    if (!unknown.isEmpty()) {
      throw bad("Unrecognized attribute(s) " + Values.quoted(String.join(", ", unknown)));
    }
    Object json = body.get(name);
    try {
      return type.parse(json == null ? "None" : json);
    } catch (InvalidValue e) {
      throw bad("Invalid input for " + name + ". Reason: " + e.getMessage() + ".");
    }
  }

  private static ApiException bad(String message) {
    return ApiException.badRequest("HTTPBadRequest", message);
  }
}
