package org.nucleon.core.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.core.watch.Follower.Topic;
import org.nucleon.core.watch.HostUpdate.Forgotten;
import org.nucleon.core.watch.Routing.Routes;
import org.nucleon.core.watch.Routing.Routes.Edge;

/**
 * Which hosts each resource concerns: counted edges from hosts to topics to resources, kept along
 * with the picture. A change costs work in proportion to the hosts and resources that it concerns.
 * Used by one thread.
 */
public final class Interest {

  private static final Routes NONE = new Routes();

  private final Map<ResourceType, List<Routing>> routings;
  private final Map<Topic, Set<Key>> published = new HashMap<>();
  private final Map<Follower, Map<Topic, Integer>> follows = new HashMap<>();
  private final Map<Topic, Set<Follower>> followers = new HashMap<>();
  private Picture picture;

  private record Key(ResourceType type, UUID id) {}

  /**
   * The interest of all hosts in a picture.
   *
   * @param routings what features declare, by resource type
   */
  public Interest(Map<ResourceType, List<Routing>> routings, Picture picture) {
    this.routings = routings;
    this.picture = picture;
    for (Collection<Resource> resources : picture.everything()) {
      for (Resource resource : resources) {
        move(new Key(resource.type(), resource.id()), NONE, routes(resource));
      }
    }
  }

  private Routes routes(@Nullable Resource resource) {
    if (resource == null) {
      return NONE;
    }
    List<Routing> declared = routings.get(resource.type());
    if (declared == null) {
      return NONE;
    }
    Routes routes = new Routes();
    declared.forEach(routing -> routing.route(resource, routes));
    return routes;
  }

  /** Everything that concerns a host now, types in order of declaration. */
  public List<Resource> snapshot(String host) {
    Set<Key> keys = new HashSet<>();
    for (Topic topic : topics(new Host(host))) {
      keys.addAll(published.getOrDefault(topic, Set.of()));
    }
    Map<ResourceType, List<Resource>> byType = new HashMap<>();
    for (Key key : keys) {
      byType
          .computeIfAbsent(key.type(), t -> new ArrayList<>())
          .add(picture.get(key.type(), key.id()));
    }
    List<Resource> snapshot = new ArrayList<>(keys.size());
    picture
        .catalog()
        .layouts()
        .forEach(layout -> snapshot.addAll(byType.getOrDefault(layout.type(), List.of())));
    return snapshot;
  }

  /** The change number that the interest stands at. */
  public long number() {
    return picture.number();
  }

  /**
   * Moves on by one change set.
   *
   * @return what it means to each host that it concerns, by name
   */
  public Map<String, HostUpdate> apply(ChangeSet set, Picture after) {
    List<Step> steps = new ArrayList<>();
    for (Change change : set.changes()) {
      steps.add(
          new Step(
              new Key(change.type(), change.id()),
              change.after(),
              routes(change.before()),
              routes(change.after())));
    }
    Set<Host> concerned = new LinkedHashSet<>();
    Set<Host> rerouted = new LinkedHashSet<>();
    steps.forEach(step -> collect(step, concerned, rerouted));
    Map<Host, Set<Topic>> topicsBefore = topicsOf(concerned);
    steps.forEach(step -> move(step.key(), step.before(), step.after()));
    picture = after;
    steps.forEach(step -> collect(step, concerned, rerouted));
    Set<Key> changed = new HashSet<>();
    steps.forEach(step -> changed.add(step.key()));
    Map<String, HostUpdate> updates = new HashMap<>();
    for (Host host : concerned) {
      Set<Topic> then = topicsBefore.getOrDefault(host, Set.of());
      Set<Topic> now = topics(host);
      Map<Key, Optional<Resource>> told = new LinkedHashMap<>();
      for (Step step : steps) {
        boolean sees = meets(step.after().published(), now);
        if (sees || meets(step.before().published(), then)) {
          told.put(step.key(), sees ? Optional.ofNullable(step.resource()) : Optional.empty());
        }
      }
      if (rerouted.contains(host)) {
        compare(then, now, changed, told);
      }
      if (!told.isEmpty()) {
        updates.put(host.name(), update(set.number(), told));
      }
    }
    return updates;
  }

  private record Step(Key key, @Nullable Resource resource, Routes before, Routes after) {}

