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
    String name = address.toString().replace('.', '-').replace(':', '-');
    return mac + ",host-" + name + "," + (address.version() == 6 ? "[" + address + "]" : address);
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
    String address =
        words[2].startsWith("[") ? words[2].substring(1, words[2].length() - 1) : words[2];
    return new HostEntryItem(network, IpAddress.parse(address), MacAddress.parse(words[0]));
  }
}
