package org.nucleon.host.openflow;

import java.util.HexFormat;

/**
 * An Ethernet address.
 *
 * @param value the address in the lower 48 bits
 */
public record MacAddress(long value) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  /** Refuses what does not fit into 48 bits. */
  public MacAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(value));
    }
  }

  /**
   * Reads {@code aa:bb:cc:dd:ee:ff}, in either case.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static MacAddress parse(String text) {
    if (text.length() != 17) {
      throw new IllegalArgumentException("not an Ethernet address: " + text);
    }
    return new MacAddress(Bits.of(COLONS.parseHex(text)).low());
  }

  Bits bits() {
    return Bits.of(value);
  }

  /** Lower case with colons. */
  @Override
  public String toString() {
    return COLONS.formatHex(Bits.of(value).toBytes(6));
  }
}
