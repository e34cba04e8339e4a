package org.nucleon.host.openflow;

import java.util.ArrayList;
import java.util.List;

/**
 * Transport ports {@code first} to {@code last}, both included.
 *
 * @param first 0 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) {
  /** Every port. */
  public static final PortRange ALL = new PortRange(0, 0xffff);

  /**
   * The ports that agree with {@code value} in the bits of {@code mask}.
   *
   * @param value the port, with no bit outside the mask
   * @param mask the bits that count, 16 wide
   */
  public record Masked(int value, int mask) {}

  /** Refuses a range that is empty or leaves 0 to 65535. */
  public PortRange {
    if (first < 0 || last > 0xffff || first > last) {
      throw new IllegalArgumentException("not a range of ports: " + first + " to " + last);
    }
  }

  /** The fewest masked ports that cover exactly this range, lowest first. */
  public List<Masked> split() {
    var parts = new ArrayList<Masked>();
    int next = first;
    while (next <= last) {
      int size = next == 0 ? 0x10000 : Integer.lowestOneBit(next);
      while (next + size - 1 > last) {
        size >>= 1;
      }
      parts.add(new Masked(next, 0x10000 - size));
      next += size;
    }
    return List.copyOf(parts);
  }
}
