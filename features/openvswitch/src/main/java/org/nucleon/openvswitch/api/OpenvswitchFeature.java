package org.nucleon.openvswitch.api;

import java.util.Optional;
import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.ml2.api.Ml2Feature;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.securitygroup.api.SecurityGroupFeature;

/** Open vSwitch as the switch of every host. */
public final class OpenvswitchFeature implements Feature {

  /** Its name. */
  public static final String NAME = "openvswitch";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME, Ml2Feature.NAME, SecurityGroupFeature.NAME);
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(Ml2Feature.NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    // nothing of its own: ports and networks say all that it needs to know
  }
}
