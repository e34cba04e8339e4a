package org.nucleon.ml2.api;

import static org.nucleon.core.schema.Operation.CREATE;

import java.util.Optional;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Networks;

/** How a network is realised: the segment that carries it. */
public final class Provider {

  /** Realisation of networks, for administrators. */
  public static final Extension PROVIDER =
      new Extension(
          "provider",
          "Provider Network",
          "Expose mapping of virtual networks to physical networks",
          "2012-09-07T10:00:00-00:00");

  /** The type of its segment: local, flat, vlan, vxlan. */
  public static final Attribute<String> NETWORK_TYPE =
      Attribute.of(Networks.NETWORK, "provider:network_type", Values.text(32))
          .about("The type of segment: local, flat, vlan, vxlan.")
          .setOn(CREATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .extension(PROVIDER)
          .filledByServer()
          .nullable()
          .filter();

  /** The physical network that carries it; null for overlays. */
  public static final Attribute<String> PHYSICAL_NETWORK =
      Attribute.of(Networks.NETWORK, "provider:physical_network", Values.text(64))
          .about("The physical network that carries it.")
          .setOn(CREATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .extension(PROVIDER)
          .nullable()
          .filter();

  /** Its VLAN id or VNI. */
  public static final Attribute<Integer> SEGMENTATION_ID =
      Attribute.of(
              Networks.NETWORK, "provider:segmentation_id", Values.integer(0, Integer.MAX_VALUE))
          .about("Its VLAN id or VNI.")
          .setOn(CREATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .extension(PROVIDER)
          .nullable()
          .filter();

  private Provider() {}

  /** The segment of a network, empty while it has none. */
  public static Optional<Segment> segment(Attributes network) {
    return network
        .find(NETWORK_TYPE)
        .map(type ->
            new Segment(type, network.value(PHYSICAL_NETWORK), network.value(SEGMENTATION_ID)));
  }
}
