package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.PortRange;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/**
 * Security group rules as flows. A rule without a remote group is flows of the port. A rule with
 * one is a conjunction of two: the port with the rule's protocol, and each member of the remote
 * group. The members' flows serve all ports of the host; see {@link MemberPlan}.
 *
 * <p>Each conjunction has a priority of its own, because members of several groups may have the
 * same address, and a table holds one flow of a match and priority.
 */
final class SecurityRules {

  /** The priority of what passes, or not, for its connection's sake. */
  static final int STATE = 65_100;

  private static final int RULE = 65_000;
  private static final int FIRST_CONJUNCTION = 1_000;

  private SecurityRules() {}

  /** The priority of a conjunction's flows. */
  static int priority(int conjunction) {
    return FIRST_CONJUNCTION + conjunction;
  }

  /** The table of rules for a direction. */
  static Pipeline table(Direction direction) {
    return direction == Direction.EGRESS ? Pipeline.EGRESS_RULES : Pipeline.INGRESS_RULES;
  }

  /** Where packets go that a rule allows. */
  static Action accept(Direction direction) {
    return Flows.to(
        direction == Direction.EGRESS ? Pipeline.EGRESS_COMMIT : Pipeline.INGRESS_COMMIT);
  }

  /** The addresses at the other end of a packet. */
  static Match remote(Match match, IpPrefix prefix, Direction direction) {
    return direction == Direction.EGRESS
        ? match.ipDst(prefix.address().toInetAddress(), prefix.length())
        : match.ipSrc(prefix.address().toInetAddress(), prefix.length());
  }

  /**
   * Plans the rules of a port's groups.
   *
   * @param ofport the port's OpenFlow number
   * @throws Unplannable if a rule cannot be expressed
   */
  static void plan(PortSpec port, long ofport, Planning in, Flows flows) throws Unplannable {
    for (UUID group : port.groups()) {
      View view = in.view();
      if (!view.find(SecurityGroups.SECURITY_GROUP, group)
          .map(found -> found.get(SecurityGroups.STATEFUL))
          .orElse(true)) {
        throw new Unplannable("security group " + group + " is stateless");
      }
      for (Resource rule : view.list(SecurityGroupRules.SECURITY_GROUP_ID, group)) {
        if (rule.get(SecurityGroupRules.ETHERTYPE) == Ethertype.IPV4) {
          plan(rule, ofport, in, flows);
        }
      }
    }
  }

  private static void plan(Resource rule, long ofport, Planning in, Flows flows)
      throws Unplannable {
    Direction direction = rule.get(SecurityGroupRules.DIRECTION);
    Match base =
        direction == Direction.EGRESS
            ? Match.any().inPort(ofport).ipv4()
            : Match.any().reg(Pipeline.TARGET, ofport).ipv4();
    IpPrefix prefix = rule.value(SecurityGroupRules.REMOTE_IP_PREFIX);
    if (prefix != null) {
      if (prefix.version() != 4) {
        throw new Unplannable("rule " + rule.id() + " mixes versions of IP");
      }
      base = remote(base, prefix, direction);
    }
    UUID group = rule.value(SecurityGroupRules.REMOTE_GROUP_ID);
    int priority = RULE;
    Action action = accept(direction);
    if (group != null) {
      int conjunction = Numbers.conjunction(in, group, direction);
      priority = priority(conjunction);
      action = Action.conjunction(conjunction, 2, 2);
    }
    for (UnaryOperator<Match> part : protocol(rule)) {
      flows.add(table(direction), priority, part.apply(base), action);
    }
  }

  /** What a rule says of protocol and ports; any of the parts is enough. */
  private static List<UnaryOperator<Match>> protocol(Resource rule) throws Unplannable {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    Integer min = rule.value(SecurityGroupRules.PORT_RANGE_MIN);
    Integer max = rule.value(SecurityGroupRules.PORT_RANGE_MAX);
    if (protocol == null || protocol.text().equals("ip")) {
      if (min != null || max != null) {
        throw new Unplannable("rule " + rule.id() + " has ports of no protocol");
      }
      return List.of(match -> match);
    }
    if (protocol.number() == Protocol.ICMP) {
      return List.of(match -> {
        Match icmp = min == null ? match.icmp() : match.icmpType(min);
        return max == null ? icmp : icmp.icmpCode(max);
      });
    }
    if (min == null && max == null) {
      return List.of(match -> match.ipProto(protocol.number()));
    }
    if (min == null || max == null || min > max) {
      throw new Unplannable("rule " + rule.id() + " has an incomplete range of ports");
    }
    List<UnaryOperator<Match>> parts = new ArrayList<>();
    for (PortRange.Masked ports : new PortRange(min, max).split()) {
      parts.add(
          switch (protocol.number()) {
            case Protocol.TCP -> match -> match.tcpDst(ports);
            case Protocol.UDP -> match -> match.udpDst(ports);
            case Protocol.SCTP -> match -> match.sctpDst(ports);
            default ->
                throw new Unplannable(
                    "rule "
                        + rule.id()
                        + ": Open vSwitch cannot tell the ports of protocol "
                        + protocol.text());
          });
    }
    return parts;
  }
}
