package org.nucleon.openvswitch.agent;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.ml2.api.Provider;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.openvswitch.api.SwitchAgent;
import org.nucleon.openvswitch.api.TrafficConditioner;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/**
 * Plans the switch of a host. The groups: the {@code host} as a whole, each other host that there
 * may be a {@code tunnel} to, each {@code network} with ports here, each {@code port} of this host,
 * each {@code peer} (a port elsewhere on a network with ports here), each {@code remote-group} (a
 * security group that rules name as the other end), and each {@code member} of one. Where iptables
 * filters, also the chains of each network ({@code services}) and security group ({@code rules}).
 */
final class SwitchPlanner implements Planner {

  private static final Group HOST = new Group("host", "switch");
  private static final String TUNNEL = "tunnel";
  private static final String NETWORK = "network";
  private static final String PORT = "port";
  private static final String PEER = "peer";
  private static final String REMOTE_GROUP = "remote-group";
  private static final String MEMBER = "member";
  private static final String SERVICES = "services";
  private static final String RULES = "rules";

  private final String host;
  private final SwitchSettings settings;
  private final List<TrafficConditioner> conditioners;

  SwitchPlanner(String host, SwitchSettings settings, List<TrafficConditioner> conditioners) {
    this.host = host;
    this.settings = settings;
    this.conditioners = List.copyOf(conditioners);
  }

  @Override
  public String name() {
    return "switch";
  }

  @Override
  public void groups(Planning in, Consumer<Group> groups) {
    View view = in.view();
    groups.accept(HOST);
    view.all(Agents.AGENT).forEach(agent -> tunnel(agent.get(Agents.HOST), groups));
    Set<UUID> networks = new HashSet<>();
    for (Resource port : Binding.portsOf(view, host)) {
      groups.accept(new Group(PORT, port.id()));
      networks.add(port.get(Ports.NETWORK_ID));
      port.get(SecurityGroups.OF_PORT).forEach(group -> rules(group, groups));
    }
    for (UUID network : networks) {
      groups.accept(new Group(NETWORK, network));
      services(network, groups);
      peers(view.list(Ports.NETWORK_ID, network), groups);
    }
    Set<UUID> remotes = new HashSet<>();
    for (Resource rule : view.all(SecurityGroupRules.RULE)) {
      rule.find(SecurityGroupRules.REMOTE_GROUP_ID).ifPresent(remotes::add);
    }
    remotes.forEach(group -> remoteGroup(group, view, groups));
  }

  private void services(UUID network, Consumer<Group> groups) {
    if (settings.firewall().isHybrid()) {
      groups.accept(new Group(SERVICES, network));
    }
  }

  private void rules(UUID group, Consumer<Group> groups) {
    if (settings.firewall().isHybrid()) {
      groups.accept(new Group(RULES, group));
    }
  }

  /** A security group that rules name, and its members. */
  private static void remoteGroup(UUID group, View view, Consumer<Group> groups) {
    groups.accept(new Group(REMOTE_GROUP, group));
    view.list(SecurityGroups.OF_PORT, group)
        .forEach(port -> groups.accept(member(group, port.id())));
  }

  private static Group member(UUID group, UUID port) {
    return new Group(MEMBER, group + "/" + port);
  }

