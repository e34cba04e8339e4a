package org.nucleon.securitygroup.api;

/** The version of IP that a rule is about. */
public enum Ethertype {
  /** IPv4. */
  IPV4("IPv4", 4),
  /** IPv6. */
  IPV6("IPv6", 6);

  private final String text;
  private final int version;

  Ethertype(String text, int version) {
    this.text = text;
    this.version = version;
  }

  /** 4 or 6. */
  public int version() {
    return version;
  }

  @Override
  public String toString() {
    return text;
  }
}
