package org.nucleon.host.openflow;

import org.nucleon.host.ethernet.MacAddress;

/**
 * A port of a bridge as OpenFlow describes it.
 *
 * @param number its OpenFlow number, unsigned 32 bits
 * @param name the name of its interface
 * @param mac its Ethernet address
 * @param down whether it has been taken down by configuration
 * @param linkDown whether it has no carrier
 */
public record Port(long number, String name, MacAddress mac, boolean down, boolean linkDown) {
  /** Back to where the packet came from. */
  public static final long IN_PORT = 0xffff_fff8L;

  /** The switch's own learning and flooding. */
  public static final long NORMAL = 0xffff_fffaL;

  /** Every port but the packet's own and those that refuse floods. */
  public static final long FLOOD = 0xffff_fffbL;

  /** Every port but the packet's own. */
  public static final long ALL = 0xffff_fffcL;

  /** The controllers that are connected. */
  public static final long CONTROLLER = 0xffff_fffdL;

  /** The bridge's own device. */
  public static final long LOCAL = 0xffff_fffeL;

  /** No port. */
  public static final long ANY = 0xffff_ffffL;

  static String format(long number) {
    if (number == IN_PORT) {
      return "IN_PORT";
    } else if (number == NORMAL) {
      return "NORMAL";
    } else if (number == FLOOD) {
      return "FLOOD";
    } else if (number == ALL) {
      return "ALL";
    } else if (number == CONTROLLER) {
      return "CONTROLLER";
    } else if (number == LOCAL) {
      return "LOCAL";
    }
    return Long.toString(number);
  }
}