  private void peers(Collection<Resource> ports, Consumer<Group> groups) {
    ports.stream()
        .filter(port -> !port.get(Binding.HOST_ID).equals(host))
        .forEach(port -> groups.accept(new Group(PEER, port.id())));
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<Group> groups) {
    Resource was = change.before();
    Resource is = change.after();
    for (TrafficConditioner conditioner : conditioners) {
      conditioner.affected(change, before, after, port -> conditions(port, after, groups));
    }
    if (change.type().equals(Ports.PORT)) {
      port(change, before, after, groups);
    } else if (change.type().equals(Networks.NETWORK)) {
      if (was == null || is == null || !Provider.segments(was).equals(Provider.segments(is))) {
        network(change.id(), after, groups);
      }
    } else if (change.type().equals(Subnets.SUBNET)) {
      Resource known = is == null ? was : is;
      if (known != null) {
        groups.accept(new Group(NETWORK, known.get(Subnets.NETWORK_ID)));
      }
    } else if (change.type().equals(SecurityGroupRules.RULE)) {
      for (Resource rule : new Resource[] {was, is}) {
        if (rule != null) {
          holders(rule.get(SecurityGroupRules.SECURITY_GROUP_ID), after, groups);
          rules(rule.get(SecurityGroupRules.SECURITY_GROUP_ID), groups);
          rule.find(SecurityGroupRules.REMOTE_GROUP_ID)
              .filter(remote ->
                  !MemberPlan.directions(before, remote)
                      .equals(MemberPlan.directions(after, remote)))
              .ifPresent(remote -> remoteGroup(remote, after, groups));
        }
      }
    } else if (change.type().equals(SecurityGroups.SECURITY_GROUP)) {
      boolean wasStateful = was == null || was.get(SecurityGroups.STATEFUL);
      boolean isStateful = is == null || is.get(SecurityGroups.STATEFUL);
      if (wasStateful != isStateful) {
        holders(change.id(), after, groups);
      }
    } else if (change.type().equals(Agents.AGENT)) {
      agent(was, is, after, groups);
    }
  }

  private void port(Change change, View before, View after, Consumer<Group> groups) {
    PortSpec was = change.before() == null ? null : PortSpec.of(change.before());
    PortSpec is = change.after() == null ? null : PortSpec.of(change.after());
    groups.accept(new Group(PORT, change.id()));
    if (Objects.equals(was, is)) {
      return;
    }
    groups.accept(new Group(PEER, change.id()));
    Set<UUID> networks = new HashSet<>();
    Set<UUID> members = new HashSet<>();
    for (PortSpec port : new PortSpec[] {was, is}) {
      if (port != null) {
        networks.add(port.network());
        members.addAll(port.groups());
      }
    }
    for (UUID network : networks) {
      groups.accept(new Group(NETWORK, network));
      services(network, groups);
      if (Carrier.isPresent(before, network, host) != Carrier.isPresent(after, network, host)) {
        peers(after.list(Ports.NETWORK_ID, network), groups);
        tunnels(network, after, groups);
      }
    }
    if (was == null || is == null || !was.isServedLike(is)) {
      for (PortSpec port : new PortSpec[] {was, is}) {
        if (port != null) {
          tunnel(port.host(), groups);
          port.targets().forEach(target -> tunnel(target, groups));
        }
      }
    }
    for (UUID group : members) {
      rules(group, groups);
      if (!MemberPlan.directions(before, group).isEmpty()
          || !MemberPlan.directions(after, group).isEmpty()) {
        groups.accept(member(group, change.id()));
      }
    }
  }

  private void tunnel(String other, Consumer<Group> groups) {
    if (!other.isEmpty() && !other.equals(host)) {
      groups.accept(new Group(TUNNEL, other));
    }
  }

  /** The tunnels that may carry a network. */
  private void tunnels(UUID network, View view, Consumer<Group> groups) {
    view.list(Ports.NETWORK_ID, network).forEach(port -> tunnel(port.get(Binding.HOST_ID), groups));
  }

  /** The network as a whole, and all ports on it. */
  private void network(UUID network, View view, Consumer<Group> groups) {
    groups.accept(new Group(NETWORK, network));
    services(network, groups);
    tunnels(network, view, groups);
    for (Resource port : view.list(Ports.NETWORK_ID, network)) {
      groups.accept(new Group(PORT, port.id()));
      groups.accept(new Group(PEER, port.id()));
    }
  }

