package org.nucleon.ml2.server;

import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** Overlay networks by VXLAN (RFC 7348). */
public final class VxlanType extends TunnelType {

  /** UDP 8, VXLAN 8, Ethernet 14. */
  private static final int ENCAPSULATION = 30;

  /** A driver without options yet. */
  public VxlanType() {
    super(
        "vxlan",
        (1 << 24) - 1,
        Option.list("ml2_type_vxlan", "vni_ranges", "1:16777215", "min:max ranges for tenants"));
  }

  @Override
  int encapsulation(Configuration configuration) {
    return ENCAPSULATION;
  }
}
