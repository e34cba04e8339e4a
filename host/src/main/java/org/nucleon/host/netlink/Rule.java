package org.nucleon.host.netlink;

import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.IpPrefix;

/**
 * A rule of policy routing that sends packets to a table, see ip-rule(8). Null and 0 match all.
 *
 * @param ipv4 whether it is for IPv4; else for IPv6
 * @param priority lower is asked first
 * @param source the packet's source
 * @param destination the packet's destination
 * @param incoming the name of the device it came in by
 * @param outgoing the name of the device that its socket is bound to
 * @param mark the packet's mark, compared under {@code mask}
 * @param mask the bits of the mark that count
 * @param table where it sends to; 0 for rules with another action, which are only shown
 * @param protocol who made it, like {@link Route#protocol()}
 */
public record Rule(
    boolean ipv4,
    int priority,
    @Nullable IpPrefix source,
    @Nullable IpPrefix destination,
    @Nullable String incoming,
    @Nullable String outgoing,
    int mark,
    int mask,
    int table,
    int protocol)
    implements NetlinkObject {

  /** A rule that sends what comes from {@code source} to {@code table}. */
  public static Rule from(IpPrefix source, int priority, int table, int protocol) {
    return new Rule(source.isIpv4(), priority, source, null, null, null, 0, 0, table, protocol);
  }
}
