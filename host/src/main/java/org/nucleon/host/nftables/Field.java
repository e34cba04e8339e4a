package org.nucleon.host.nftables;

/** What of a packet is looked at. */
public enum Field {
  /** The name of the device it came in by. */
  IN("iifname"),
  /** The name of the device it goes out by. */
  OUT("oifname"),
  /** The IPv4 source. */
  IP_SOURCE("ip saddr"),
  /** The IPv4 destination. */
  IP_DESTINATION("ip daddr"),
  /** The IPv6 source. */
  IP6_SOURCE("ip6 saddr"),
  /** The IPv6 destination. */
  IP6_DESTINATION("ip6 daddr"),
  /** The source MAC. */
  MAC_SOURCE("ether saddr"),
  /** The TCP destination port. */
  TCP_DESTINATION("tcp dport"),
  /** The UDP destination port. */
  UDP_DESTINATION("udp dport"),
  /** The number of the protocol above IP. */
  PROTOCOL("meta l4proto"),
  /** The packet's mark. */
  MARK("meta mark"),
  /** The mark of its connection. */
  CONNECTION_MARK("ct mark");

  private final String text;

  Field(String text) {
    this.text = text;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }

  boolean isIpv6() {
    return this == IP6_SOURCE || this == IP6_DESTINATION;
  }
}
