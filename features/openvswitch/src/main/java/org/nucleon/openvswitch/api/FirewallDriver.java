package org.nucleon.openvswitch.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What keeps a host's guests to their security groups and addresses. */
public enum FirewallDriver {
  /** Flows of the switch, with its connection tracking. */
  OPENVSWITCH(
      "neutron.agent.linux.openvswitch_firewall.OVSFirewallDriver",
      "neutron.agent.linux.openvswitch_firewall.firewall.OVSFirewallDriver"),
  /** iptables, on a Linux bridge between the guest and the switch. */
  IPTABLES_HYBRID("neutron.agent.linux.iptables_firewall.OVSHybridIptablesFirewallDriver"),
  /** Nothing: guests may send and get what they like. */
  NOOP("neutron.agent.firewall.NoopFirewallDriver");

  /** Neutron's drivers that are for other agents, by its two names. */
  private static final List<String> OF_LINUX_BRIDGE_AGENTS =
      List.of("iptables", "neutron.agent.linux.iptables_firewall.IptablesFirewallDriver");

  private final List<String> classNames;

  FirewallDriver(String... classNames) {
    this.classNames = List.of(classNames);
  }

  /**
   * Reads an operator's word: a short name, or the name of Neutron's class.
   *
   * @throws IllegalArgumentException saying what is expected
   */
  public static FirewallDriver parse(String text) {
    String name = text.strip();
    if (OF_LINUX_BRIDGE_AGENTS.contains(name)) {
      throw new IllegalArgumentException(
          name
              + " filters on hosts whose only switch is a Linux bridge; with Open vSwitch take "
              + IPTABLES_HYBRID
              + " or "
              + OPENVSWITCH);
    }
    return Arrays.stream(values())
        .filter(driver -> driver.toString().equals(name) || driver.classNames.contains(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                Arrays.stream(values()).map(Enum::toString).collect(Collectors.joining(", "))
                    + " expected"));
  }

  /** By its short name; empty if it has none here. */
  static Optional<FirewallDriver> named(String name) {
    return Arrays.stream(values()).filter(driver -> driver.toString().equals(name)).findFirst();
  }

  /** Whether a guest is to be plugged by way of a Linux bridge. */
  public boolean isHybrid() {
    return this == IPTABLES_HYBRID;
  }

  /** Whether it filters at all. */
  public boolean filters() {
    return this != NOOP;
  }

  /** Its short name, as options have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
