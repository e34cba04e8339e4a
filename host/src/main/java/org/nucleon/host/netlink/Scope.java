package org.nucleon.host.netlink;

/**
 * How far an address or a route's destination is, see rtnetlink(7).
 *
 * @param number the kernel's number, 0 to 255
 */
public record Scope(int number) {
  /** Anywhere; a route through a gateway. */
  public static final Scope UNIVERSE = new Scope(0);

  /** On this link; a route without a gateway. */
  public static final Scope LINK = new Scope(253);

  /** This host. */
  public static final Scope HOST = new Scope(254);
}
