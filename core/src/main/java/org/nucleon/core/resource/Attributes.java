package org.nucleon.core.resource;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.Attribute;

/** Typed reading of attributes: of a resource as it stands, or of one being made or changed. */
public interface Attributes {

  /**
   * The value, null where the attribute is null or not filled in yet.
   *
   * @throws IllegalArgumentException if the attribute belongs to another type, or to a feature that
   *     is off
   */
  <T> @Nullable T value(Attribute<T> attribute);

  /**
   * The value of an attribute that has one.
   *
   * @throws IllegalStateException if it is null: a fault of the rules, not of a client
   */
  default <T> T get(Attribute<T> attribute) {
    T value = value(attribute);
    if (value == null) {
      throw new IllegalStateException(attribute + " is null");
    }
    return value;
  }

  /** The value of an attribute that may be null. */
  default <T> Optional<T> find(Attribute<T> attribute) {
    return Optional.ofNullable(value(attribute));
  }
}
