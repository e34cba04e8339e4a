package org.nucleon.openvswitch.agent;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.iptables.AddressSetApplier;
import org.nucleon.openvswitch.agent.iptables.AddressSetItem.AddressSet;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.SecurityGroupRules;

/**
 * The members of a security group, for all rules of all ports that name it as the other end. Each
 * member is planned by itself, so that its change costs the same however many there are; two with
 * one address plan the same flow.
 */
final class MemberPlan {

  private MemberPlan() {}

  /** The directions in which rules name the group as the other end. */
  static Set<Direction> directions(View view, UUID group) {
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    for (Resource rule : view.list(SecurityGroupRules.REMOTE_GROUP_ID, group)) {
      directions.add(rule.get(SecurityGroupRules.DIRECTION));
    }
    return directions;
  }

  /** Plans where packets go for which a rule and a member were found; see {@link SecurityRules}. */
  static void plan(UUID group, Planning in, SwitchSettings settings, Plan out) throws Unplannable {
    if (settings.firewall().isHybrid() && !directions(in.view(), group).isEmpty()) {
      for (Ip version : Ip.values()) {
        out.add(new AddressSet(FilterNames.members(version, group), version));
      }
    }
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(group), out);
    for (Direction direction : directions(in.view(), group)) {
      int conjunction = Numbers.conjunction(in, group, direction);
      for (Match version : List.of(Match.any().ipv4(), Match.any().ipv6())) {
        flows.add(
            SecurityRules.table(direction),
            SecurityRules.priority(conjunction),
            version.conjId(conjunction),
            SecurityRules.accept(direction));
      }
    }
  }

  /** Plans a member's addresses, if the port is one. */
  static void plan(UUID group, UUID port, Planning in, SwitchSettings settings, Plan out)
      throws Unplannable {
    Optional<PortSpec> member =
        in.view().find(Ports.PORT, port).map(PortSpec::of).filter(p -> p.groups().contains(group));
    if (member.isEmpty()) {
      return;
    }
    if (settings.firewall().isHybrid() && !directions(in.view(), group).isEmpty()) {
      member
          .get()
          .prefixes()
          .distinct()
          .flatMap(prefix ->
              AddressSetApplier.members(FilterNames.members(Ip.of(prefix.version()), group), prefix)
                  .stream())
          .distinct()
          .forEach(out::add);
    }
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(group), out);
    for (Direction direction : directions(in.view(), group)) {
      int conjunction = Numbers.conjunction(in, group, direction);
      member
          .get()
          .prefixes()
          .distinct()
          .forEach(prefix ->
              flows.add(
                  SecurityRules.table(direction),
                  SecurityRules.priority(conjunction),
                  SecurityRules.remote(Match.any(), prefix, direction),
                  Action.conjunction(conjunction, 1, 2)));
    }
  }
}
