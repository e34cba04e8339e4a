package org.nucleon.agent.api;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What planners must know of the host beside resources, as read from it: immutable. A fact is a
 * record under a key, such as a switch's interface under its {@code iface-id}.
 *
 * @param host the host's name, as in {@code binding:host_id}
 * @param byKind the facts of each kind, by what they are about
 */
public record Facts(String host, Map<String, Map<String, Object>> byKind) {

  /**
   * What a fact is about.
   *
   * @param kind the class of fact, such as {@code interface}
   * @param id which one
   */
  public record FactKey(String kind, String id) {}

  /** No facts yet. */
  public static Facts none(String host) {
    return new Facts(host, Map.of());
  }

  /** The fact of that class under that key. */
  public <T> Optional<T> find(Class<T> type, String kind, String id) {
    return Optional.ofNullable(of(kind).get(id)).map(type::cast);
  }

  private Map<String, Object> of(String kind) {
    return byKind.getOrDefault(kind, Map.of());
  }

  /** With all facts of one kind replaced. */
  public Facts with(String kind, Map<String, ?> facts) {
    Map<String, Map<String, Object>> changed = new HashMap<>(byKind);
    changed.put(kind, Map.copyOf(facts));
    return new Facts(host, Map.copyOf(changed));
  }

  /** The facts of one kind that have come, gone or changed since. */
  public Set<FactKey> changedSince(Facts before, String kind) {
    Map<String, Object> earlier = before.of(kind);
    Map<String, Object> now = of(kind);
    Set<FactKey> changed = new HashSet<>();
    now.forEach((id, fact) -> {
      if (!fact.equals(earlier.get(id))) {
        changed.add(new FactKey(kind, id));
      }
    });
    for (String id : earlier.keySet()) {
      if (!now.containsKey(id)) {
        changed.add(new FactKey(kind, id));
      }
    }
    return changed;
  }
}
