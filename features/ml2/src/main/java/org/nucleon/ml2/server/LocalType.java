package org.nucleon.ml2.server;

import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.Segment;
import org.nucleon.ml2.api.TypeDriver;

/** Networks that do not leave their host. */
public final class LocalType implements TypeDriver {

  private int mtu = 1500;

  @Override
  public String type() {
    return "local";
  }

  @Override
  public void initialize(Configuration configuration) {
    mtu = new Mtu(configuration).physical(null);
  }

  @Override
  public Segment reserve(Transaction tx, UUID network, Segment wanted) {
    if (wanted.physicalNetwork() != null || wanted.segmentationId() != null) {
      throw ApiException.invalidInput(
          "provider:physical_network and provider:segmentation_id are not for local networks");
    }
    return new Segment("local", null, null);
  }

  @Override
  public Optional<Segment> allocate(Transaction tx, UUID network) {
    return Optional.of(new Segment("local", null, null));
  }

  @Override
  public int mtu(Segment segment) {
    return mtu;
  }
}