  private static HostUpdate update(long number, Map<Key, Optional<Resource>> told) {
    List<Resource> put = new ArrayList<>();
    List<Forgotten> forgotten = new ArrayList<>();
    told.forEach((key, resource) ->
        resource.ifPresentOrElse(
            put::add, () -> forgotten.add(new Forgotten(key.type(), key.id()))));
    return new HostUpdate(number, put, forgotten);
  }

  /** What did not change itself but came within the host's interest, or left it. */
  private void compare(
      Set<Topic> then, Set<Topic> now, Set<Key> changed, Map<Key, Optional<Resource>> told) {
    for (Topic topic : now) {
      if (!then.contains(topic)) {
        for (Key key : published.getOrDefault(topic, Set.of())) {
          Resource resource = picture.get(key.type(), key.id());
          if (!changed.contains(key) && !meets(routes(resource).published(), then)) {
            told.put(key, Optional.of(resource));
          }
        }
      }
    }
    for (Topic topic : then) {
      if (!now.contains(topic)) {
        for (Key key : published.getOrDefault(topic, Set.of())) {
          Resource resource = picture.get(key.type(), key.id());
          if (!changed.contains(key) && !meets(routes(resource).published(), now)) {
            told.put(key, Optional.empty());
          }
        }
      }
    }
  }

  private static boolean meets(Set<Topic> some, Set<Topic> others) {
    return some.stream().anyMatch(others::contains);
  }

  private void collect(Step step, Set<Host> concerned, Set<Host> rerouted) {
    for (Topic topic : step.before().published()) {
      addHosts(topic, concerned);
    }
    for (Topic topic : step.after().published()) {
      addHosts(topic, concerned);
    }
    if (!step.before().edges().equals(step.after().edges())) {
      Set<Host> moved = new LinkedHashSet<>();
      step.before().edges().keySet().forEach(edge -> addHosts(edge.follower(), moved));
      step.after().edges().keySet().forEach(edge -> addHosts(edge.follower(), moved));
      concerned.addAll(moved);
      rerouted.addAll(moved);
    }
  }

  private void addHosts(Follower start, Set<Host> hosts) {
    Deque<Follower> open = new ArrayDeque<>(List.of(start));
    Set<Follower> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Follower follower = open.pop();
      if (seen.add(follower)) {
        switch (follower) {
          case Host host -> hosts.add(host);
          case Topic topic -> open.addAll(followers.getOrDefault(topic, Set.of()));
        }
      }
    }
  }

  private Map<Host, Set<Topic>> topicsOf(Set<Host> hosts) {
    Map<Host, Set<Topic>> topics = new HashMap<>();
    hosts.forEach(host -> topics.put(host, topics(host)));
    return topics;
  }

  private Set<Topic> topics(Host host) {
    Set<Topic> topics = new HashSet<>();
    Deque<Follower> open = new ArrayDeque<>(List.of(host));
    while (!open.isEmpty()) {
      for (Topic topic : follows.getOrDefault(open.pop(), Map.of()).keySet()) {
        if (topics.add(topic)) {
          open.push(topic);
        }
      }
    }
    return topics;
  }

  private void move(Key key, Routes before, Routes after) {
    for (Topic topic : before.published()) {
      if (!after.published().contains(topic)) {
        remove(published, topic, key);
      }
    }
    for (Topic topic : after.published()) {
      published.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(key);
    }
    before.edges().forEach((edge, count) -> count(edge, -count));
    after.edges().forEach((edge, count) -> count(edge, count));
  }

  private void count(Edge edge, int change) {
    Map<Topic, Integer> topics = follows.computeIfAbsent(edge.follower(), f -> new HashMap<>());
    int count = topics.merge(edge.topic(), change, Integer::sum);
    if (count == 0) {
      topics.remove(edge.topic());
      if (topics.isEmpty()) {
        follows.remove(edge.follower());
      }
      remove(followers, edge.topic(), edge.follower());
    } else {
      followers.computeIfAbsent(edge.topic(), t -> new LinkedHashSet<>()).add(edge.follower());
    }
  }

  private static <K, V> void remove(Map<K, Set<V>> map, K key, V value) {
    Set<V> values = map.get(key);
    if (values != null && values.remove(value) && values.isEmpty()) {
      map.remove(key);
    }
  }
}
