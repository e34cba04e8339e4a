package org.nucleon.host.openflow;

/** A flag of {@code ct_state}: what connection tracking says of a packet; see ovs-fields(7). */
public enum CtState {
  /** Begins a connection that is not committed yet. */
  NEW("new", 1),
  /** Part of a committed connection. */
  EST("est", 2),
  /** Related to a committed connection, such as an ICMP error. */
  REL("rel", 4),
  /** In the reply direction. */
  RPL("rpl", 8),
  /** Could not be tracked. */
  INV("inv", 16),
  /** Went through connection tracking. */
  TRK("trk", 32),
  /** Its source address was translated. */
  SNAT("snat", 64),
  /** Its destination address was translated. */
  DNAT("dnat", 128);

  private final String ofctlName;
  private final long bit;

  CtState(String ofctlName, long bit) {
    this.ofctlName = ofctlName;
    this.bit = bit;
  }

  Bits bit() {
    return Bits.of(bit);
  }

  static String format(Bits value, Bits mask) {
    var text = new StringBuilder();
    for (CtState flag : values()) {
      if (!mask.and(flag.bit()).isZero()) {
        text.append(value.and(flag.bit()).isZero() ? '-' : '+').append(flag.ofctlName);
      }
    }
    return text.toString();
  }
}
