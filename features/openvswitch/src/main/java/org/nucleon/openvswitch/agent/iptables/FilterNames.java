package org.nucleon.openvswitch.agent.iptables;

import java.util.Set;
import java.util.UUID;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;

/**
 * What things are called: Neutron's names, where it has such a thing. By their beginning what is
 * ours is known.
 */
public final class FilterNames {

  /** How our chains' names begin. */
  static final String PREFIX = "neutron-openvswi-";

  /** The table that decides. */
  public static final String FILTER = "filter";

  /** The table in which packets are given to conntrack zones. */
  public static final String RAW = "raw";

  /** What is bridged comes here first. */
  public static final String FORWARD = PREFIX + "FORWARD";

  /** What guests send to the host itself comes here first. */
  public static final String INPUT = PREFIX + "INPUT";

  /** Where packets are given to zones. */
  public static final String PREROUTING = PREFIX + "PREROUTING";

  /** Leads to the chains of each port. */
  public static final String PORTS = PREFIX + "sg-chain";

  /** What no rule allows ends here. */
  public static final String FALLBACK = PREFIX + "sg-fallback";

  /** Chains in which ports have rules beside those of others. */
  private static final Set<String> SHARED = Set.of(FORWARD, INPUT, PREROUTING, PORTS);

  private static final String SET = "NETIPv";
  private static final int PORT_ID = 10;
  private static final int DEVICE_ID = 11;
  private static final int GROUP_ID = 9;
  private static final int LONGEST_SET = 27;

  private FilterNames() {}

  /** The chain of what a port gets. */
  public static String ingress(UUID port) {
    return PREFIX + "i" + start(port, PORT_ID);
  }

  /** The chain of what a port sends. */
  public static String egress(UUID port) {
    return PREFIX + "o" + start(port, PORT_ID);
  }

  /** The chain of the addresses that a port may send from. */
  public static String sources(UUID port) {
    return PREFIX + "s" + start(port, PORT_ID);
  }

  /** The chain of what a network's own services say and are told. */
  public static String network(UUID network) {
    return PREFIX + "n" + start(network, PORT_ID);
  }

  /** The chain of what a security group lets in. */
  public static String groupIngress(UUID group) {
    return PREFIX + "gi" + digits(group);
  }

  /** The chain of what a security group lets out. */
  public static String groupEgress(UUID group) {
    return PREFIX + "go" + digits(group);
  }

  /** The set of the addresses of a security group's members. */
  public static String members(Ip version, UUID group) {
    String name = SET + version.number() + group;
    return name.substring(0, LONGEST_SET);
  }

  /** The device that the guest has. */
  public static String tap(UUID port) {
    return "tap" + start(port, DEVICE_ID);
  }

  /** The Linux bridge's end of the cable to the switch. */
  public static String bridgeEnd(UUID port) {
    return "qvb" + start(port, DEVICE_ID);
  }

  /** The switch's end of that cable. */
  public static String switchEnd(UUID port) {
    return "qvo" + start(port, DEVICE_ID);
  }

  private static String start(UUID id, int length) {
    return id.toString().substring(0, length);
  }

  private static String digits(UUID id) {
    return id.toString().replace("-", "").substring(0, GROUP_ID);
  }

  /** Whether a chain is ours. */
  public static boolean isOurs(String chain) {
    return chain.startsWith(PREFIX);
  }

  static boolean isShared(String chain) {
    return SHARED.contains(chain);
  }

  static boolean isOurSet(String set) {
    return set.startsWith(SET);
  }

  /** Whether a rule is about one port's devices, and not about all of a kind. */
  static boolean isOfPort(Rule rule) {
    return rule.options().stream()
        .anyMatch(option ->
            (option.startsWith("--physdev-in ") || option.startsWith("--physdev-out "))
                && !option.endsWith("+"));
  }

  /** Whether a rule leads to a chain of ours. */
  static boolean leadsToOurs(Rule rule) {
    String target = rule.value("-j");
    return target != null && isOurs(target);
  }
}
