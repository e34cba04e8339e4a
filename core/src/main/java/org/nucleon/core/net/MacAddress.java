package org.nucleon.core.net;

import java.util.regex.Pattern;

/**
 * An EUI-48 address.
 *
 * @param value the 48 bits as a number
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

  private static final Pattern TEXT =
      Pattern.compile("[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{12}");

  /**
   * Reads six octets separated by colons or hyphens, or twelve digits.
   *
   * @throws IllegalArgumentException if the text is no MAC address
   */
  public static MacAddress parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return new MacAddress(Long.parseLong(text.replace(":", "").replace("-", ""), 16));
  }

  /** Whether the address names a group (broadcast included). */
  public boolean isMulticast() {
    return (value >>> 40 & 1) == 1;
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(value, other.value);
  }

  /** Six lower-case octets with colons. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      if (shift < 40) {
        text.append(':');
      }
      text.append(Character.forDigit((int) (value >>> shift + 4 & 15), 16));
      text.append(Character.forDigit((int) (value >>> shift & 15), 16));
    }
    return text.toString();
  }
}
