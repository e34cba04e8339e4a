package org.nucleon.agent.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What planners must know of the host beside resources, as read from it: immutable. A fact is a
 * record under a key, such as a switch's interface under its {@code iface-id}.
 *
 * @param host the host's name, as in {@code binding:host_id}
 * @param byKey the facts
 */
public record Facts(String host, Map<FactKey, Object> byKey) {

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
    return Optional.ofNullable(byKey.get(new FactKey(kind, id))).map(type::cast);
  }

  /** With all facts of one kind replaced. */
  public Facts with(String kind, Map<String, ?> facts) {
    Map<FactKey, Object> changed = new HashMap<>(byKey);
    changed.keySet().removeIf(key -> key.kind().equals(kind));
    facts.forEach((id, fact) -> changed.put(new FactKey(kind, id), fact));
    return new Facts(host, Map.copyOf(changed));
  }
}
