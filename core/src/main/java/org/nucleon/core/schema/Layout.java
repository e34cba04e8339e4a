package org.nucleon.core.schema;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one resource type in one catalog, and where a resource keeps each stored one.
 */
public final class Layout {

  private final ResourceType type;
  private final Map<String, Attribute<?>> byName = new LinkedHashMap<>();
  private final Map<Attribute<?>, Integer> slots = new IdentityHashMap<>();
  private final List<Attribute<?>> stored;
  private final List<Attribute<?>> indexed;
  private final boolean derives;
  private final @Nullable Attribute<UUID> parent;

  Layout(ResourceType type, List<Attribute<?>> attributes) {
    this.type = type;
    for (Attribute<?> attribute : attributes) {
      if (byName.put(attribute.name(), attribute) != null) {
        throw new IllegalStateException(attribute + " is declared twice");
      }
      if (attribute.isStored()) {
        slots.put(attribute, slots.size());
      }
    }
    stored = attributes.stream().filter(Attribute::isStored).toList();
    indexed = stored.stream().filter(Attribute::isIndexed).toList();
    derives = attributes.stream().anyMatch(a -> a.dependsOnOthers() && !a.isHidden());
    parent = type.below() == null ? null : parent(type, stored);
  }

  @SuppressWarnings("unchecked") // a reference's values are ids
  private static Attribute<UUID> parent(ResourceType type, List<Attribute<?>> stored) {
    List<Attribute<?>> parents = stored.stream().filter(Attribute::isParent).toList();
    if (parents.size() != 1 || !parents.getFirst().type().isReference()) {
      throw new IllegalStateException(type + " is below another and must refer to that by one");
    }
    return (Attribute<UUID>) parents.getFirst();
  }

  /** The attribute that refers to what a resource is a part of, if the type is below another. */
  public Optional<Attribute<UUID>> parent() {
    return Optional.ofNullable(parent);
  }

  /** The resource type. */
  public ResourceType type() {
    return type;
  }

  /** All attributes in the order of declaration. */
  public Iterable<Attribute<?>> attributes() {
    return byName.values();
  }

  /** The attribute of that name in JSON. */
  public Optional<Attribute<?>> attribute(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The stored attributes in the order of their slots. */
  public List<Attribute<?>> stored() {
    return stored;
  }

  /** The attributes by whose values resources are found. */
  public List<Attribute<?>> indexed() {
    return indexed;
  }

  /**
   * Whether a shown attribute is computed from other resources, so that a rendering cannot be kept.
   */
  public boolean derives() {
    return derives;
  }

  /**
   * Where a resource keeps the attribute's value.
   *
   * @throws IllegalArgumentException if no feature of this catalog declared the attribute
   */
  public int slot(Attribute<?> attribute) {
    Integer slot = slots.get(attribute);
    if (slot == null) {
      throw new IllegalArgumentException(attribute + " is not stored in a " + type);
    }
    return slot;
  }

  /** Whether the attribute is declared here. */
  public boolean has(Attribute<?> attribute) {
    return byName.get(attribute.name()) == attribute;
  }
}
