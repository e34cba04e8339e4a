package org.nucleon.metadata.api;

import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.dhcp.api.DhcpFeature;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.router.api.RouterFeature;

/** Leads guests to Nova's metadata service. It has no resources of its own. */
public final class MetadataFeature implements Feature {

  /** Its name. */
  public static final String NAME = "metadata";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME, DhcpFeature.NAME, RouterFeature.NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    // nothing
  }
}
