package org.nucleon.core.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The whole state after one change set: immutable, indexed, sharing structure with the pictures
 * before and after it, so that moving on costs in proportion to what changes. The same on servers,
 * in watchers, on agents and in tests.
 */
public final class Picture implements View {

  private final Catalog catalog;
  private final long number;
  private final Map<ResourceType, Table> tables;
  private final TreePMap<Claim, UUID> claims;
  private final TreePMap<UUID, TreePSet<Claim>> claimsByOwner;
  private final TreePMap<UUID, Long> guards;
  private final TreePMap<UUID, Long> reliances;

  private Picture(
      Catalog catalog,
      long number,
      Map<ResourceType, Table> tables,
      TreePMap<Claim, UUID> claims,
      TreePMap<UUID, TreePSet<Claim>> claimsByOwner,
      TreePMap<UUID, Long> guards,
      TreePMap<UUID, Long> reliances) {
    this.catalog = catalog;
    this.number = number;
    this.tables = tables;
    this.claims = claims;
    this.claimsByOwner = claimsByOwner;
    this.guards = guards;
    this.reliances = reliances;
  }

  /** The picture of nothing, at the given change number. */
  public static Picture empty(Catalog catalog, long number) {
    Map<ResourceType, Table> tables = new HashMap<>();
    for (Layout layout : catalog.layouts()) {
      tables.put(layout.type(), new Table(layout));
    }
    return new Picture(
        catalog,
        number,
        tables,
        TreePMap.empty(),
        TreePMap.empty(Ids::compare),
        TreePMap.empty(Ids::compare),
        TreePMap.empty(Ids::compare));
  }

  /**
   * The picture of everything that a store holds, built in one go: what {@link #apply} would come
   * to step by step, at a fraction of the cost.
   *
   * @param number the last change number
   * @param resources all resources, in any order
   * @param claims all claims with their owners
   */
  public static Picture of(
      Catalog catalog, long number, Collection<Resource> resources, Map<Claim, UUID> claims) {
    Map<ResourceType, List<Resource>> byType = new HashMap<>();
    for (Resource resource : resources) {
      byType.computeIfAbsent(resource.type(), t -> new ArrayList<>()).add(resource);
    }
    Map<ResourceType, Table> tables = new HashMap<>();
    for (Layout layout : catalog.layouts()) {
      tables.put(layout.type(), Table.of(layout, byType.getOrDefault(layout.type(), List.of())));
    }
    TreeMap<Claim, UUID> sorted = new TreeMap<>(claims);
    TreeMap<UUID, TreePSet<Claim>> byOwner = new TreeMap<>(Ids::compare);
    sorted.forEach(
        (claim, owner) -> byOwner.merge(owner, TreePSet.singleton(claim), TreePSet::plusAll));
    return new Picture(
        catalog,
        number,
        tables,
        TreePMap.fromSortedMap(sorted),
        TreePMap.fromSortedMap(byOwner),
        TreePMap.empty(Ids::compare),
        TreePMap.empty(Ids::compare));
  }

  /** The picture after a change set; the only way in which pictures move on. */
  public Picture apply(ChangeSet set) {
    Map<ResourceType, Table> changedTables = new HashMap<>(tables);
    TreePMap<Claim, UUID> newClaims = claims.minusAll(set.released());
    TreePMap<UUID, TreePSet<Claim>> byOwner = claimsByOwner;
    TreePMap<UUID, Long> newGuards = guards;
    TreePMap<UUID, Long> newReliances = reliances;
    for (Claim released : set.released()) {
      UUID owner = claims.get(released);
      if (owner != null) {
        TreePSet<Claim> left = claimsOf(byOwner, owner).minus(released);
        byOwner = left.isEmpty() ? byOwner.minus(owner) : byOwner.plus(owner, left);
      }
    }
    for (Change change : set.changes()) {
      changedTables.computeIfPresent(change.type(), (type, table) -> table.with(change));
      if (change.after() == null) {
        newClaims = newClaims.minusAll(claimsOf(byOwner, change.id()));
        byOwner = byOwner.minus(change.id());
        newGuards = newGuards.minus(change.id());
        newReliances = newReliances.minus(change.id());
      }
    }
    for (Map.Entry<Claim, UUID> taken : set.claimed().entrySet()) {
      UUID owner = taken.getValue();
      newClaims = newClaims.plus(taken.getKey(), owner);
      byOwner = byOwner.plus(owner, claimsOf(byOwner, owner).plus(taken.getKey()));
    }
    for (UUID guarded : set.guarded()) {
      newGuards = newGuards.plus(guarded, set.number());
    }
    for (UUID relied : set.relied()) {
      newReliances = newReliances.plus(relied, set.number());
    }
    return new Picture(
        catalog, set.number(), changedTables, newClaims, byOwner, newGuards, newReliances);
  }

