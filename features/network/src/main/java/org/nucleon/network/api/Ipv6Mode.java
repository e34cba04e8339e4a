package org.nucleon.network.api;

/** How the hosts of an IPv6 subnet come by their addresses and by what else they are to know. */
public enum Ipv6Mode {
  /** Addresses by router advertisements, which also name the name servers. */
  SLAAC("slaac"),

  /** All from a DHCPv6 server. */
  DHCPV6_STATEFUL("dhcpv6-stateful"),

  /** Addresses by router advertisements, the rest from a DHCPv6 server. */
  DHCPV6_STATELESS("dhcpv6-stateless");

  private final String word;

  Ipv6Mode(String word) {
    this.word = word;
  }

  /** Whether hosts make their addresses of an advertised prefix and their MAC address. */
  boolean isAutoAddress() {
    return this != DHCPV6_STATEFUL;
  }

  /** The word of the API. */
  @Override
  public String toString() {
    return word;
  }
}
