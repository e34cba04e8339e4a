package org.nucleon.dhcp.agent;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Item;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.MacAddress;
import org.nucleon.dhcp.api.DnsNames;

/**
 * What the DHCP server of a network knows of an address: whom to give it, and its name.
 *
 * @param network whose server
 * @param address what it gives
 * @param name what it is called, without the domain
 * @param mac to whom; null if its owner has it already, so that only its name is told
 */
record HostEntryItem(UUID network, IpAddress address, String name, @Nullable MacAddress mac)
    implements Item {

  /** An address is given to one alone. */
  record Key(UUID network, IpAddress address) {}

  @Override
  public Key key() {
    return new Key(network, address);
  }

  /**
   * Its line in dnsmasq's hosts file, without a newline. Of a name with dots the first part:
   * dnsmasq takes the rest for a domain, and for another than the guests'.
   *
   * @throws IllegalStateException if the address is not given to anybody
   */
  String line() {
    if (mac == null) {
      throw new IllegalStateException("nobody is given " + address);
    }
    return mac
        + ","
        + name.split("\\.", 2)[0]
        + ","
        + (address.version() == 6 ? "[" + address + "]" : address);
  }

  /**
   * Its line in dnsmasq's file of leases, without a newline: a lease without end, until its holder
   * renews it.
   *
   * @throws IllegalStateException if the address is not given to anybody
   */
  String leaseLine() {
    if (mac == null) {
      throw new IllegalStateException("nobody is given " + address);
    }
    return "0 " + mac + " " + address + " * *";
  }

  /**
   * Its line in the file of names, as hosts(5) says, without a newline: the first name is the one
   * that the address resolves to.
   *
   * @param domain that guests are in
   */
  String nameLine(String domain) {
    return address + " " + name + "." + domain + " " + name;
  }

  /**
   * The entry that a line of the hosts file tells, but for what of its name is not there.
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
    return new HostEntryItem(
        network, IpAddress.parse(address), words[1], MacAddress.parse(words[0]));
  }

  /**
   * The entry that a line of the file of names tells.
   *
   * @throws IllegalArgumentException if it is not as {@link #nameLine} makes it
   */
  static HostEntryItem parseName(UUID network, String line, String domain) {
    String[] words = line.split(" ", -1);
    HostEntryItem named =
        new HostEntryItem(network, IpAddress.parse(words[0]), words[words.length - 1], null);
    if (!DnsNames.isHost(named.name()) || !named.nameLine(domain).equals(line)) {
      throw new IllegalArgumentException(line);
    }
    return named;
  }
}
