package com.example.controller;

import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.Option;
import org.nucleon.core.schema.Catalog;
import org.nucleon.network.api.NetworkFeature;

/** The whole of what Nucleon has to know of the controller: that it is there, and where. */
public final class ControllerFeature implements Feature {

  static final String NAME = "controller";

  static final Option<String> URL =
      Option.text("controller", "url", "", "where the controller is; empty for none");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public boolean isOn(Configuration configuration) {
    return !configuration.get(URL).isEmpty();
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    // it adds nothing to the API
  }
}
