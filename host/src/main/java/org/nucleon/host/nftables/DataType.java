package org.nucleon.host.nftables;

/** What the keys of a set or map, or the values of a map, are. */
public enum DataType {
  /** An IPv4 address or, in a set of intervals, prefix. */
  IPV4("ipv4_addr"),
  /** An IPv6 address or, in a set of intervals, prefix. */
  IPV6("ipv6_addr"),
  /** A MAC address. */
  MAC("ether_addr"),
  /** A TCP or UDP port. */
  PORT("inet_service"),
  /** A device's name. */
  DEVICE("ifname"),
  /** A packet's mark. */
  MARK("mark");

  private final String text;

  DataType(String text) {
    this.text = text;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }
}
