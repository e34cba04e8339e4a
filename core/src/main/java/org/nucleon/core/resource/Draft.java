package org.nucleon.core.resource;

import java.time.Instant;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;

/** A resource being made or changed by a transaction: rules read and fill it in. */
public final class Draft implements Attributes {

  private final Layout layout;
  private final @Nullable Resource before;
  private final UUID id;
  private final String project;
  private final @Nullable Object[] values;
  private final Set<Attribute<?>> given = new HashSet<>();
  private final Map<Attribute<?>, @Nullable Object> asked = new IdentityHashMap<>();
  private boolean touched;

  /** A new resource with the declared defaults. */
  public Draft(Layout layout, UUID id, String project) {
    this.layout = layout;
    this.before = null;
    this.id = id;
    this.project = project;
    this.values = new Object[layout.stored().size()];
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = layout.stored().get(slot).defaultValue();
    }
  }

  /** A change of an existing resource. */
  public Draft(Resource before) {
    this.layout = before.layout();
    this.before = before;
    this.id = before.id();
    this.project = before.project();
    this.values = before.copyOfValues();
  }

  /** The value; of an attribute that is not stored, what the request says of it. */
  @Override
  @SuppressWarnings("unchecked") // a slot only ever holds what its attribute's type gave
  public <T> @Nullable T value(Attribute<T> attribute) {
    return (T) (attribute.isStored() ? values[layout.slot(attribute)] : asked.get(attribute));
  }

  /** Sets a value as a rule decides it. */
  public <T> Draft set(Attribute<T> attribute, @Nullable T value) {
    if (attribute.isStored()) {
      values[layout.slot(attribute)] = value;
    } else {
      asked.put(attribute, value);
    }
    return this;
  }

  /** Sets a value that the request holds: rules can tell it from one that was filled in. */
  public <T> Draft give(Attribute<T> attribute, @Nullable T value) {
    given.add(attribute);
    return set(attribute, value);
  }

  /** Whether the request holds the attribute, null included. */
  public boolean isGiven(Attribute<?> attribute) {
    return given.contains(attribute);
  }

  /** The attributes that the request holds. */
  public Set<Attribute<?>> given() {
    return given;
  }

  /** Whether a feature that is on declares the attribute. */
  public boolean has(Attribute<?> attribute) {
    return layout.has(attribute);
  }

  /** Whether the value differs from what it was; for a new resource, whether it is not null. */
  public boolean isChanged(Attribute<?> attribute) {
    return before == null
        ? value(attribute) != null
        : !Objects.equals(before.value(attribute), value(attribute));
  }

  /** Counts as changed although no attribute of its own is: a child changed. */
  public Draft touch() {
    touched = true;
    return this;
  }

  /** The id, already drawn for a new resource. */
  public UUID id() {
    return id;
  }

  /** The owning project. */
  public String project() {
    return project;
  }

  /** The attributes that it can have. */
  public Layout layout() {
    return layout;
  }

  /** The resource type. */
  public ResourceType type() {
    return layout.type();
  }

  /** The resource as it was; empty when it is new. */
  public Optional<Resource> before() {
    return Optional.ofNullable(before);
  }

  /**
   * The resource as drafted.
   *
   * @return the resource before, if nothing differs
   * @throws IllegalStateException if a rule left an attribute empty that is never null
   */
  public Resource toResource(Instant now) {
    boolean revised = touched || before == null;
    boolean changed = revised;
    for (int slot = 0; slot < values.length; slot++) {
      Attribute<?> attribute = layout.stored().get(slot);
      if (values[slot] == null && !attribute.isNullable()) {
        throw new IllegalStateException("no rule filled in " + attribute);
      }
      if (before != null && !Objects.equals(before.value(attribute), values[slot])) {
        changed = true;
        revised |= !attribute.isReported() && !attribute.isHidden();
      }
    }
    if (before == null) {
      Resource.Head head = new Resource.Head(id, project, 1, now, now, 0);
      return new Resource(layout, head, values.clone(), Map.of());
    }
    if (!changed) {
      return before;
    }
    Resource.Head head =
        new Resource.Head(
            id,
            project,
            revised ? before.revision() + 1 : before.revision(),
            before.createdAt(),
            revised ? now : before.updatedAt(),
            before.number());
    return new Resource(layout, head, values.clone(), before.unknown());
  }
}
