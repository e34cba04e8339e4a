package org.nucleon.ml2.server;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.Segment;
import org.nucleon.ml2.api.TypeDriver;

/** Networks that are a VLAN (IEEE 802.1Q) of a physical network. */
public final class VlanType implements TypeDriver {

  private static final int MAX_VLAN = 4094;
  private static final Option<List<String>> RANGES =
      Option.list(
          "ml2_type_vlan",
          "network_vlan_ranges",
          "",
          "Physical networks, each physnet or physnet:min:max for tenants");

  private List<NumberRange> ranges = List.of();
  private @Nullable Mtu mtu;

  @Override
  public String type() {
    return "vlan";
  }

  @Override
  public void initialize(Configuration configuration) {
    ranges =
        configuration.get(RANGES).stream()
            .map(text -> NumberRange.ofPhysicalNetwork(RANGES, text, 1, MAX_VLAN))
            .toList();
    mtu = new Mtu(configuration);
  }

  private static Claim claim(String physical, long vlan) {
    return new Claim("vlan", physical, "%08x".formatted(vlan));
  }

  @Override
  public Segment reserve(Transaction tx, UUID network, Segment wanted) {
    String physical = wanted.physicalNetwork();
    Integer vlan = wanted.segmentationId();
    if (physical == null) {
      if (vlan != null) {
        throw ApiException.invalidInput(
            "segmentation_id specified without provider:physical_network for VLAN network");
      }
      return allocate(tx, network).orElseThrow(VlanType::none);
    }
    if (ranges.stream().noneMatch(range -> range.scope().equals(physical))) {
      throw ApiException.invalidInput(
          "provider:physical_network '" + physical + "' unknown for VLAN provider network");
    }
    if (vlan == null) {
      return allocate(tx, network, physical).orElseThrow(VlanType::none);
    }
    if (vlan < 1 || vlan > MAX_VLAN) {
      throw ApiException.invalidInput(
          "provider:segmentation_id out of range (1 through " + MAX_VLAN + ")");
    }
    if (!tx.claim(claim(physical, vlan), network)) {
      throw ApiException.conflict(
          "VlanIdInUse",
          "Unable to create the network. The VLAN "
              + vlan
              + " on physical network "
              + physical
              + " is in use.");
    }
    return new Segment("vlan", physical, vlan);
  }

  @Override
  public Optional<Segment> renumber(Transaction tx, UUID network, Segment present, int number) {
    String physical = String.valueOf(present.physicalNetwork());
    Segment segment = reserve(tx, network, new Segment("vlan", physical, number));
    Integer before = present.segmentationId();
    if (before != null && before != number) {
      tx.release(claim(physical, before));
    }
    return Optional.of(segment);
  }

  private static ApiException none() {
    return ApiException.unavailable(
        "NoNetworkAvailable", "Unable to create the network. No VLAN is available.");
  }

  @Override
  public Optional<Segment> allocate(Transaction tx, UUID network) {
    return ranges.stream()
        .map(NumberRange::scope)
        .distinct()
        .flatMap(physical -> allocate(tx, network, physical).stream())
        .findFirst();
  }

  private Optional<Segment> allocate(Transaction tx, UUID network, String physical) {
    return ranges.stream()
        .filter(range -> range.scope().equals(physical))
        .flatMap(range -> range.claimFirstFree(tx, network, vlan -> claim(physical, vlan)).stream())
        .map(vlan -> new Segment("vlan", physical, vlan))
        .findFirst();
  }

  @Override
  public int mtu(Segment segment) {
    return mtu == null ? 1500 : mtu.physical(segment.physicalNetwork());
  }
}
