package org.nucleon.core.net;

/**
 * An EUI-48 address.
 *
 * @param value the 48 bits as a number
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

  private static final int DIGITS = 12;
  private static final int SEPARATED = 17;

  /**
   * Reads six octets separated by colons or hyphens, or twelve digits.
   *
   * @throws IllegalArgumentException if the text is no MAC address
   */
  public static MacAddress parse(String text) {
    boolean separated = text.length() == SEPARATED;
    boolean fits = separated || text.length() == DIGITS;
    long value = 0;
    for (int i = 0; fits && i < text.length(); i++) {
      char c = text.charAt(i);
      if (separated && i % 3 == 2) {
        fits = c == ':' || c == '-';
      } else {
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        fits = digit >= 0;
        value = value << 4 | digit;
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(text);
    }
    return new MacAddress(value);
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
