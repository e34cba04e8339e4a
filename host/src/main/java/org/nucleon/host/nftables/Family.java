package org.nucleon.host.nftables;

/** Which packets a table sees. */
public enum Family {
  /** IPv4. */
  IP("ip", 2),
  /** IPv6. */
  IP6("ip6", 10),
  /** IPv4 and IPv6. */
  INET("inet", 1);

  private final String text;
  private final int number;

  Family(String text, int number) {
    this.text = text;
    this.number = number;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }

  /** The kernel's number, NFPROTO_*. */
  int number() {
    return number;
  }
}