  private void conditions(UUID port, View view, Consumer<Group> groups) {
    view.find(Ports.PORT, port)
        .filter(found -> Binding.hosts(found).contains(host))
        .ifPresent(found -> groups.accept(new Group(PORT, port)));
  }

  /** This host's ports in a security group. */
  private void holders(UUID group, View view, Consumer<Group> groups) {
    view.list(SecurityGroups.OF_PORT, group).stream()
        .filter(port -> Binding.hosts(port).contains(host))
        .forEach(port -> groups.accept(new Group(PORT, port.id())));
  }

  private void agent(
      @Nullable Resource was, @Nullable Resource is, View view, Consumer<Group> groups) {
    if (reach(was).equals(reach(is))) {
      return;
    }
    for (Resource agent : new Resource[] {was, is}) {
      if (agent != null) {
        tunnel(agent.get(Agents.HOST), groups);
        beyond(agent.get(Agents.HOST), view, groups);
      }
    }
  }

  private static Optional<SwitchAgent> reach(@Nullable Resource agent) {
    return Optional.ofNullable(agent).flatMap(SwitchAgent::of);
  }

  /** What is sent to another host. */
  private void beyond(String other, View view, Consumer<Group> groups) {
    Set<UUID> networks = new HashSet<>();
    for (Resource port : view.list(Binding.HOST_ID, other)) {
      groups.accept(new Group(PEER, port.id()));
      networks.add(port.get(Ports.NETWORK_ID));
    }
    networks.forEach(network -> groups.accept(new Group(NETWORK, network)));
  }

  @Override
  public void affected(FactKey fact, View view, Consumer<Group> groups) {
    switch (fact.kind()) {
      case SwitchInterface.KIND -> uuid(fact.id()).ifPresent(id -> device(id, view, groups));
      case JoiningPort.KIND -> joining(fact.id(), view, groups);
      default -> {}
    }
  }

  private static void device(UUID port, View view, Consumer<Group> groups) {
    groups.accept(new Group(PORT, port));
    view.find(Ports.PORT, port)
        .ifPresent(found -> groups.accept(new Group(NETWORK, found.get(Ports.NETWORK_ID))));
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // somebody else's, such as another tool's interface
    }
  }

  private void joining(String name, View view, Consumer<Group> groups) {
    if (!Tunnel.isPort(name)) {
      groups.accept(HOST);
      view.all(Networks.NETWORK).forEach(network -> network(network.id(), view, groups));
      return;
    }
    for (Resource agent : view.all(Agents.AGENT)) {
      if (Tunnel.toward(agent, settings).map(Tunnel::port).anyMatch(name::equals)) {
        tunnel(agent.get(Agents.HOST), groups);
        beyond(agent.get(Agents.HOST), view, groups);
      }
    }
  }

  @Override
  public void plan(Group group, Planning in, Plan out) throws Unplannable {
    if (group.equals(HOST)) {
      new HostPlan(settings, in.facts(), out).plan();
      return;
    }
    if (group.kind().equals(TUNNEL)) {
      new TunnelPlan(in, settings, out).plan(group.id());
      return;
    }
    if (group.kind().equals(MEMBER)) {
      String[] parts = group.id().split("/", 2);
      MemberPlan.plan(UUID.fromString(parts[0]), UUID.fromString(parts[1]), in, settings, out);
      return;
    }
    UUID id = UUID.fromString(group.id());
    switch (group.kind()) {
      case NETWORK -> new NetworkPlan(in, settings, out).plan(id);
      case PORT -> new PortPlan(in, settings, conditioners, out).plan(id);
      case PEER -> new PeerPlan(in, settings, out).plan(id);
      case SERVICES -> IptablesNetwork.plan(id, in, out);
      case RULES -> IptablesRules.plan(id, in, out);
      case REMOTE_GROUP -> MemberPlan.plan(id, in, settings, out);
      default -> throw new IllegalArgumentException("not a group of the switch: " + group);
    }
  }
}
