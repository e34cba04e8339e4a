package org.nucleon.core.resource;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;

/** One resource at one revision; immutable. */
public final class Resource implements Attributes {

  private final Layout layout;
  private final Head head;
  private final @Nullable Object[] values;
  private final Map<String, @Nullable Object> unknown;
  private volatile @Nullable Rendering rendering;
  private volatile @Nullable Rendering olderRendering;

  /**
   * What every resource has beside its declared attributes.
   *
   * @param id chosen by the server
   * @param project the owning project, empty for the system's own
   * @param revision what the API shows as {@code revision_number}
   * @param createdAt UTC, whole seconds
   * @param updatedAt UTC, whole seconds
   * @param number the change number of the last change, 0 before it is committed
   */
  public record Head(
      UUID id, String project, int revision, Instant createdAt, Instant updatedAt, long number) {

    /** The same with the number of the change that commits it. */
    public Head committedAs(long change) {
      return new Head(id, project, revision, createdAt, updatedAt, change);
    }
  }

  Resource(
      Layout layout, Head head, @Nullable Object[] values, Map<String, @Nullable Object> unknown) {
    this.layout = layout;
    this.head = head;
    this.values = values;
    this.unknown = unknown;
  }

  /**
   * Reads a stored document. What the catalog does not know is kept untouched; what the document
   * lacks reads as the declaration's value for absence.
   *
   * @throws InvalidValue if a known attribute's value cannot be read
   */
  public static Resource ofDocument(
      Layout layout, Head head, Map<String, @Nullable Object> document) throws InvalidValue {
    @Nullable Object[] values = new Object[layout.stored().size()];
    int known = 0;
    for (int slot = 0; slot < values.length; slot++) {
      Attribute<?> attribute = layout.stored().get(slot);
      Object json = document.get(attribute.name());
      if (json != null) {
        values[slot] = attribute.type().parse(json);
        known++;
      } else if (document.containsKey(attribute.name())) {
        known++;
      } else {
        values[slot] = attribute.absent();
      }
    }
    if (known == document.size()) { // as ever while no plugin was taken away
      return new Resource(layout, head, values, Map.of());
    }
    Map<String, @Nullable Object> unknown = new LinkedHashMap<>();
    document.forEach((name, json) -> {
      if (layout.attribute(name).filter(Attribute::isStored).isEmpty()) {
        unknown.put(name, json);
      }
    });
    return new Resource(layout, head, values, unknown);
  }

  /** The stored form: every stored attribute by name, and what was not known when it was read. */
  public Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    for (int slot = 0; slot < values.length; slot++) {
      document.put(layout.stored().get(slot).name(), render(layout.stored().get(slot)));
    }
    document.putAll(unknown);
    return document;
  }

  /**
   * The stored form of those attributes only whose value is not the same in another state of it.
   */
  public Map<String, @Nullable Object> differenceTo(Resource other) {
    Map<String, @Nullable Object> difference = new LinkedHashMap<>();
    for (int slot = 0; slot < values.length; slot++) {
      if (!Objects.equals(values[slot], other.values[slot])) {
        difference.put(layout.stored().get(slot).name(), render(layout.stored().get(slot)));
      }
    }
    return difference;
  }

  private <T> @Nullable Object render(Attribute<T> attribute) {
    T value = value(attribute);
    return value == null ? null : attribute.type().render(value);
  }

  @Override
  @SuppressWarnings("unchecked") // a slot only ever holds what its attribute's type gave
  public <T> @Nullable T value(Attribute<T> attribute) {
    return (T) values[layout.slot(attribute)];
  }

  /** The same resource as the change of that number commits it. */
  public Resource committedAs(long number) {
    return new Resource(layout, head.committedAs(number), values, unknown);
  }

  /** The resource type. */
  public ResourceType type() {
    return layout.type();
  }

  /** The declarations it was made by. */
  public Layout layout() {
    return layout;
  }

  /** What it has beside declared attributes. */
  public Head head() {
    return head;
  }

  /** Its id. */
  public UUID id() {
    return head.id();
  }

  /** The owning project, empty for the system's own. */
  public String project() {
    return head.project();
  }

  /** What the API shows as {@code revision_number}. */
  public int revision() {
    return head.revision();
  }

  /** When it was created. */
  public Instant createdAt() {
    return head.createdAt();
  }

  /** When it was last changed. */
  public Instant updatedAt() {
    return head.updatedAt();
  }

  /** The change number of the last change. */
  public long number() {
    return head.number();
  }

  /** Names in its document that no declaration knows. */
  public Iterable<String> unknownNames() {
    return unknown.keySet();
  }

  Map<String, @Nullable Object> unknown() {
    return unknown;
  }

  @Nullable Object[] copyOfValues() {
    return values.clone();
  }

  /**
   * The bytes of its rendering for a kind of reader, made once: it never changes while nothing in
   * it is computed from other resources. The last two kinds are kept.
   *
   * @param kind told apart by identity
   */
  @SuppressWarnings("ReferenceEquality") // equal kinds are one: no need to compare what they hold
  public byte[] rendering(Object kind, Supplier<byte[]> make) {
    Rendering first = rendering;
    if (first != null && first.kind == kind) {
      return first.bytes;
    }
    Rendering second = olderRendering;
    if (second != null && second.kind == kind) {
      return second.bytes;
    }
    Rendering made = new Rendering(kind, make.get());
    olderRendering = first;
    rendering = made;
    return made.bytes;
  }

  private record Rendering(Object kind, byte[] bytes) {}

  @Override
  public String toString() {
    return type() + " " + id();
  }
}
