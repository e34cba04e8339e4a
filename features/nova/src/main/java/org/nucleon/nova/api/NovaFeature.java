package org.nucleon.nova.api;

import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.Option;
import org.nucleon.core.schema.Catalog;

/** Nova is told what becomes of its servers' ports; on where {@code [nova]} names a Keystone. */
public final class NovaFeature implements Feature {

  /** Its name. */
  public static final String NAME = "nova";

  /** The section of the options by which Nova is found. */
  public static final String SECTION = "nova";

  /** Whether Nova is told of a port that began or ceased to work. */
  public static final Option<Boolean> ON_STATUS_CHANGES =
      Option.bool(
          "DEFAULT",
          "notify_nova_on_port_status_changes",
          true,
          "whether Nova is told when a port of a server begins or ceases to work");

  /** Whether Nova is told of a port that clients have changed or removed. */
  public static final Option<Boolean> ON_DATA_CHANGES =
      Option.bool(
          "DEFAULT",
          "notify_nova_on_port_data_changes",
          true,
          "whether Nova is told when a port of a server or its floating IP is changed or removed");

  private static final Option<String> AUTH_URL =
      Option.text(SECTION, "auth_url", "", "Keystone's address");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of("network");
  }

  @Override
  public boolean isOn(Configuration configuration) {
    boolean isWanted = configuration.get(ON_STATUS_CHANGES) || configuration.get(ON_DATA_CHANGES);
    return !configuration.get(AUTH_URL).isEmpty() && isWanted;
  }

  @Override
  public void declare(Catalog.Builder catalog) {}
}
