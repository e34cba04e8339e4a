package org.nucleon.dhcp.agent;

import java.util.UUID;
import org.nucleon.agent.api.Item;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.MacAddress;

/**
 * What the DHCP server of a network answers to one MAC address.
 *
 * @param network whose server
 * @param address what it gives
 * @param mac to whom
 */
record HostEntryItem(UUID network, IpAddress address, MacAddress mac) implements Item {

  /** An address is given to one alone. */
  record Key(UUID network, IpAddress address) {}

  @Override
  public Key key() {
    return new Key(network, address);
  }

  /** Its line in dnsmasq's hosts file, without a newline. */
  String line() {
    return mac + ",host-" + address.toString().replace('.', '-') + "," + address;
  }

  /**
   * The entry that a line tells.
   *
   * @throws IllegalArgumentException if it is not as {@link #line} makes it
   */
  static HostEntryItem parse(UUID network, String line) {
    String[] words = line.split(",", -1);
    if (words.length != 3) {
      throw new IllegalArgumentException(line);
    }
    return new HostEntryItem(network, IpAddress.parse(words[2]), MacAddress.parse(words[0]));
  }
}
