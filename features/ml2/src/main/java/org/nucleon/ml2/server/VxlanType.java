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

/** Overlay networks by VXLAN (RFC 7348). */
public final class VxlanType implements TypeDriver {

  private static final int MAX_VNI = (1 << 24) - 1;

  /** Ethernet 14, outer IPv4 20, UDP 8, VXLAN 8. */
  private static final int OVERHEAD = 50;

  private static final Option<List<String>> RANGES =
      Option.list("ml2_type_vxlan", "vni_ranges", "1:16777215", "min:max ranges for tenants");

  private List<NumberRange> ranges = List.of();
  private @Nullable Mtu mtu;

  @Override
  public String type() {
    return "vxlan";
  }

  @Override
  public void initialize(Configuration configuration) {
    ranges =
        configuration.get(RANGES).stream()
            .map(text -> NumberRange.of(RANGES, text, 1, MAX_VNI))
            .toList();
    mtu = new Mtu(configuration);
  }

  private static Claim claim(long vni) {
    return new Claim("vxlan", "", "%08x".formatted(vni));
  }

  @Override
  public Segment reserve(Transaction tx, UUID network, Segment wanted) {
    if (wanted.physicalNetwork() != null) {
      throw ApiException.invalidInput(
          "provider:physical_network specified for vxlan network, which has none");
    }
    Integer vni = wanted.segmentationId();
    if (vni == null) {
      return allocate(tx, network)
          .orElseThrow(() ->
              ApiException.unavailable(
                  "NoNetworkAvailable", "Unable to create the network. No VNI is available."));
    }
    if (vni < 1 || vni > MAX_VNI) {
      throw ApiException.invalidInput(
          "provider:segmentation_id out of range (1 through " + MAX_VNI + ")");
    }
    if (!tx.claim(claim(vni), network)) {
      throw ApiException.conflict(
          "TunnelIdInUse", "Unable to create the network. The tunnel ID " + vni + " is in use.");
    }
    return new Segment("vxlan", null, vni);
  }

  @Override
  public Optional<Segment> allocate(Transaction tx, UUID network) {
    return ranges.stream()
        .flatMap(range -> range.claimFirstFree(tx, network, VxlanType::claim).stream())
        .map(vni -> new Segment("vxlan", null, vni))
        .findFirst();
  }

  @Override
  public int mtu(Segment segment) {
    return mtu == null ? 1500 - OVERHEAD : mtu.overlay(OVERHEAD);
  }
}
