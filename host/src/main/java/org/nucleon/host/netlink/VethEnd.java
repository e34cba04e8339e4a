package org.nucleon.host.netlink;

import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.namespace.NetworkNamespace;

/**
 * One end of a veth pair that is to be made. Both are born down: the kernel refuses (ENOTCONN) to
 * have a peer up before its other end is there.
 *
 * @param name at most 15 characters
 * @param mac null for a random one
 * @param mtu bytes; 0 for 1500
 * @param namespace where it is born; null for the namespace that the request is sent in
 */
public record VethEnd(
    String name, @Nullable MacAddress mac, int mtu, @Nullable NetworkNamespace namespace) {
  /** Checks the name. */
  public VethEnd {
    LinkName.check(name);
  }
}
