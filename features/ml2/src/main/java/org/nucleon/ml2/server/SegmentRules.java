package org.nucleon.ml2.server;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.ml2.api.TypeDriver;
import org.nucleon.ml2.api.VlanTransparencyFeature;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** Gives each network its segment, or several, and the MTU that they allow. */
final class SegmentRules implements ResourceRules {

  private final Map<String, TypeDriver> types;
  private final List<TypeDriver> tenantTypes;
  private final List<MechanismDriver> mechanisms;

  SegmentRules(
      Map<String, TypeDriver> types,
      List<TypeDriver> tenantTypes,
      List<MechanismDriver> mechanisms) {
    this.types = types;
    this.tenantTypes = tenantTypes;
    this.mechanisms = mechanisms;
  }

  @Override
  public void onCreate(Transaction tx, Draft network) {
    checkTransparency(network);
    List<Segment> segments = chosen(tx, network);
    network.set(Provider.SEGMENTS, segments.size() > 1 ? segments : List.of());
    if (segments.size() == 1) {
      set(network, segments.getFirst());
    }
    if (!network.isGiven(Networks.MTU)) {
      network.set(Networks.MTU, 0);
    }
    checkMtu(network, segments);
  }

  private void checkTransparency(Draft network) {
    boolean isWanted =
        network.has(VlanTransparencyFeature.VLAN_TRANSPARENT)
            && Boolean.TRUE.equals(network.value(VlanTransparencyFeature.VLAN_TRANSPARENT));
    for (MechanismDriver driver : mechanisms) {
      if (isWanted && !driver.isVlanTransparent()) {
        throw ApiException.badRequest(
            "VlanTransparencyDriverError",
            "vlan_transparent networks are not supported by mechanism driver "
                + driver.name()
                + ".");
      }
    }
  }

  private static void set(Draft network, Segment segment) {
    network
        .set(Provider.NETWORK_TYPE, segment.type())
        .set(Provider.PHYSICAL_NETWORK, segment.physicalNetwork())
        .set(Provider.SEGMENTATION_ID, segment.segmentationId());
  }

  private List<Segment> chosen(Transaction tx, Draft network) {
    String type = network.value(Provider.NETWORK_TYPE);
    Segment single =
        new Segment(
            type == null ? "" : type,
            network.value(Provider.PHYSICAL_NETWORK),
            network.value(Provider.SEGMENTATION_ID));
    List<Segment> several = network.get(Provider.SEGMENTS);
    boolean namesOne = !single.equals(new Segment("", null, null));
    if (!several.isEmpty()) {
      if (namesOne) {
        throw ApiException.badRequest(
            "SegmentsSetInConjunctionWithProviders",
            "Segments and provider values cannot both be set.");
      }
      checkDuplicates(several);
      return several.stream().map(wanted -> reserved(tx, network, wanted)).toList();
    }
    return List.of(namesOne ? reserved(tx, network, single) : allocated(tx, network));
  }

  /** What is chosen by a driver cannot be there twice. */
  private static void checkDuplicates(List<Segment> segments) {
    for (Segment segment : segments) {
      boolean isWhole = segment.physicalNetwork() != null || segment.segmentationId() != null;
      if (isWhole && segments.stream().filter(segment::equals).count() > 1) {
        throw ApiException.badRequest(
            "SegmentsContainDuplicateEntry", "Duplicate segment entry in request.");
      }
    }
  }

  private Segment allocated(Transaction tx, Draft network) {
    return tenantTypes.stream()
        .flatMap(driver -> driver.allocate(tx, network.id()).stream())
        .findFirst()
        .orElseThrow(() ->
            ApiException.unavailable(
                "NoNetworkAvailable",
                "Unable to create the network. No tenant network is available for allocation."));
  }

  private Segment reserved(Transaction tx, Draft network, Segment wanted) {
    if (wanted.type().isEmpty()) {
      throw ApiException.invalidInput("provider:network_type required");
    }
    TypeDriver driver = types.get(wanted.type());
    if (driver == null) {
      throw ApiException.invalidInput(
          "provider:network_type "
              + Values.quoted(wanted.type())
              + " is not supported, one of "
              + types.keySet()
              + " is expected");
    }
    return driver.reserve(tx, network.id(), wanted);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft network) {
    if (network.isChanged(Provider.NETWORK_TYPE) || network.isChanged(Provider.PHYSICAL_NETWORK)) {
      throw ApiException.invalidInput(
          "provider:network_type and provider:physical_network of a network stay as they are");
    }
    if (network.isChanged(Provider.SEGMENTATION_ID)) {
      renumber(tx, before, network);
    }
    if (network.isChanged(Networks.MTU)) {
      checkMtu(network, Provider.segments(before));
    }
  }

  private void renumber(Transaction tx, Resource before, Draft network) {
    List<Segment> segments = Provider.segments(before);
    Integer wanted = network.value(Provider.SEGMENTATION_ID);
    TypeDriver driver = segments.size() == 1 ? types.get(segments.getFirst().type()) : null;
    if (driver == null || wanted == null) {
      throw ApiException.invalidInput(
          "provider:segmentation_id can only be changed where a network has one segment");
    }
    tx.guards(before);
    for (Resource port : tx.list(Ports.NETWORK_ID, before.id())) {
      if (Binding.isBound(port) && !follows(port)) {
        throw ApiException.invalidInput(
            "provider:segmentation_id cannot be changed while port " + port.id() + " is bound");
      }
    }
    set(
        network,
        driver
            .renumber(tx, before.id(), segments.getFirst(), wanted)
            .orElseThrow(() ->
                ApiException.invalidInput(
                    "provider:segmentation_id of a "
                        + segments.getFirst().type()
                        + " network stays as it is")));
  }

  /** Whether what bound the port says that it follows. */
  private boolean follows(Resource port) {
    Object by = port.get(Binding.VIF_DETAILS).get("bound_drivers");
    Collection<?> names = by instanceof Map<?, ?> levels ? levels.values() : List.of();
    return mechanisms.stream().anyMatch(d -> d.followsNumbers() && names.contains(d.name()));
  }

  private void checkMtu(Draft network, List<Segment> segments) {
    int maximum =
        segments.stream()
            .map(segment -> {
              TypeDriver driver = types.get(segment.type());
              return driver == null ? null : driver.mtu(segment);
            })
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .min()
            .orElse(0);
    if (maximum == 0) {
      return; // the type has been switched off since
    }
    int mtu = network.get(Networks.MTU);
    if (mtu > maximum) {
      throw ApiException.invalidInput("Requested MTU is too big, maximum is " + maximum);
    }
    if (mtu != 0 && mtu < 68) {
      throw ApiException.invalidInput("Requested MTU is too small, minimum is 68");
    }
    network.set(Networks.MTU, mtu == 0 ? maximum : mtu);
  }
}
