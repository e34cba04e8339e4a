package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.PortRange;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Protocol;
import org.nucleon.securitygroup.api.RemotePrefix;
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
   * Whether connections of a port are tracked: so unless its groups are stateless.
   *
   * @throws Unplannable if it has groups of both kinds
   */
  static boolean isTracked(PortSpec port, View view) throws Unplannable {
    Set<Boolean> kinds = new HashSet<>();
    for (UUID group : port.groups()) {
      view.find(SecurityGroups.SECURITY_GROUP, group)
          .ifPresent(found -> kinds.add(found.get(SecurityGroups.STATEFUL)));
    }
    if (kinds.size() > 1) {
      throw new Unplannable("port " + port.id() + " has stateful and stateless security groups");
    }
    return !kinds.contains(false);
  }

  /**
   * Plans the rules of a port's groups. What cannot be expressed is left out: rules only ever
   * allow.
   *
   * @param ofport the port's OpenFlow number
   */
  static void plan(PortSpec port, long ofport, Planning in, Flows flows) throws Unplannable {
    for (UUID group : port.groups()) {
      for (Resource rule : in.view().list(SecurityGroupRules.SECURITY_GROUP_ID, group)) {
        plan(rule, ofport, in, flows);
      }
    }
  }

  private static void plan(Resource rule, long ofport, Planning in, Flows flows)
      throws Unplannable {
    Optional<String> obstacle = obstacle(rule);
    if (obstacle.isPresent()) {
      flows.plan().leaveOut("rule " + rule.id() + " " + obstacle.get());
      return;
    }
    Direction direction = rule.get(SecurityGroupRules.DIRECTION);
    Match port =
        direction == Direction.EGRESS
            ? Match.any().inPort(ofport)
            : Match.any().reg(Pipeline.TARGET, ofport);
    Match base = version(rule) == 4 ? port.ipv4() : port.ipv6();
    RemotePrefix prefix = rule.value(SecurityGroupRules.REMOTE_IP_PREFIX);
    if (prefix != null) {
      base = remote(base, prefix.prefix(), direction);
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

  /** Why a rule cannot be expressed as flows; empty if it can. */
  private static Optional<String> obstacle(Resource rule) {
    Optional<String> fault = fault(rule);
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    if (fault.isPresent()
        || protocol == null
        || rule.find(SecurityGroupRules.PORT_RANGE_MIN).isEmpty()
        || isIcmp(protocol, rule)) {
      return fault;
    }
    return switch (protocol.number()) {
      case Protocol.TCP, Protocol.UDP, Protocol.SCTP -> Optional.empty();
      default ->
          Optional.of("needs ports of protocol " + protocol.text() + ", unknown to Open vSwitch");
    };
  }

  /** Why a rule makes no sense, whatever is to enforce it; empty if it does. */
  static Optional<String> fault(Resource rule) {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    Integer min = rule.value(SecurityGroupRules.PORT_RANGE_MIN);
    Integer max = rule.value(SecurityGroupRules.PORT_RANGE_MAX);
    RemotePrefix prefix = rule.value(SecurityGroupRules.REMOTE_IP_PREFIX);
    if (prefix != null && prefix.address().version() != version(rule)) {
      return Optional.of("mixes versions of IP");
    }
    if (min == null && max == null) {
      return Optional.empty();
    }
    if (protocol == null || isAny(protocol)) {
      return Optional.of("has ports of no protocol");
    }
    if (isIcmp(protocol, rule)) {
      boolean isWrong = min == null || min > 255 || max != null && max > 255;
      return isWrong ? Optional.of("has a code without a type, or too large") : Optional.empty();
    }
    if (min == null || max == null || min > max) {
      return Optional.of("has an incomplete range of ports");
    }
    return protocol.hasPorts()
        ? Optional.empty()
        : Optional.of("has ports of protocol " + protocol.text() + ", which has none");
  }

  /** Over IPv6 either name means ICMPv6. */
  static boolean isIcmp(Protocol protocol, Resource rule) {
    return protocol.number() == Protocol.ICMP
        || protocol.number() == Protocol.ICMPV6 && version(rule) == 6;
  }

  static int version(Resource rule) {
    return rule.get(SecurityGroupRules.ETHERTYPE).version();
  }

  private static Match icmp(
      Match match, int version, @Nullable Integer type, @Nullable Integer code) {
    if (version == 4) {
      Match typed = type == null ? match.icmp() : match.icmpType(type);
      return code == null ? typed : typed.icmpCode(code);
    }
    Match typed = type == null ? match.icmpv6() : match.icmpv6Type(type);
    return code == null ? typed : typed.icmpv6Code(code);
  }

  /** The name means any protocol, not number 0. */
  static boolean isAny(Protocol protocol) {
    return protocol.text().equals("ip");
  }

  /** What a rule that can be expressed says of protocol and ports; any of the parts is enough. */
  private static List<UnaryOperator<Match>> protocol(Resource rule) {
    Protocol protocol = rule.value(SecurityGroupRules.PROTOCOL);
    Integer min = rule.value(SecurityGroupRules.PORT_RANGE_MIN);
    Integer max = rule.value(SecurityGroupRules.PORT_RANGE_MAX);
    if (protocol == null || isAny(protocol)) {
      return List.of(match -> match);
    }
    if (isIcmp(protocol, rule)) {
      return List.of(match -> icmp(match, version(rule), min, max));
    }
    if (min == null || max == null) {
      return List.of(match -> match.ipProto(protocol.number()));
    }
    List<UnaryOperator<Match>> parts = new ArrayList<>();
    for (PortRange.Masked ports : new PortRange(min, max).split()) {
      parts.add(match ->
          switch (protocol.number()) {
            case Protocol.TCP -> match.tcpDst(ports);
            case Protocol.UDP -> match.udpDst(ports);
            default -> match.sctpDst(ports);
          });
    }
    return parts;
  }
}
