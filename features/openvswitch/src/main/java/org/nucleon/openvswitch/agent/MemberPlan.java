package org.nucleon.openvswitch.agent;

import java.util.TreeSet;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.View;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** The members of a security group, for all rules of all ports that name it as the other end. */
final class MemberPlan {

  private MemberPlan() {}

  /** Whether a rule names the group as the other end. */
  static boolean isRemote(View view, UUID group) {
    return !view.list(SecurityGroupRules.REMOTE_GROUP_ID, group).isEmpty();
  }

  /** Plans the members' half of the conjunctions; see {@link SecurityRules}. */
  static void plan(UUID group, Planning in, SwitchSettings settings, Plan out) throws Unplannable {
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(group), out);
    for (Direction direction : Direction.values()) {
      if (isRemote(in.view(), group, direction)) {
        plan(group, direction, in, flows);
      }
    }
  }

  private static boolean isRemote(View view, UUID group, Direction direction) {
    return view.list(SecurityGroupRules.REMOTE_GROUP_ID, group).stream()
        .anyMatch(rule ->
            rule.get(SecurityGroupRules.DIRECTION) == direction
                && rule.get(SecurityGroupRules.ETHERTYPE) == Ethertype.IPV4);
  }

  private static void plan(UUID group, Direction direction, Planning in, Flows flows)
      throws Unplannable {
    int conjunction = Numbers.conjunction(in, group, direction);
    int priority = SecurityRules.priority(conjunction);
    Pipeline table = SecurityRules.table(direction);
    flows.add(
        table, priority, Match.any().ipv4().conjId(conjunction), SecurityRules.accept(direction));
    var prefixes = new TreeSet<IpPrefix>();
    PortSpec.all(in.view().list(SecurityGroups.OF_PORT, group))
        .forEach(member -> member.prefixes().forEach(prefixes::add));
    for (IpPrefix prefix : prefixes) {
      flows.add(
          table,
          priority,
          SecurityRules.remote(Match.any(), prefix, direction),
          Action.conjunction(conjunction, 1, 2));
    }
  }
}
