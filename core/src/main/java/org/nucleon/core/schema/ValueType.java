package org.nucleon.core.schema;

import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The form of an attribute's values: how they are read from JSON, written to it, and which
 * resources they name. Null is the attribute's matter, not the type's.
 *
 * @param <T> the Java type that rules and planners work with; immutable
 */
public interface ValueType<T> {

  /**
   * Reads a value that a client sent (see {@link org.nucleon.core.json.Json} for the Java classes).
   *
   * @throws InvalidValue with Neutron's reason text
   */
  T parse(Object json) throws InvalidValue;

  /** The value as JSON, which {@link #parse} reads back as an equal value. */
  Object render(T value);

  /** What the value is, for help texts and the API description: "a UUID", "a list of addresses". */
  String about();

  /**
   * The form of {@link #render}'s JSON as a JSON Schema (2020-12), for the API's description; empty
   * for any.
   */
  default Map<String, Object> schema() {
    return Map.of();
  }

  /** Reads a query parameter's text; by default the text as a JSON string. */
  default T parseFilter(String text) throws InvalidValue {
    return parse(text);
  }

  /** What a query parameter's text asks for that no value stands for; empty if one does. */
  default java.util.Optional<java.util.function.Predicate<@Nullable T>> asks(String text) {
    return java.util.Optional.empty();
  }

  /** Tells each resource that the value names: its type and id. */
  default void references(T value, BiConsumer<ResourceType, UUID> consumer) {}

  /**
   * The comparable keys under which an index finds the value; for references the ids, otherwise the
   * value itself if it has an order.
   */
  default Iterable<Object> indexKeys(T value) {
    java.util.List<Object> ids = new java.util.ArrayList<>(2);
    references(value, (type, id) -> ids.add(id));
    return ids.isEmpty() && value instanceof Comparable<?> ? java.util.List.of(value) : ids;
  }

  /** Whether values name other resources. */
  default boolean isReference() {
    return false;
  }

  /** Whether the value is one of those that a repeated query parameter asks for. */
  default boolean matchesAny(@Nullable T value, java.util.List<T> wanted) {
    return wanted.stream().anyMatch(one -> matches(value, one));
  }

  /** Whether the value, seen as a list or as one, holds what a query parameter asks for. */
  default boolean matches(@Nullable T value, T wanted) {
    return wanted.equals(value);
  }
}
