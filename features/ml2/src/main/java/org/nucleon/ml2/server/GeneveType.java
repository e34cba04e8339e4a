package org.nucleon.ml2.server;

import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** Overlay networks by Geneve (RFC 8926), whose header may carry options. */
public final class GeneveType extends TunnelType {

  /** UDP 8, Geneve without options 8, Ethernet 14. */
  private static final int LEAST = 30;

  private static final Option<Integer> MAX_HEADER_SIZE =
      Option.integer(
          "ml2_type_geneve",
          "max_header_size",
          LEAST,
          "Bytes that UDP, Geneve with its options and the inner Ethernet header take, at least 30");

  /** A driver without options yet. */
  public GeneveType() {
    super(
        "geneve",
        (1 << 24) - 1,
        Option.list("ml2_type_geneve", "vni_ranges", "1:16777215", "min:max ranges for tenants"));
  }

  @Override
  int encapsulation(Configuration configuration) {
    return Math.max(LEAST, configuration.get(MAX_HEADER_SIZE));
  }
}
