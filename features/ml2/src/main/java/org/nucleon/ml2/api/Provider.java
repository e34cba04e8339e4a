package org.nucleon.ml2.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;
import org.nucleon.network.api.Networks;

/** How a network is realised: the segment that carries it, or several. */
public final class Provider {

  /** Realisation of networks, for administrators. */
  public static final Extension PROVIDER =
      new Extension(
          "provider",
          "Provider Network",
          "Expose mapping of virtual networks to physical networks",
          "2012-09-07T10:00:00-00:00");

  private static final Extension MULTI_PROVIDER =
      new Extension(
          "multi-provider",
          "Multi Provider Network",
          "Networks that several segments carry.",
          "2013-06-27T10:00:00-00:00");

  private static final int MAX_SEGMENTS = 64;

  static final ValueType<String> TYPE_FORM = Values.text(32);
  static final ValueType<String> PHYSICAL_FORM = Values.text(64);
  static final ValueType<Integer> ID_FORM = Values.integer(0, Integer.MAX_VALUE);

  /** The type of its segment: local, flat, vlan, gre, vxlan, geneve; null if it has several. */
  public static final Attribute<String> NETWORK_TYPE =
      ofOne("provider:network_type", TYPE_FORM, Segment::type)
          .about("The type of segment: local, flat, vlan, gre, vxlan, geneve.")
          .filledByServer();

  /** The physical network that carries it; null for overlays. */
  public static final Attribute<String> PHYSICAL_NETWORK =
      ofOne("provider:physical_network", PHYSICAL_FORM, Segment::physicalNetwork)
          .about("The physical network that carries it.");

  /** Its VLAN id, VNI or GRE key. */
  public static final Attribute<Integer> SEGMENTATION_ID =
      ofOne("provider:segmentation_id", ID_FORM, Segment::segmentationId)
          .about("Its VLAN id, VNI or GRE key.");

  /** What carries a network of several segments; empty for one of a single segment. */
  public static final Attribute<List<Segment>> SEGMENTS =
      Attribute.of(Networks.NETWORK, "segments", Values.sequence(Segment.FORM, MAX_SEGMENTS))
          .about("The segments, if there are several: each of the three provider attributes.")
          .setOn(CREATE)
          .writtenBy(Access.ADMIN)
          .seenBy(Access.ADMIN)
          .extension(MULTI_PROVIDER)
          .defaultsTo(List.of())
          .clearedByNull()
          .shownWhere(Provider::hasSeveral);

  private Provider() {}

  /** A network of several segments is found by any of them. */
  private static <T> Attribute<T> ofOne(
      String name, ValueType<T> form, Function<Segment, @Nullable T> part) {
    return Attribute.of(Networks.NETWORK, name, form)
        .setOn(CREATE, UPDATE)
        .writtenBy(Access.ADMIN)
        .seenBy(Access.ADMIN)
        .extension(PROVIDER)
        .nullable()
        .shownWhere(network -> !hasSeveral(network))
        .foundBy(network -> {
          List<@Nullable T> parts = new ArrayList<>();
          segments(network).forEach(segment -> parts.add(part.apply(segment)));
          return parts;
        });
  }

  private static boolean hasSeveral(Attributes network) {
    return !network.get(SEGMENTS).isEmpty();
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(PROVIDER)
        .extension(MULTI_PROVIDER)
        .extend(Networks.NETWORK, NETWORK_TYPE, PHYSICAL_NETWORK, SEGMENTATION_ID, SEGMENTS);
  }

  /** The segments of a network, empty while it has none. */
  public static List<Segment> segments(Attributes network) {
    if (hasSeveral(network)) {
      return network.get(SEGMENTS);
    }
    return network
        .find(NETWORK_TYPE)
        .map(type ->
            new Segment(type, network.value(PHYSICAL_NETWORK), network.value(SEGMENTATION_ID)))
        .stream()
        .toList();
  }
}
