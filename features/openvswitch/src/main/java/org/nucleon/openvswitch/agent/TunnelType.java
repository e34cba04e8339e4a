package org.nucleon.openvswitch.agent;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of tunnel that the switch can make. */
enum TunnelType {
  /** VXLAN. */
  VXLAN("vxlan", Pipeline.FROM_VXLAN),
  /** GRE with keys. */
  GRE("gre", Pipeline.FROM_GRE),
  /** Geneve. */
  GENEVE("geneve", Pipeline.FROM_GENEVE);

  private final String id;
  private final Pipeline arrivals;

  TunnelType(String id, Pipeline arrivals) {
    this.id = id;
    this.arrivals = arrivals;
  }

  /** Its name as network type, in {@code tunnel_types}, and as type of the switch's interfaces. */
  String id() {
    return id;
  }

  /** The tunnel bridge's table of what comes out of its tunnels: numbers are of a type each. */
  Pipeline arrivals() {
    return arrivals;
  }

  /** The type of that name; empty if the switch cannot make such tunnels. */
  static Optional<TunnelType> of(String id) {
    return Arrays.stream(values()).filter(type -> type.id.equals(id)).findFirst();
  }
}
