package com.example.fabric;

import java.util.Optional;
import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.network.api.NetworkFeature;

/** What an operator chooses by {@code [DEFAULT] core_plugin = acme} in place of ML2. */
public final class FabricFeature implements Feature {

  static final String NAME = "acme";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(NAME);
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    // tenants need not know how the fabric carries a network: it adds nothing to the API
  }
}
