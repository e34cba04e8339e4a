package org.nucleon.core.state;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
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
  private final TreePMap<Object, TreePSet<UUID>> byProject;

  Table(Layout layout) {
    byId = EMPTY;
    byProject = TreePMap.empty(Ids.KEYS);
    indexes = new IdentityHashMap<>();
    layout.indexed().forEach(a -> indexes.put(a, TreePMap.empty(Ids.KEYS)));
  }

  private Table(
      TreePMap<UUID, Resource> byId,
      Map<Attribute<?>, TreePMap<Object, TreePSet<UUID>>> indexes,
      TreePMap<Object, TreePSet<UUID>> byProject) {
    this.byId = byId;
    this.indexes = indexes;
    this.byProject = byProject;
  }

  /** The table of these resources: what {@link #with} would come to one by one. */
  static Table of(Layout layout, List<Resource> resources) {
    TreeMap<UUID, Resource> ids = new TreeMap<>(Ids::compare);
    resources.forEach(resource -> ids.put(resource.id(), resource));
    Map<Attribute<?>, TreePMap<Object, TreePSet<UUID>>> indexes = new IdentityHashMap<>();
    layout.indexed().forEach(attribute -> indexes.put(attribute, index(attribute, ids.values())));
    return new Table(
        TreePMap.fromSortedMap(ids), indexes, index(ids.values(), r -> List.of(r.project())));
  }

  private static <T> TreePMap<Object, TreePSet<UUID>> index(
      Attribute<T> attribute, Collection<Resource> resources) {
    return index(resources, resource -> keys(attribute, resource.value(attribute)));
  }

  private static TreePMap<Object, TreePSet<UUID>> index(
      Collection<Resource> resources, Function<Resource, Iterable<Object>> keys) {
    Map<Object, TreeSet<UUID>> ids = new HashMap<>();
    for (Resource resource : resources) {
      for (Object key : keys.apply(resource)) {
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
    return new Table(ids, changed, reindexed(change));
  }

  private static <T> TreePMap<Object, TreePSet<UUID>> reindexed(
      TreePMap<Object, TreePSet<UUID>> index, Attribute<T> attribute, Change change) {
    T before = change.before() == null ? null : change.before().value(attribute);
    T after = change.after() == null ? null : change.after().value(attribute);
    if (Objects.equals(before, after)) {
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

  /** A resource stays in its project. */
  private TreePMap<Object, TreePSet<UUID>> reindexed(Change change) {
    Resource after = change.after();
    Resource before = byId.get(change.id());
    if (before != null && after == null) {
      TreePSet<UUID> left = ofProject(before.project()).minus(change.id());
      return left.isEmpty()
          ? byProject.minus(before.project())
          : byProject.plus(before.project(), left);
    }
    return before == null && after != null
        ? byProject.plus(after.project(), ofProject(after.project()).plus(change.id()))
        : byProject;
  }

  TreePSet<UUID> ofProject(String project) {
    return byProject.getOrDefault(project, NO_IDS);
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

  /** Looks up each when it is its turn: many a caller wants to know whether there is one. */
  Collection<Resource> list(Attribute<?> attribute, Object key) {
    TreePSet<UUID> ids = ids(attribute, key);
    return new AbstractCollection<>() {
      @Override
      public Iterator<Resource> iterator() {
        Iterator<UUID> each = ids.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return each.hasNext();
          }

          @Override
          public Resource next() {
            return Objects.requireNonNull(byId.get(each.next()));
          }
        };
      }

      @Override
      public int size() {
        return ids.size();
      }
    };
  }
}
