package org.nucleon.dhcp.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Networks;

/** {@code /agents/{id}/dhcp-networks}: what an agent serves, given and taken away by hand. */
final class NetworksOfAgents implements SubCollection {

  @Override
  public ResourceType members() {
    return Networks.NETWORK;
  }

  @Override
  public Collection<Resource> list(View view, Resource agent) {
    return isServing(agent) ? view.list(Dhcp.HOSTS, agent.get(Agents.HOST)) : List.of();
  }

  private static boolean isServing(Resource agent) {
    return agent.get(Agents.TYPE).equals(Dhcp.AGENT_TYPE);
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void add(Transaction tx, Resource agent, Map<String, @Nullable Object> body) {
    if (!isServing(agent) || !agent.get(Agents.ADMIN_STATE_UP)) {
      throw ApiException.notFound(
          "InvalidDHCPAgent",
          "Agent " + agent.id() + " is not a valid DHCP Agent or has been disabled");
    }
    Object id = body.get("network_id");
    if (id == null) {
      throw ApiException.badRequest(
          "HTTPBadRequest",
          "Failed to parse request. Required attribute 'network_id' not specified");
    }
    Resource network =
        Values.parseUuid(String.valueOf(id))
            .flatMap(uuid -> tx.find(Networks.NETWORK, uuid))
            .orElseThrow(() -> notFound(Values.quoted(id).replace("'", "")));
    String host = agent.get(Agents.HOST);
    List<String> hosts = network.get(Dhcp.HOSTS);
    if (hosts.contains(host)) {
      throw ApiException.conflict(
          "NetworkHostedByDHCPAgent",
          "The network "
              + network.id()
              + " has been already hosted by the DHCP Agent "
              + agent.id()
              + ".");
    }
    List<String> more = new ArrayList<>(hosts);
    more.add(host);
    tx.update(
        network, draft -> draft.set(Dhcp.HOSTS, List.copyOf(more)).set(Dhcp.TAKEN_AWAY, false));
  }

  private static ApiException notFound(Object network) {
    return ApiException.notFound("NetworkNotFound", "Network " + network + " could not be found.");
  }

  @Override
  public void remove(Transaction tx, Resource agent, UUID member) {
    Resource network = tx.find(Networks.NETWORK, member).orElseThrow(() -> notFound(member));
    String host = agent.get(Agents.HOST);
    if (!isServing(agent) || !network.get(Dhcp.HOSTS).contains(host)) {
      throw ApiException.conflict(
          "NetworkNotHostedByDhcpAgent",
          "The network " + member + " is not hosted by the DHCP agent " + agent.id() + ".");
    }
    List<String> fewer = new ArrayList<>(network.get(Dhcp.HOSTS));
    fewer.remove(host);
    tx.update(
        network, draft -> draft.set(Dhcp.HOSTS, List.copyOf(fewer)).set(Dhcp.TAKEN_AWAY, true));
    DhcpScheduler.reserve(tx, network, host);
    if (fewer.isEmpty()) {
      DhcpScheduler.fallSilent(tx, network, List.of(host));
    }
  }

  /** {@code /networks/{id}/dhcp-agents}: the agents that serve a network. */
  static final class OfNetwork implements SubCollection {

    @Override
    public ResourceType members() {
      return Agents.AGENT;
    }

    @Override
    public Collection<Resource> list(View view, Resource network) {
      return network.get(Dhcp.HOSTS).stream()
          .flatMap(host -> Agents.find(view, host, Dhcp.AGENT_TYPE).stream())
          .toList();
    }
  }
}
