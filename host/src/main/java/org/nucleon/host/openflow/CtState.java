package org.nucleon.host.openflow;

/** A flag of {@code ct_state}: what connection tracking says of a packet; see ovs-fields(7). */
public enum CtState {
  /** Begins a connection that is not committed yet. */
  NEW,
  /** Part of a committed connection. */
  EST,
  /** Related to a committed connection, such as an ICMP error. */
  REL,
  /** In the reply direction. */
  RPL,
  /** Could not be tracked. */
  INV,
  /** Went through connection tracking. */
  TRK,
  /** Its source address was translated. */
  SNAT,
  /** Its destination address was translated. */
  DNAT;

  Bits bit() {
    return Bits.of(1L << ordinal());
  }

  static String format(Bits value, Bits mask) {
    var text = new StringBuilder();
    for (CtState flag : values()) {
      if (!mask.and(flag.bit()).isZero()) {
        text.append(value.and(flag.bit()).isZero() ? '-' : '+').append(flag.ofctlName());
      }
    }
    return text.toString();
  }

  private String ofctlName() {
    return switch (this) {
      case NEW -> "new";
      case EST -> "est";
      case REL -> "rel";
      case RPL -> "rpl";
      case INV -> "inv";
      case TRK -> "trk";
      case SNAT -> "snat";
      case DNAT -> "dnat";
    };
  }
}
