package org.nucleon.host.netlink;

import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.SystemCallException;

/** A netlink request that the kernel refused. The others of its batch are suppressed in it. */
public final class NetlinkException extends SystemCallException {
  private static final long serialVersionUID = 1L;

  /**
   * Says that a request failed.
   *
   * @param attempt the request
   * @param errno why
   * @param explanation the kernel's own words, empty if it has none
   */
  NetlinkException(String attempt, Errno errno, String explanation) {
    super(explanation.isEmpty() ? attempt : attempt + " (" + explanation + ")", errno);
  }
}
