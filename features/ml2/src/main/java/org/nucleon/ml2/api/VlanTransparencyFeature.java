package org.nucleon.ml2.api;

import static org.nucleon.core.schema.Operation.CREATE;

import java.util.Optional;
import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.Option;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Networks;

/** Networks that carry their guests' own VLAN tags; off unless {@code vlan_transparent} is on. */
public final class VlanTransparencyFeature implements Feature {

  private static final Option<Boolean> ON =
      Option.bool(
          "DEFAULT",
          "vlan_transparent",
          false,
          "Whether networks can be asked to carry their guests' own VLAN tags");

  private static final Extension EXTENSION =
      new Extension(
          "vlan-transparent",
          "Vlantransparent",
          "Networks that carry their guests' own VLAN tags.",
          "2015-03-23T09:00:00-07:00");

  /** Whether the guests' own VLAN tags are carried; null for whatever happens to be. */
  public static final Attribute<Boolean> VLAN_TRANSPARENT =
      Attribute.of(Networks.NETWORK, "vlan_transparent", Values.bool())
          .about("Whether the guests' own VLAN tags are carried; null where nobody asked.")
          .setOn(CREATE)
          .extension(EXTENSION)
          .nullable()
          .filter();

  @Override
  public String name() {
    return "vlan-transparent";
  }

  @Override
  public Set<String> needs() {
    return Set.of(Ml2Feature.NAME);
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(Ml2Feature.NAME);
  }

  @Override
  public boolean isOn(Configuration configuration) {
    return configuration.get(ON);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    catalog.extension(EXTENSION).extend(Networks.NETWORK, VLAN_TRANSPARENT);
  }
}
