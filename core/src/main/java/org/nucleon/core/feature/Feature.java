package org.nucleon.core.feature;

import java.util.Set;
import org.nucleon.core.schema.Catalog;

/**
 * A capability that can be taken out: what it declares. Found by {@link java.util.ServiceLoader} on
 * servers and agents alike.
 */
public interface Feature extends OfCorePlugin {

  /** The name by which configuration and other features speak of it. */
  String name();

  /** The features whose declarations it builds on; they come first. */
  default Set<String> needs() {
    return Set.of();
  }

  /** Whether a server's operator has switched it on; what hosts know does not depend on it. */
  default boolean isOn(Configuration configuration) {
    return true;
  }

  /** Adds its resource types, attributes and extensions. */
  void declare(Catalog.Builder catalog);

  /**
   * Adds attributes that are computed, never stored, and depend on what the operator configured.
   */
  default void compute(Catalog.Builder catalog, Configuration configuration) {}
}
