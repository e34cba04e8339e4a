package org.nucleon.host.ethernet;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A 48-bit Ethernet address.
 *
 * @param value the address as a number, first byte highest, below 2^48
 */
public record MacAddress(long value) implements Comparable<MacAddress> {
  /** ff:ff:ff:ff:ff:ff. */
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
  private static final HexFormat HEX = HexFormat.ofDelimiter(":");

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the number has more than 48 bits
   */
  public MacAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(value));
    }
  }

  /**
   * Reads {@code fa:16:3e:00:00:01}, in either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static MacAddress parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("not a MAC address: " + text);
    }
    return of(HEX.parseHex(text));
  }

  /**
   * The address of six bytes in network order.
   *
   * @throws IllegalArgumentException if there are not six
   */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException("not six bytes but " + bytes.length);
    }
    long value = 0;
    for (byte b : bytes) {
      value = (value << 8) | (b & 0xff);
    }
    return new MacAddress(value);
  }

  /** The six bytes in network order. */
  public byte[] bytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (value >> (8 * (5 - i)));
    }
    return bytes;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(value, other.value);
  }

  /** Lower-case hexadecimal with colons. */
  @Override
  public String toString() {
    return HEX.formatHex(bytes());
  }
}
