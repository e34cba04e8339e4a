package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Jump;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.securitygroup.api.AddressPair;

/**
 * A port of this host whose guest is behind a Linux bridge: the same verdicts as {@link PortPlan}'s
 * flows give, as chains. Frames that are not IP, and what neighbour discovery says of addresses,
 * iptables does not see: those the switch judges.
 *
 * <p>As there, only answers and what is related pass for the connection's sake; all else meets the
 * rules with every packet.
 */
final class IptablesPort {

  private static final String RETURN = " -j RETURN";
  private static final String DROP = " -j DROP";
  private static final String LEASE =
      "-d 255.255.255.255 -p udp -m udp --sport 68 --dport 67 -j RETURN";
  private static final String DHCPV6 =
      "-d ff02::1:2 -p udp -m udp --sport 546 --dport 547 -j RETURN";

  private final PortSpec port;
  private final Plan out;

  private IptablesPort(PortSpec port, Plan out) {
    this.port = port;
    this.out = out;
  }

  /** Plans the port's chains, and the ways to them. */
  static void plan(PortSpec port, Planning in, Plan out) throws Unplannable {
    IptablesPort plan = new IptablesPort(port, out);
    if (!port.isSecured()) {
      plan.open();
    } else if (SecurityRules.isTracked(port, in.view())) {
      plan.secured("--zone " + Numbers.zone(in, port.id()), true);
    } else {
      plan.secured("--notrack", false);
    }
  }

  private void open() {
    for (Ip version : Ip.values()) {
      tracking(version, "--notrack");
      bridged(version, FilterNames.FORWARD, "out", "ACCEPT");
      bridged(version, FilterNames.FORWARD, "in", "ACCEPT");
    }
  }

  private void secured(String tracking, boolean isTracked) {
    UUID id = port.id();
    for (Ip version : Ip.values()) {
      tracking(version, tracking);
      out.add(Chain.of(version, FilterNames.sources(id), sources(version)));
      out.add(Chain.of(version, FilterNames.ingress(id), ingress(version, isTracked)));
      out.add(Chain.of(version, FilterNames.egress(id), egress(version, isTracked)));
      bridged(version, FilterNames.PORTS, "out", FilterNames.ingress(id));
      bridged(version, FilterNames.PORTS, "in", FilterNames.egress(id));
      bridged(version, FilterNames.FORWARD, "out", FilterNames.PORTS);
      bridged(version, FilterNames.FORWARD, "in", FilterNames.PORTS);
      // The host itself is on no network of guests; what they send to all gets to it as well.
      out.add(
          new Jump(
              version,
              FilterNames.FILTER,
              FilterNames.INPUT,
              Rule.of("-m physdev --physdev-in " + FilterNames.tap(id) + DROP)));
    }
  }

  /** Overlapping addresses, and two ports that talk to each other, share no connections. */
  private void tracking(Ip version, String how) {
    for (String device : List.of(FilterNames.tap(port.id()), FilterNames.bridgeEnd(port.id()))) {
      out.add(
          new Jump(
              version,
              FilterNames.RAW,
              FilterNames.PREROUTING,
              Rule.of("-m physdev --physdev-in " + device + " -j CT " + how)));
    }
  }

  private void bridged(Ip version, String chain, String way, String target) {
    out.add(
        new Jump(
            version,
            FilterNames.FILTER,
            chain,
            Rule.of(
                "-m physdev --physdev-"
                    + way
                    + " "
                    + FilterNames.tap(port.id())
                    + " --physdev-is-bridged -j "
                    + target)));
  }

