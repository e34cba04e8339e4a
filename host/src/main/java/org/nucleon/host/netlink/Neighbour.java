package org.nucleon.host.netlink;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;

/**
 * Whom the kernel believes to own an address on a link (ARP, RFC 826; neighbour discovery, RFC
 * 4861).
 *
 * @param link the link's index
 * @param address IPv4 or IPv6
 * @param mac null while unknown
 * @param state the kernel's NUD_* bits; {@link #PERMANENT} for entries that are set by hand
 */
public record Neighbour(int link, InetAddress address, @Nullable MacAddress mac, int state)
    implements NetlinkObject {
  /** Never asked for again (NUD_PERMANENT). */
  public static final int PERMANENT = 0x80;

  /** Heard of lately (NUD_REACHABLE). */
  public static final int REACHABLE = 0x02;

  /** An entry that stays. */
  public static Neighbour permanent(int link, InetAddress address, MacAddress mac) {
    return new Neighbour(link, address, mac, PERMANENT);
  }
}
