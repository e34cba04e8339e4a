package org.nucleon.core.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nucleon.core.schema.ResourceType.Visibility;

/**
 * What exists in one running system: the resource types and attributes that the features which are
 * on declared. Frozen once built; two catalogs can live in one process.
 */
public final class Catalog {

  private final Map<String, Layout> byName = new LinkedHashMap<>();
  private final Map<String, Layout> byPath = new LinkedHashMap<>();
  private final Map<String, Layout> byAlias = new LinkedHashMap<>();
  private final Map<ResourceType, List<Layout>> below = new LinkedHashMap<>();
  private final Set<Extension> extensions;
  private final Map<String, String> policies;
  private final Map<ResourceType, Integer> quotas;
  private final Map<ResourceType, List<ResourceType>> quotaCompanions;

  private Catalog(Builder from) {
    extensions = new LinkedHashSet<>(from.extensions);
    policies = Collections.unmodifiableMap(new LinkedHashMap<>(from.policies));
    quotas = Collections.unmodifiableMap(new LinkedHashMap<>(from.quotas));
    quotaCompanions = new LinkedHashMap<>(from.quotaCompanions);
    from.attributes.forEach((type, attributes) -> {
      Layout layout = new Layout(type, attributes);
      byName.put(type.name(), layout);
      ResourceType.Below place = type.below();
      if (place != null) {
        below.computeIfAbsent(place.parent(), t -> new ArrayList<>()).add(layout);
        if (place.aliased()) {
          byAlias.put(type.aliasPath(), layout);
        }
      } else if (type.visibility() != Visibility.INTERNAL) {
        byPath.put(type.path(), layout);
      }
    });
    from.attributes.values().stream().flatMap(List::stream).forEach(this::check);
  }

  private void check(Attribute<?> attribute) {
    boolean hasValue =
        attribute.isRequired()
            || attribute.defaultValue() != null
            || attribute.isNullable()
            || attribute.isFilledByServer()
            || !attribute.isStored();
    if (!hasValue) {
      throw new IllegalStateException(
          attribute + " would have no value: required, default, nullable or filled by the server?");
    }
    if (attribute.about().isEmpty()) {
      throw new IllegalStateException(attribute + " says nothing about itself");
    }
    Extension extension = attribute.extension();
    if (extension != null && !extensions.contains(extension)) {
      throw new IllegalStateException(attribute + " is of an extension that is not declared");
    }
  }

  /** Begins an empty catalog. */
  public static Builder builder() {
    return new Builder();
  }

  /** The types in order of declaration. */
  public Collection<Layout> layouts() {
    return byName.values();
  }

  /**
   * The attributes of a type.
   *
   * @throws IllegalArgumentException if the catalog does not hold the type
   */
  public Layout layout(ResourceType type) {
    return find(type.name())
        .orElseThrow(() -> new IllegalArgumentException("no feature declares " + type));
  }

  /** The attributes of the type of that name. */
  public Optional<Layout> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The type whose collection has that path in the API. */
  public Optional<Layout> byPath(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** The type whose resources can be reached by that path without their parents. */
  public Optional<Layout> byAlias(String path) {
    return Optional.ofNullable(byAlias.get(path));
  }

  /** The types of the parts that resources of a type have. */
  public List<Layout> below(ResourceType type) {
    return below.getOrDefault(type, List.of());
  }

  /** The type of the parts that are under a name below resources of a type. */
  public Optional<Layout> below(ResourceType type, String path) {
    return below(type).stream().filter(layout -> layout.type().path().equals(path)).findFirst();
  }

  /** The extensions that the API advertises. */
  public Set<Extension> extensions() {
    return extensions;
  }

  /**
   * The policy rules that features declare beside those that follow from types and attributes, by
   * name: {@code get_network}, or a name for others to use.
   */
  public Map<String, String> policies() {
    return policies;
  }

  /** The types of which projects have a limited number, with the default limit; -1 for none. */
  public Map<ResourceType, Integer> quotas() {
    return quotas;
  }

  /** The types whose limits a request for resources of a type is held to as well. */
  public List<ResourceType> quotaCompanions(ResourceType type) {
    return quotaCompanions.getOrDefault(type, List.of());
  }

  /** Collects declarations; features add theirs in the order in which they need each other. */
  public static final class Builder {
    private final Map<ResourceType, List<Attribute<?>>> attributes = new LinkedHashMap<>();
    private final Set<Extension> extensions = new LinkedHashSet<>();
    private final Map<String, String> policies = new LinkedHashMap<>();
    private final Map<ResourceType, Integer> quotas = new LinkedHashMap<>();
    private final Map<ResourceType, List<ResourceType>> quotaCompanions = new LinkedHashMap<>();

    private Builder() {}

    /** Declares a resource type with its attributes. */
    public Builder declare(ResourceType type, Attribute<?>... declared) {
      if (attributes.containsKey(type)) {
        throw new IllegalStateException(type + " is declared twice");
      }
      attributes.put(type, new ArrayList<>());
      if (type.visibility() != Visibility.INTERNAL) {
        attributes.get(type).addAll(Standard.attributes(type));
      }
      return extend(type, declared);
    }

    /** Adds attributes to a type that another feature declared. */
    public Builder extend(ResourceType type, Attribute<?>... declared) {
      List<Attribute<?>> all = attributes.get(type);
      if (all == null) {
        throw new IllegalStateException("nothing declares " + type + " to be extended");
      }
      for (Attribute<?> attribute : declared) {
        if (!attribute.resource().equals(type)) {
          throw new IllegalStateException(attribute + " is no attribute of " + type);
        }
        all.add(attribute);
      }
      return this;
    }

    /** Advertises an extension. */
    public Builder extension(Extension extension) {
      extensions.add(extension);
      return this;
    }

    /**
     * Declares a policy rule in oslo.policy's language: who may {@code get_}, {@code create_},
     * {@code update_} or {@code delete_} resources of a type where that is not simply their owner,
     * or a rule for such rules to use.
     */
    public Builder policy(String name, String rule) {
      if (policies.putIfAbsent(name, rule) != null) {
        throw new IllegalStateException("the policy rule " + name + " is declared twice");
      }
      return this;
    }

    /**
     * Limits how many resources of a type a project may have, unless configured; -1 for no limit.
     */
    public Builder quota(ResourceType type, int limit) {
      quotas.put(type, limit);
      return this;
    }

    /**
     * A request that makes resources of a type is also held to the limit of what comes with them.
     */
    public Builder quotaWith(ResourceType type, ResourceType alsoMade) {
      quotaCompanions.computeIfAbsent(type, t -> new ArrayList<>()).add(alsoMade);
      return this;
    }

    /**
     * Checks the whole and freezes it.
     *
     * @throws IllegalStateException naming the declaration that is wrong
     */
    public Catalog build() {
      return new Catalog(this);
    }
  }
}
