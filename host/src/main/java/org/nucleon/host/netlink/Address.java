package org.nucleon.host.netlink;

import java.util.Set;
import org.nucleon.host.ethernet.IpPrefix;

/**
 * An IP address on a link.
 *
 * @param link the link's index
 * @param prefix the address and the length of its network
 * @param scope where it is valid
 * @param flags what else holds of it
 */
public record Address(int link, IpPrefix prefix, Scope scope, Set<Flag> flags)
    implements NetlinkObject {

  /** Copies the flags. */
  public Address {
    flags = Set.copyOf(flags);
  }

  /** Flags of addresses (IFA_F_*); those not here are not shown. */
  public enum Flag {
    /** Asked for: usable at once, no duplicate address detection. */
    NODAD(0x02),
    /** Another address had this one's network first (IPv4), or it is temporary (IPv6). */
    SECONDARY(0x01),
    /** Duplicate address detection found another host with it. */
    DADFAILED(0x08),
    /** No longer to be used for new connections. */
    DEPRECATED(0x20),
    /** Not usable yet: duplicate address detection is running. */
    TENTATIVE(0x40),
    /** Does not expire. */
    PERMANENT(0x80),
    /** Asked for: no route to its network is made for it. */
    NOPREFIXROUTE(0x200);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }

  /** An address of global scope. */
  public static Address of(int link, IpPrefix prefix, Flag... flags) {
    return new Address(link, prefix, Scope.UNIVERSE, Set.of(flags));
  }
}
