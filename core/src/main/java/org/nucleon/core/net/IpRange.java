package org.nucleon.core.net;

/**
 * An inclusive range of addresses of one version, as in a subnet's allocation pools.
 *
 * @param start the first address
 * @param end the last address, not below {@code start}
 */
public record IpRange(IpAddress start, IpAddress end) implements Comparable<IpRange> {

  /** Whether the address lies in the range. */
  public boolean contains(IpAddress address) {
    return address.version() == start.version()
        && start.compareTo(address) <= 0
        && address.compareTo(end) <= 0;
  }

  /** Whether the two ranges share an address. */
  public boolean overlaps(IpRange other) {
    return start.compareTo(other.end) <= 0 && other.start.compareTo(end) <= 0;
  }

  @Override
  public int compareTo(IpRange other) {
    int byStart = start.compareTo(other.start);
    return byStart != 0 ? byStart : end.compareTo(other.end);
  }

  @Override
  public String toString() {
    return start + "-" + end;
  }
}
