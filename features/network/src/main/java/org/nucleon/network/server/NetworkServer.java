package org.nucleon.network.server;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.core.watch.Routing;
import org.nucleon.network.api.AddressScopes;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Shareable;
import org.nucleon.network.api.SubnetPools;
import org.nucleon.network.api.Subnets;

/** The rules of networks, subnets, ports and agents. */
public final class NetworkServer implements ServerFeature {

  @Override
  public String name() {
    return NetworkFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    Collection<Shareable> shareables = server.drivers(Shareable.class);
    shareables.stream()
        .map(Shareable::type)
        .distinct()
        .forEach(type -> server.rules(type, new RbacRules.OfObjects()));
    server.rules(RbacPolicies.RBAC_POLICY, new RbacRules(shareables));
    server.background(new SharingOfOldNetworks());
    server.computed(AvailabilityZones.COLLECTION);
    server.computed(IpAvailability.COLLECTION);
    server.rules(AddressScopes.ADDRESS_SCOPE, new AddressScopeRules());
    server.rules(SubnetPools.SUBNETPOOL, new SubnetPoolRules());
    server.action(SubnetPools.SUBNETPOOL, "add_prefixes", PoolActions::addPrefixes);
    server.action(SubnetPools.SUBNETPOOL, "remove_prefixes", PoolActions::removePrefixes);
    server.action(SubnetPools.SUBNETPOOL, "onboard_network_subnets", PoolActions::onboard);
    server.rules(Networks.NETWORK, new NetworkRules());
    server.rules(Subnets.SUBNET, new SubnetRules());
    server.rules(Ports.PORT, new PortRules());
    server.rules(Agents.AGENT, new AgentRules());
    server.agents(new AgentLedger());
    server.routing(
        Networks.NETWORK, (network, routes) -> routes.publish(Networks.topic(network.id())));
    server.routing(
        Subnets.SUBNET,
        (subnet, routes) -> routes.publish(Networks.topic(subnet.get(Subnets.NETWORK_ID))));
    server.routing(Ports.PORT, NetworkServer::route);
    server.reports(Ports.PORT, Ports.SWITCH, NetworkServer::reportSwitch);
    server.routing(
        Agents.AGENT, (agent, routes) -> routes.publish(Agents.topic(agent.get(Agents.HOST))));
  }

  /**
   * The host that the port is bound to says whether its switch serves the port, those that it may
   * be about to move to whether theirs would.
   */
  private static boolean reportSwitch(
      Transaction tx, String host, Resource port, Map<String, @Nullable Object> report) {
    if (!Binding.hosts(port).contains(host)) {
      return false;
    }
    boolean isUp = "up".equals(report.get("state"));
    tx.update(
        port,
        draft -> {
          if (!port.get(Binding.HOST_ID).equals(host)) {
            Binding.prepare(draft, host, isUp);
          } else if (isUp) {
            Ports.provide(draft, Ports.SWITCH);
          } else {
            Ports.await(draft, Ports.SWITCH);
          }
        });
    return true;
  }

  /** A host with a port on a network is concerned with the network, and with its other hosts. */
  private static void route(Resource port, Routing.Routes routes) {
    var network = Networks.topic(port.get(Ports.NETWORK_ID));
    routes.publish(network);
    for (String host : Binding.hosts(port)) {
      routes.follow(new Host(host), network);
      routes.follow(network, Agents.topic(host));
    }
  }

  private static final class AgentRules implements ResourceRules {
    @Override
    public void onCreateRequest(Transaction tx, Draft draft) {
      throw ApiException.badRequest("BadRequest", "Agents make themselves known, by connecting.");
    }

    @Override
    public void onDeleteRequest(Transaction tx, Resource agent) {
      if (agent.get(Agents.ALIVE)) {
        throw ApiException.conflict("AgentInUse", "The agent " + agent.id() + " is alive.");
      }
    }
  }
}
