package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;
import org.nucleon.network.api.Binding;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.RemotePrefix;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/**
 * A security group's rules as chains, once for all ports of the host in it. What they do not allow
 * returns to the port's chain.
 */
final class IptablesRules {

  /** What iptables takes for any type of ICMP. */
  private static final int ANY_TYPE = 255;

  private IptablesRules() {}

  /** Plans a group's chains, if this host has ports in it. */
  static void plan(UUID group, Planning in, Plan out) {
    if (!isHeldBy(in.host(), group, in.view())) {
      return;
    }
    for (Ip version : Ip.values()) {
      List<Rule> ingress = new ArrayList<>();
      List<Rule> egress = new ArrayList<>();
      for (Resource rule : in.view().list(SecurityGroupRules.SECURITY_GROUP_ID, group)) {
        if (SecurityRules.version(rule) == version.number()) {
          Direction direction = rule.get(SecurityGroupRules.DIRECTION);
          Optional<String> obstacle = obstacle(rule);
          if (obstacle.isPresent()) {
            out.leaveOut("rule " + rule.id() + " " + obstacle.get());
          } else {
            (direction == Direction.INGRESS ? ingress : egress).add(rule(rule));
          }
        }
      }
      out.add(Chain.of(version, FilterNames.groupIngress(group), ingress));
      out.add(Chain.of(version, FilterNames.groupEgress(group), egress));
    }
  }

  private static boolean isHeldBy(String host, UUID group, View view) {
    return view.list(SecurityGroups.OF_PORT, group).stream()
        .anyMatch(port -> Binding.hosts(port).contains(host));
  }

  /** Why iptables cannot express a rule; empty if it can. */
  static Optional<String> obstacle(Resource rule) {
    Optional<String> fault = SecurityRules.fault(rule);
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    if (fault.isPresent() || protocol == null || SecurityRules.isAny(protocol)) {
      return fault;
    }
    if (protocol.number() == 0) {
      return Optional.of("is about protocol 0, which is any protocol to iptables");
    }
    Integer type = rule.value(SecurityGroupRules.PORT_RANGE_MIN);
    if (SecurityRules.isIcmp(protocol, rule) && type != null && type == ANY_TYPE) {
      return Optional.of("is about ICMP type 255, which is any type to iptables");
    }
    return Optional.empty();
  }

  /** A rule that can be expressed, as iptables reads it: numbers, addresses, and names of ours. */
  static Rule rule(Resource rule) {
    StringBuilder text = new StringBuilder();
    boolean isIngress = rule.get(SecurityGroupRules.DIRECTION) == Direction.INGRESS;
    RemotePrefix prefix = rule.value(SecurityGroupRules.REMOTE_IP_PREFIX);
    if (prefix != null && prefix.length() > 0) {
      text.append(isIngress ? "-s " : "-d ").append(prefix.prefix()).append(' ');
    }
    text.append(protocol(rule));
    UUID group = rule.value(SecurityGroupRules.REMOTE_GROUP_ID);
    if (group != null) {
      text.append("-m set --match-set ")
          .append(FilterNames.members(Ip.of(SecurityRules.version(rule)), group))
          .append(isIngress ? " src " : " dst ");
    }
    return Rule.of(text.append("-j ACCEPT").toString());
  }

  private static String protocol(Resource rule) {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    Integer min = rule.value(SecurityGroupRules.PORT_RANGE_MIN);
    Integer max = rule.value(SecurityGroupRules.PORT_RANGE_MAX);
    if (protocol == null || SecurityRules.isAny(protocol)) {
      return "";
    }
    if (SecurityRules.isIcmp(protocol, rule)) {
      return icmp(SecurityRules.version(rule), min, max);
    }
    String number = "-p " + protocol.number() + " ";
    if (min == null || max == null) {
      return number;
    }
    return number + "-m multiport --dports " + (min.equals(max) ? min : min + ":" + max) + " ";
  }

  private static String icmp(int version, @Nullable Integer type, @Nullable Integer code) {
    String number = version == 4 ? "-p icmp " : "-p ipv6-icmp ";
    if (type == null) {
      return number;
    }
    return number
        + (version == 4 ? "-m icmp --icmp-type " : "-m icmp6 --icmpv6-type ")
        + type
        + (code == null ? "" : "/" + code)
        + " ";
  }
}
