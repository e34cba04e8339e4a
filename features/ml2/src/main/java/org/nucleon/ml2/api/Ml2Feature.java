package org.nucleon.ml2.api;

import java.util.Optional;
import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.network.api.NetworkFeature;

/** The modular layer 2 core plugin: segments by type drivers, binding by mechanism drivers. */
public final class Ml2Feature implements Feature {

  /** Its name. */
  public static final String NAME = "ml2";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    Provider.declare(catalog);
    PortBindings.declare(catalog);
  }
}
