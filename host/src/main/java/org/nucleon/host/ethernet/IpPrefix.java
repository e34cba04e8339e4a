package org.nucleon.host.ethernet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address and how many of its leading bits name the network: {@code 10.0.0.7/24}. Bits of the
 * host are kept; {@link #network()} clears them.
 *
 * @param address IPv4 or IPv6
 * @param length 0 to 32, or 0 to 128
 */
public record IpPrefix(InetAddress address, int length) {
  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if the address has fewer bits
   */
  public IpPrefix {
    if (length < 0 || length > address.getAddress().length * 8) {
      throw new IllegalArgumentException("not a prefix length of " + address + ": " + length);
    }
  }

  /**
   * Reads {@code 10.0.0.0/24} or {@code 2001:db8::/64}; an address alone is a prefix of its full
   * length. Never looks a name up.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return host(InetAddress.ofLiteral(text));
    }
    return new IpPrefix(
        InetAddress.ofLiteral(text.substring(0, slash)),
        Integer.parseInt(text.substring(slash + 1)));
  }

  /** The prefix that holds {@code address} alone. */
  public static IpPrefix host(InetAddress address) {
    return new IpPrefix(address, address.getAddress().length * 8);
  }

  /** Whether it is IPv4; else it is IPv6. */
  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /** The same prefix with the host's bits cleared. */
  public IpPrefix network() {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(length - 8L * i, 0, 8);
      bytes[i] &= (byte) (0xff00 >> kept);
    }
    try {
      return new IpPrefix(InetAddress.getByAddress(bytes), length);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Address, slash, length. */
  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
