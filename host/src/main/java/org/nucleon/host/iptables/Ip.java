package org.nucleon.host.iptables;

/** A version of IP: each has tables and programs of its own. */
public enum Ip {
  /** IPv4. */
  V4(4, "iptables", "inet"),
  /** IPv6. */
  V6(6, "ip6tables", "inet6");

  private final int number;
  private final String program;
  private final String family;

  Ip(int number, String program, String family) {
    this.number = number;
    this.program = program;
    this.family = family;
  }

  /**
   * By its number.
   *
   * @throws IllegalArgumentException for anything but 4 and 6
   */
  public static Ip of(int number) {
    return switch (number) {
      case 4 -> V4;
      case 6 -> V6;
      default -> throw new IllegalArgumentException("IPv" + number);
    };
  }

  /** 4 or 6. */
  public int number() {
    return number;
  }

  /** The name that its programs begin with. */
  public String program() {
    return program;
  }

  /** What ipset calls it. */
  public String family() {
    return family;
  }
}
