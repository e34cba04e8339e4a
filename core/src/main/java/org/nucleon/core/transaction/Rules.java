package org.nucleon.core.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.core.schema.ResourceType;

/**
 * The rules of all features that are on, by resource type, in the order in which they were added.
 */
public final class Rules {

  private final Map<ResourceType, List<ResourceRules>> byType = new HashMap<>();

  /** Adds rules for a type after those that are there. */
  public Rules add(ResourceType type, ResourceRules rules) {
    byType.computeIfAbsent(type, t -> new ArrayList<>()).add(rules);
    return this;
  }

  /** The rules of a type in the order in which they run. */
  public List<ResourceRules> of(ResourceType type) {
    return byType.getOrDefault(type, List.of());
  }
}
