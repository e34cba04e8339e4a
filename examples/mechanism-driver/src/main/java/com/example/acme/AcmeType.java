package com.example.acme;

import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.Segment;
import org.nucleon.ml2.api.TypeDriver;

/** Networks that are a lane of ACME's switches: isolated as a VLAN is, and there are more of them. */
public final class AcmeType implements TypeDriver {

  static final String TYPE = "acme";

  private static final Option<Integer> LANES =
      Option.integer("ml2_type_acme", "lanes", 10_000, "how many lanes the switches have");

  private static final int MTU = 9_000;

  private int lanes;

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public void initialize(Configuration configuration) {
    lanes = configuration.get(LANES);
  }

  private static Claim claim(long lane) {
    return new Claim("acme-lane", "", "%08x".formatted(lane));
  }

  @Override
  public Segment reserve(Transaction tx, UUID network, Segment wanted) {
    Integer lane = wanted.segmentationId();
    if (wanted.physicalNetwork() != null || lane != null && (lane < 1 || lane > lanes)) {
      throw ApiException.invalidInput("a lane has a provider:segmentation_id of 1 to " + lanes + " and nothing else");
    }
    if (lane == null) {
      return allocate(tx, network).orElseThrow(() -> ApiException.unavailable("NoNetworkAvailable", "No lane is free."));
    }
    if (!tx.claim(claim(lane), network)) {
      throw ApiException.conflict("LaneInUse", "The lane " + lane + " is in use.");
    }
    return new Segment(TYPE, null, lane);
  }

  @Override
  public Optional<Segment> allocate(Transaction tx, UUID network) {
    long before = tx.claimFirstFree(position -> claim(position + 1), lanes, network);
    return before < 0 ? Optional.empty() : Optional.of(new Segment(TYPE, null, (int) before + 1));
  }

  @Override
  public int mtu(Segment segment) {
    return MTU;
  }
}
