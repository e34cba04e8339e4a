package org.nucleon.agent.device;

import org.nucleon.agent.api.Item;
import org.nucleon.host.ethernet.MacAddress;

/**
 * A veth pair: one end is born in a namespace, the other one in the agent's own, where a switch
 * takes it. Both are up and leave checksums to nobody; the outer end has no IPv6 and carries the
 * mark in its alias. The inner end's link-local address follows from its MAC address (RFC 4862).
 *
 * @param namespace where the inner end is
 * @param name the inner end
 * @param outerName the outer end
 * @param mac the inner end's
 * @param mtu of both ends, in bytes
 * @param ipv6 what the inner end does with IPv6
 * @param whole false, in what is read, if anything of it is not as it should be that has no
 *     component here
 */
public record DeviceItem(
    String namespace,
    String name,
    String outerName,
    MacAddress mac,
    int mtu,
    Ipv6 ipv6,
    boolean whole)
    implements Item {

  /** A device as it should be. */
  public DeviceItem(
      String namespace, String name, String outerName, MacAddress mac, int mtu, Ipv6 ipv6) {
    this(namespace, name, outerName, mac, mtu, ipv6, true);
  }

  /** Which device it is. */
  record Key(String namespace, String name) {}

  @Override
  public Key key() {
    return new Key(namespace, name);
  }
}
