package org.nucleon.core.net;

import java.util.regex.Pattern;

/**
 * A network prefix (CIDR, RFC 4632): the first address and the number of leading bits that are
 * fixed.
 *
 * @param address the network address, with all host bits zero
 * @param length prefix length in bits, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {

  private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

  /** Of the addresses that IPv6 hosts have on each link. */
  public static final IpPrefix LINK_LOCAL = parse("fe80::/64");

  /** Refuses a length outside the version's range and host bits that are set. */
  public IpPrefix {
    if (length < 0 || length > address.bits()) {
      throw new IllegalArgumentException("prefix length " + length);
    }
    if (!address.equals(masked(address, length))) {
      throw new IllegalArgumentException("host bits set in " + address + "/" + length);
    }
  }

  /** The prefix of the given length that holds the address. */
  public static IpPrefix containing(IpAddress address, int length) {
    if (length < 0 || length > address.bits()) {
      throw new IllegalArgumentException("prefix length " + length);
    }
    return new IpPrefix(masked(address, length), length);
  }

  /**
   * Reads {@code address/length}; host bits may be set and are cleared. A bare address is its own
   * /32 or /128.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      IpAddress address = IpAddress.parse(text);
      return new IpPrefix(address, address.bits());
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()) {
      throw new IllegalArgumentException(text);
    }
    return containing(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
  }

  private static IpAddress masked(IpAddress address, int length) {
    if (address.version() == 4) {
      long mask = length == 0 ? 0 : 0xffff_ffffL << (32 - length) & 0xffff_ffffL;
      return new IpAddress(4, 0, address.low() & mask);
    }
    long high = length >= 64 ? -1 : length == 0 ? 0 : -1L << (64 - length);
    long low = length <= 64 ? 0 : -1L << (128 - length);
    return new IpAddress(6, address.high() & high, address.low() & low);
  }

  /** 4 or 6. */
  public int version() {
    return address.version();
  }

  /** The last address: for IPv4 the broadcast address. */
  public IpAddress last() {
    if (version() == 4) {
      long host = length == 32 ? 0 : 0xffff_ffffL >>> length;
      return new IpAddress(4, 0, address.low() | host);
    }
    long high = length >= 64 ? 0 : length == 0 ? -1 : -1L >>> length;
    long low = length <= 64 ? -1 : length == 128 ? 0 : -1L >>> (length - 64);
    return new IpAddress(6, address.high() | high, address.low() | low);
  }

  /** Whether the address lies in the prefix. */
  public boolean contains(IpAddress candidate) {
    return candidate.version() == version() && masked(candidate, length).equals(address);
  }

  /**
   * The address that a host with this MAC address gives itself (RFC 4862, with the interface
   * identifier of RFC 4291, appendix A).
   *
   * @throws IllegalArgumentException unless this is an IPv6 prefix of 64 bits
   */
  public IpAddress eui64(MacAddress mac) {
    if (version() != 6 || length != 64) {
      throw new IllegalArgumentException("no interface identifiers in " + this);
    }
    long vendor = mac.value() >>> 24 ^ 0x02_0000; // the bit that says: given out by somebody
    return new IpAddress(
        6, address.high(), vendor << 40 | 0xff_fe00_0000L | mac.value() & 0xff_ffff);
  }

  /** Whether the two prefixes share an address. */
  public boolean overlaps(IpPrefix other) {
    return length <= other.length ? contains(other.address) : other.contains(address);
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
