package org.nucleon.host.netlink;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.IpPrefix;

/**
 * A route.
 *
 * @param type what happens to a packet that takes it
 * @param table the routing table; {@link #MAIN} is the usual one
 * @param protocol who made it (RTPROT_*): numbers from 100 on are free to mark one's own; kernel is
 *     2, boot 3, static 4, router advertisements 9
 * @param destination the network that it leads to; length 0 for the default route
 * @param via the gateway; null if the destination is on the link
 * @param link the index of the device; 0 for none
 * @param source the address that the host itself uses on this route; null to let it choose
 * @param scope how far the destination is
 * @param metric lower is preferred; 0 for IPv6 means the kernel's 1024
 * @param paths the gateways among which packets are spread, if there are several; {@code via} is
 *     null then
 */
public record Route(
    Type type,
    int table,
    int protocol,
    IpPrefix destination,
    @Nullable InetAddress via,
    int link,
    @Nullable InetAddress source,
    Scope scope,
    int metric,
    List<InetAddress> paths)
    implements NetlinkObject {

  /** A route over one gateway, or none. */
  public Route(
      Type type,
      int table,
      int protocol,
      IpPrefix destination,
      @Nullable InetAddress via,
      int link,
      @Nullable InetAddress source,
      Scope scope,
      int metric) {
    this(type, table, protocol, destination, via, link, source, scope, metric, List.of());
  }

  /** The main routing table. */
  public static final int MAIN = 254;

  /** What happens to a packet (RTN_*), in the kernel's order. */
  public enum Type {
    /** Unknown. */
    UNSPEC(0),
    /** Forwarded. */
    UNICAST(1),
    /** Taken in: an address of this host. */
    LOCAL(2),
    /** Taken in and sent as broadcast. */
    BROADCAST(3),
    /** Taken in as broadcast, sent as unicast. */
    ANYCAST(4),
    /** Multicast. */
    MULTICAST(5),
    /** Dropped in silence. */
    BLACKHOLE(6),
    /** Refused: host unreachable. */
    UNREACHABLE(7),
    /** Refused: prohibited. */
    PROHIBIT(8),
    /** Not in this table: the rules go on. */
    THROW(9),
    /** No longer used. */
    NAT(10),
    /** Resolved outside. */
    XRESOLVE(11);

    final int number;

    Type(int number) {
      this.number = number;
    }
  }

  /** A route in the main table to {@code destination} through a gateway. */
  public static Route via(int protocol, IpPrefix destination, InetAddress gateway, int link) {
    return new Route(
        Type.UNICAST, MAIN, protocol, destination, gateway, link, null, Scope.UNIVERSE, 0);
  }

  /** A route in the main table to {@code destination} over several gateways of equal cost. */
  public static Route over(int protocol, IpPrefix destination, List<InetAddress> gateways) {
    return new Route(
        Type.UNICAST,
        MAIN,
        protocol,
        destination,
        null,
        0,
        null,
        Scope.UNIVERSE,
        0,
        List.copyOf(gateways));
  }

  /** A route in the main table to {@code destination} on the link itself. */
  public static Route onLink(int protocol, IpPrefix destination, int link) {
    return new Route(Type.UNICAST, MAIN, protocol, destination, null, link, null, Scope.LINK, 0);
  }

  /** The same route in another table. */
  public Route inTable(int number) {
    return new Route(type, number, protocol, destination, via, link, source, scope, metric, paths);
  }
}
