/**
 * rtnetlink: links, addresses, routes, rules and neighbours of a network namespace. See
 * rtnetlink(7).
 *
 * <p>{@link org.nucleon.host.netlink.Netlink} reads and changes them, {@link
 * org.nucleon.host.netlink.RouteMonitor} tells of changes.
 */
@NullMarked
package org.nucleon.host.netlink;

import org.jspecify.annotations.NullMarked;
