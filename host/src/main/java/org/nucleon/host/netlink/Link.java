package org.nucleon.host.netlink;

import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;

/**
 * A network device as the kernel shows it.
 *
 * @param index its number in its namespace
 * @param name its name, at most 15 characters
 * @param mac null for devices whose address is not a MAC
 * @param mtu bytes
 * @param up whether it is set up (IFF_UP)
 * @param carrier whether its other end is up too
 * @param loopback whether it is {@code lo}
 * @param kind {@code veth}, {@code bridge}, {@code tun} ...; null for physical devices and lo
 * @param master the index of the bridge it is in; 0 for none
 * @param peerIndex a veth's other end, in that one's namespace; 0 for none
 * @param peerNamespace the id by which this namespace knows the peer's, -1 if it is the same one
 * @param alias free text (IFLA_IFALIAS), for marking what is one's own; null for none
 * @param addressGeneration how it makes its own IPv6 addresses; null if it has no IPv6
 */
public record Link(
    int index,
    String name,
    @Nullable MacAddress mac,
    int mtu,
    boolean up,
    boolean carrier,
    boolean loopback,
    @Nullable String kind,
    int master,
    int peerIndex,
    int peerNamespace,
    @Nullable String alias,
    @Nullable AddressGeneration addressGeneration)
    implements NetlinkObject {

  /** How a device makes its link-local and autoconfigured IPv6 addresses; in the kernel's order. */
  public enum AddressGeneration {
    /** From its MAC. */
    EUI64(0),
    /** Not at all: it has no link-local address unless it is given one. */
    NONE(1),
    /** From a secret, RFC 7217. */
    STABLE_PRIVACY(2),
    /** From a random secret. */
    RANDOM(3);

    final int number;

    AddressGeneration(int number) {
      this.number = number;
    }
  }
}
