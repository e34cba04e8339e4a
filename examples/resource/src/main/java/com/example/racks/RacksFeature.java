package com.example.racks;

import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.network.api.NetworkFeature;

/** What the plugin declares. */
public final class RacksFeature implements Feature {

  static final String NAME = "racks";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    Racks.declare(catalog);
  }
}
