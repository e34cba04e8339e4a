package org.nucleon.core.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address as a number, so that ranges and prefixes are arithmetic. Ordered by
 * version, then numerically.
 *
 * @param version 4 or 6
 * @param high the upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low the lower 64 bits; for IPv4 the 32 bits of the address
 */
public record IpAddress(int version, long high, long low) implements Comparable<IpAddress> {

  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  /**
   * Reads the textual form: dotted quad or RFC 4291 text, without zone, brackets or white space.
   *
   * @throws IllegalArgumentException if the text is no address
   */
  public static IpAddress parse(String text) {
    if (text.indexOf(':') < 0) {
      return ofQuad(text);
    }
    if (!IPV6.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    byte[] bytes = InetAddress.ofLiteral(text).getAddress();
    if (bytes.length == 4) { // ::ffff:a.b.c.d
      return new IpAddress(6, 0, 0xffff_0000_0000L | number(bytes, 0, 4));
    }
    return ofBytes(bytes);
  }

  /** Written out: a server that starts reads an address for each port. */
  private static IpAddress ofQuad(String text) {
    long value = 0;
    int dots = 0;
    int octet = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && octet >= 0) {
        value = value << 8 | octet;
        octet = -1;
        dots++;
      } else if (c >= '0' && c <= '9' && octet != 0) {
        octet = Math.max(octet, 0) * 10 + (c - '0');
      } else {
        throw new IllegalArgumentException(text);
      }
      if (octet > 255) {
        throw new IllegalArgumentException(text);
      }
    }
    if (dots != 3 || octet < 0) {
      throw new IllegalArgumentException(text);
    }
    return new IpAddress(4, 0, value << 8 | octet);
  }

  /** The address of 4 or 16 bytes in network order. */
  public static IpAddress ofBytes(byte[] bytes) {
    return bytes.length == 4
        ? new IpAddress(4, 0, number(bytes, 0, 4))
        : new IpAddress(6, number(bytes, 0, 8), number(bytes, 8, 8));
  }

  private static long number(byte[] bytes, int from, int length) {
    long value = 0;
    for (int i = from; i < from + length; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  /** The address as 4 or 16 bytes in network order. */
  public byte[] bytes() {
    byte[] bytes = new byte[version == 4 ? 4 : 16];
    for (int i = bytes.length - 1, bit = 0; i >= 0; i--, bit += 8) {
      bytes[i] = (byte) (bit < 64 ? low >>> bit : high >>> (bit - 64));
    }
    return bytes;
  }

  /** The address for the JDK's networking classes. */
  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Number of bits of an address of this version. */
  public int bits() {
    return version == 4 ? 32 : 128;
  }

  /** Whether it is of one link only: 169.254.0.0/16 or fe80::/10. */
  public boolean isLinkLocal() {
    return version == 4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
  }

  /** The address {@code offset} further on; wraps around at the end of the address space. */
  public IpAddress plus(long offset) {
    if (version == 4) {
      return new IpAddress(4, 0, low + offset & 0xffff_ffffL);
    }
    long sum = low + offset;
    long carry = offset >= 0 && Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    long borrow = offset < 0 && Long.compareUnsigned(sum, low) > 0 ? 1 : 0;
    return new IpAddress(6, high + carry - borrow, sum);
  }

  /**
   * How far {@code other} (not above this) lies below this address, at most {@link Long#MAX_VALUE}.
   */
  public long minus(IpAddress other) {
    long difference = low - other.low;
    long upper = high - other.high - (Long.compareUnsigned(low, other.low) < 0 ? 1 : 0);
    return upper != 0 || difference < 0 ? Long.MAX_VALUE : difference;
  }

  /** Fixed-width hexadecimal text whose order is the order of addresses of one version. */
  public String sortableText() {
    String hex = Long.toHexString(low);
    return version == 4 ? "0".repeat(8 - hex.length()) + hex : "%016x%016x".formatted(high, low);
  }

  @Override
  public int compareTo(IpAddress other) {
    int byVersion = Integer.compare(version, other.version);
    if (byVersion != 0) {
      return byVersion;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** Dotted quad, or the canonical text of RFC 5952. */
  @Override
  public String toString() {
    if (version == 4) {
      return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
    }
    List<Integer> groups = new ArrayList<>();
    for (int shift = 48; shift >= 0; shift -= 16) {
      groups.add((int) (high >>> shift & 0xffff));
    }
    for (int shift = 48; shift >= 0; shift -= 16) {
      groups.add((int) (low >>> shift & 0xffff));
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups.get(end) == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups.get(i)));
      }
    }
    return text.toString();
  }
}
