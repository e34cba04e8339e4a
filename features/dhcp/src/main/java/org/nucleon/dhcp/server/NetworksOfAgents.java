package org.nucleon.dhcp.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.WorkOfAgents;

/** {@code /agents/{id}/dhcp-networks}: the networks that an agent serves. */
final class NetworksOfAgents extends WorkOfAgents {

  NetworksOfAgents() {
    super(Dhcp.AGENT_TYPE, Dhcp.HOSTS);
  }

  @Override
  protected Collection<String> hosts(Resource network) {
    return network.get(Dhcp.HOSTS);
  }

  @Override
  protected void give(Transaction tx, Resource agent, Resource network) {
    String host = agent.get(Agents.HOST);
    List<String> more = new ArrayList<>(network.get(Dhcp.HOSTS));
    if (more.contains(host)) {
      throw ApiException.conflict(
          "NetworkHostedByDHCPAgent",
          "The network "
              + network.id()
              + " has been already hosted by the DHCP Agent "
              + agent.id()
              + ".");
    }
    more.add(host);
    tx.update(
        network, draft -> draft.set(Dhcp.HOSTS, List.copyOf(more)).set(Dhcp.TAKEN_AWAY, false));
  }

  @Override
  protected void take(Transaction tx, Resource agent, Resource network) {
    String host = agent.get(Agents.HOST);
    List<String> fewer = new ArrayList<>(network.get(Dhcp.HOSTS));
    fewer.remove(host);
    tx.update(
        network, draft -> draft.set(Dhcp.HOSTS, List.copyOf(fewer)).set(Dhcp.TAKEN_AWAY, true));
    DhcpScheduler.reserve(tx, network, host);
    if (fewer.isEmpty()) {
      DhcpScheduler.fallSilent(tx, network, List.of(host));
    }
  }

  @Override
  protected ApiException invalid(Resource agent) {
    return ApiException.notFound(
        "InvalidDHCPAgent",
        "Agent " + agent.id() + " is not a valid DHCP Agent or has been disabled");
  }

  @Override
  protected ApiException notServed(Resource agent, Resource network) {
    return ApiException.conflict(
        "NetworkNotHostedByDhcpAgent",
        "The network " + network.id() + " is not hosted by the DHCP agent " + agent.id() + ".");
  }
}