  private static TreePSet<Claim> claimsOf(TreePMap<UUID, TreePSet<Claim>> byOwner, UUID owner) {
    TreePSet<Claim> claims = byOwner.get(owner);
    return claims == null ? TreePSet.empty() : claims;
  }

  /** The declarations behind it. */
  public Catalog catalog() {
    return catalog;
  }

  /** The number of the last change set in it. */
  public long number() {
    return number;
  }

  @Override
  public Optional<Resource> find(ResourceType type, UUID id) {
    return Optional.ofNullable(table(type).byId.get(id));
  }

  @Override
  public Collection<Resource> list(Attribute<?> attribute, Object key) {
    return table(attribute.resource()).list(attribute, key);
  }

  /** How many resources {@link #list} finds, without finding them. */
  public int count(Attribute<?> attribute, Object key) {
    return table(attribute.resource()).ids(attribute, key).size();
  }

  /** How many resources of a type are a project's. */
  public int count(ResourceType type, String project) {
    return table(type).ofProject(project).size();
  }

  @Override
  public Collection<Resource> all(ResourceType type) {
    return table(type).byId.values();
  }

  /** All resources of a type by id, in order of the ids' text. */
  public NavigableMap<UUID, Resource> byId(ResourceType type) {
    return table(type).byId;
  }

  @Override
  public Optional<UUID> owner(Claim claim) {
    return Optional.ofNullable(claims.get(claim));
  }

  /** All claims with their owners, in order. */
  public NavigableMap<Claim, UUID> claims() {
    return claims;
  }

  /** The claims of a kind and scope with values from {@code first} to {@code last}, in order. */
  public NavigableMap<Claim, UUID> claims(Claim first, Claim last) {
    return claims.subMap(first, true, last, true);
  }

  /** The claims of a resource. */
  public Collection<Claim> claimsOf(UUID owner) {
    return claimsOf(claimsByOwner, owner);
  }

  /**
   * The number of the change set that last changed or guarded a resource; 0 if it does not exist.
   */
  public long guard(ResourceType type, UUID id) {
    Resource resource = table(type).byId.get(id);
    if (resource == null) {
      return 0;
    }
    Long guarded = guards.get(id);
    return guarded == null ? resource.number() : Math.max(guarded, resource.number());
  }

  /** The number of the change set whose rules last relied on a resource; 0 if none did. */
  public long reliance(UUID id) {
    return reliances.getOrDefault(id, 0L);
  }

  /** A resource that still refers to the target through any attribute, if there is one. */
  public Optional<Resource> referrer(ResourceType target, UUID id) {
    for (Layout layout : catalog.layouts()) {
      for (Attribute<?> attribute : layout.indexed()) {
        if (attribute.type().isReference()) {
          @Nullable Resource found = firstReferring(attribute, target, id);
          if (found != null) {
            return Optional.of(found);
          }
        }
      }
    }
    return Optional.empty();
  }

  private @Nullable Resource firstReferring(Attribute<?> attribute, ResourceType target, UUID id) {
    for (Resource resource : list(attribute, id)) {
      if (refers(resource, attribute, target, id)) {
        return resource;
      }
    }
    return null;
  }

  private static <T> boolean refers(
      Resource resource, Attribute<T> attribute, ResourceType target, UUID id) {
    T value = resource.value(attribute);
    boolean[] found = new boolean[1];
    if (value != null) {
      attribute
          .type()
          .references(value, (type, to) -> found[0] |= type.equals(target) && to.equals(id));
    }
    return found[0];
  }

  /** All resources of all types, types in order of declaration. */
  public List<Collection<Resource>> everything() {
    return catalog.layouts().stream().map(layout -> all(layout.type())).toList();
  }

  private Table table(ResourceType type) {
    Table table = tables.get(type);
    if (table == null) {
      throw new IllegalArgumentException("no feature declares " + type);
    }
    return table;
  }
}
