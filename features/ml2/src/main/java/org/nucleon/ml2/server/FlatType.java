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

/** Networks that are a physical network, untagged. */
public final class FlatType implements TypeDriver {

  private static final Option<List<String>> NETWORKS =
      Option.list("ml2_type_flat", "flat_networks", "*", "Physical networks, * for any");

  private List<String> networks = List.of("*");
  private @Nullable Mtu mtu;

  @Override
  public String type() {
    return "flat";
  }

  @Override
  public void initialize(Configuration configuration) {
    networks = configuration.get(NETWORKS);
    mtu = new Mtu(configuration);
  }

  @Override
  public Segment reserve(Transaction tx, UUID network, Segment wanted) {
    String physical = wanted.physicalNetwork();
    if (physical == null || physical.isEmpty()) {
      throw ApiException.invalidInput("provider:physical_network required for flat networks");
    }
    if (wanted.segmentationId() != null) {
      throw ApiException.invalidInput("provider:segmentation_id is not for flat networks");
    }
    if (!networks.isEmpty() && !networks.contains("*") && !networks.contains(physical)) {
      throw ApiException.invalidInput(
          "'" + physical + "' unknown provider:physical_network for flat provider network");
    }
    if (!tx.claim(new Claim("flat", physical, ""), network)) {
      throw ApiException.conflict(
          "FlatNetworkInUse",
          "Unable to create the flat network. Physical network " + physical + " is in use.");
    }
    return new Segment("flat", physical, null);
  }

  @Override
  public Optional<Segment> allocate(Transaction tx, UUID network) {
    return Optional.empty();
  }

  @Override
  public int mtu(Segment segment) {
    return mtu == null ? 1500 : mtu.physical(segment.physicalNetwork());
  }
}
