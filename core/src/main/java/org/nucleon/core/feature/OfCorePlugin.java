package org.nucleon.core.feature;

import java.util.Optional;

/** What may be a part of a core plugin, which is what stands behind networks and ports. */
public interface OfCorePlugin {

  /**
   * The core plugin that it is a part of, by the name that {@code [DEFAULT] core_plugin} chooses it
   * by. Empty for what goes with any.
   */
  default Optional<String> corePlugin() {
    return Optional.empty();
  }
}
