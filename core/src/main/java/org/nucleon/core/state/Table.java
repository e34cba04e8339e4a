package org.nucleon.core.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The resources of one type, by id and by the keys of indexed attributes; versions share structure.
 */
final class Table {

  private static final TreePMap<UUID, Resource> EMPTY = TreePMap.empty(Ids::compare);
  private static final TreePSet<UUID> NO_IDS = TreePSet.empty(Ids::compare);

  final TreePMap<UUID, Resource> byId;
  private final Map<Attribute<?>, TreePMap<Object, TreePSet<UUID>>> indexes;

  Table(Layout layout) {
    byId = EMPTY;
    indexes = new IdentityHashMap<>();
    layout.indexed().forEach(a -> indexes.put(a, TreePMap.empty(Ids.KEYS)));
  }

  private Table(
      TreePMap<UUID, Resource> byId, Map<Attribute<?>, TreePMap<Object, TreePSet<UUID>>> indexes) {
    this.byId = byId;
    this.indexes = indexes;
  }

  /** The table of these resources: what {@link #with} would come to one by one. */
  static Table of(Layout layout, List<Resource> resources) {
    TreeMap<UUID, Resource> ids = new TreeMap<>(Ids::compare);
    resources.forEach(resource -> ids.put(resource.id(), resource));
    Map<Attribute<?>, TreePMap<Object, TreePSet<UUID>>> indexes = new IdentityHashMap<>();
    layout.indexed().forEach(attribute -> indexes.put(attribute, index(attribute, ids.values())));
    return new Table(TreePMap.fromSortedMap(ids), indexes);
  }

  private static <T> TreePMap<Object, TreePSet<UUID>> index(
      Attribute<T> attribute, Collection<Resource> resources) {
    Map<Object, TreeSet<UUID>> ids = new HashMap<>();
    for (Resource resource : resources) {
      for (Object key : keys(attribute, resource.value(attribute))) {
        ids.computeIfAbsent(key, k -> new TreeSet<>(Ids::compare)).add(resource.id());
      }
    }
    TreeMap<Object, TreePSet<UUID>> index = new TreeMap<>(Ids.KEYS);
    ids.forEach((key, found) -> index.put(key, TreePSet.fromSortedSet(found)));
    return TreePMap.fromSortedMap(index);
  }

  Table with(Change change) {
    Resource after = change.after();
    TreePMap<UUID, Resource> ids =
        after == null ? byId.minus(change.id()) : byId.plus(change.id(), after);
    Map<Attribute<?>, TreePMap<Object, TreePSet<UUID>>> changed = new IdentityHashMap<>(indexes);
    changed.replaceAll((attribute, index) -> reindexed(index, attribute, change));
    return new Table(ids, changed);
  }

  private static <T> TreePMap<Object, TreePSet<UUID>> reindexed(
      TreePMap<Object, TreePSet<UUID>> index, Attribute<T> attribute, Change change) {
    T before = change.before() == null ? null : change.before().value(attribute);
    T after = change.after() == null ? null : change.after().value(attribute);
    if (java.util.Objects.equals(before, after)) {
      return index;
    }
    TreePMap<Object, TreePSet<UUID>> result = index;
    for (Object key : keys(attribute, before)) {
      TreePSet<UUID> ids = result.getOrDefault(key, NO_IDS).minus(change.id());
      result = ids.isEmpty() ? result.minus(key) : result.plus(key, ids);
    }
    for (Object key : keys(attribute, after)) {
      result = result.plus(key, result.getOrDefault(key, NO_IDS).plus(change.id()));
    }
    return result;
  }

  private static <T> Iterable<Object> keys(Attribute<T> attribute, @Nullable T value) {
    return value == null ? List.of() : attribute.type().indexKeys(value);
  }

  TreePSet<UUID> ids(Attribute<?> attribute, Object key) {
    TreePMap<Object, TreePSet<UUID>> index = indexes.get(attribute);
    if (index == null) {
      throw new IllegalArgumentException(attribute + " is not indexed");
    }
    return index.getOrDefault(key, NO_IDS);
  }

  List<Resource> list(Attribute<?> attribute, Object key) {
    List<Resource> found = new ArrayList<>();
    for (UUID id : ids(attribute, key)) {
      Resource resource = byId.get(id);
      if (resource != null) {
        found.add(resource);
      }
    }
    return found;
  }
}
