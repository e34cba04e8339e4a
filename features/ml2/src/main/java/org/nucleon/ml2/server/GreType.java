package org.nucleon.ml2.server;

import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** Overlay networks by GRE (RFC 2784) with a key for each (RFC 2890). */
public final class GreType extends TunnelType {

  /** GRE 4, its key 4, Ethernet 14. */
  private static final int ENCAPSULATION = 22;

  /** A driver without options yet. Keys have 32 bits, numbers in the API 31. */
  public GreType() {
    super(
        "gre",
        Integer.MAX_VALUE,
        Option.list(
            "ml2_type_gre", "tunnel_id_ranges", "1:2147483647", "min:max ranges for tenants"));
  }

  @Override
  int encapsulation(Configuration configuration) {
    return ENCAPSULATION;
  }
}