  private List<Rule> egress(Ip version, boolean isTracked) {
    List<String> rules = new ArrayList<>();
    if (version == Ip.V4) {
      rules.add("-p udp -m udp --sport 67 --dport 68" + DROP);
    } else {
      rules.add(icmpv6(GuestIpv6.ROUTER_ADVERTISEMENT) + DROP);
      rules.add("-p udp -m udp --sport 547 --dport 546" + DROP);
    }
    rules.add("-j " + FilterNames.sources(port.id()));
    if (version == Ip.V4) {
      rules.add(LEASE);
    } else {
      for (int type : GuestIpv6.spokenWithoutRule()) {
        rules.add(icmpv6(type) + RETURN);
      }
      rules.add(DHCPV6);
    }
    judged(version, isTracked, rules);
    for (UUID group : port.groups()) {
      rules.add("-j " + FilterNames.groupEgress(group));
    }
    rules.add("-j " + FilterNames.FALLBACK);
    return rules.stream().map(Rule::of).toList();
  }

  private List<Rule> ingress(Ip version, boolean isTracked) {
    List<String> rules = new ArrayList<>();
    if (version == Ip.V6) {
      // Which routers may advertise the switch has seen to.
      for (int type : GuestIpv6.heardWithoutRule()) {
        rules.add(icmpv6(type) + RETURN);
      }
    }
    judged(version, isTracked, rules);
    for (UUID group : port.groups()) {
      rules.add("-j " + FilterNames.groupIngress(group));
    }
    rules.add("-j " + FilterNames.FALLBACK);
    return rules.stream().map(Rule::of).toList();
  }

  /** What passes, or not, before the rules are asked. */
  private void judged(Ip version, boolean isTracked, List<String> rules) {
    if (isTracked) {
      rules.add("-m conntrack --ctstate RELATED" + RETURN);
      rules.add("-m conntrack --ctstate ESTABLISHED --ctdir REPLY" + RETURN);
    }
    rules.add("-j " + FilterNames.network(port.network()));
    if (isTracked) {
      List<String> protocols = new ArrayList<>(List.of("-p tcp", "-p udp"));
      if (version == Ip.V4) {
        protocols.add("-p icmp");
      } else {
        for (int type : GuestIpv6.TRACKED) {
          protocols.add(icmpv6(type));
        }
      }
      protocols.forEach(protocol -> rules.add(protocol + " -m conntrack --ctstate INVALID" + DROP));
    }
  }

  private static String icmpv6(int type) {
    return "-p ipv6-icmp -m icmp6 --icmpv6-type " + type;
  }

  /** Returns what comes from an address that the port may send from, and drops the rest. */
  private List<Rule> sources(Ip version) {
    Set<MacAddress> macs = new LinkedHashSet<>(List.of(port.mac()));
    Set<String> rules = new LinkedHashSet<>();
    for (IpAddress address : port.addresses(version.number())) {
      rules.add(source(port.mac(), new IpPrefix(address, address.bits())));
    }
    for (AddressPair pair : port.pairs()) {
      macs.add(port.mac(pair));
      if (pair.prefix().version() == version.number()) {
        rules.add(source(port.mac(pair), pair.prefix()));
      }
    }
    for (MacAddress mac : macs) {
      String from = " -m mac --mac-source " + mac;
      if (version == Ip.V4) {
        rules.add(
            "-s 0.0.0.0 -d 255.255.255.255 -p udp"
                + from
                + " -m udp --sport 68 --dport 67"
                + RETURN);
      } else {
        IpAddress linkLocal = PortSpec.linkLocal(mac);
        rules.add(source(mac, new IpPrefix(linkLocal, linkLocal.bits())));
        for (int type : GuestIpv6.saidWithoutAddress()) {
          rules.add("-s :: -p ipv6-icmp" + from + " -m icmp6 --icmpv6-type " + type + RETURN);
        }
      }
    }
    rules.add("-j DROP");
    return rules.stream().map(Rule::of).toList();
  }

  private static String source(MacAddress mac, IpPrefix prefix) {
    String address = prefix.length() == 0 ? "" : "-s " + prefix + " ";
    return address + "-m mac --mac-source " + mac + RETURN;
  }
}
