package org.nucleon.router.server;

import java.util.Collection;
import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.WorkOfAgents;
import org.nucleon.router.api.Routers;

/** {@code /agents/{id}/l3-routers}: the routers of an agent. */
final class RoutersOfAgents extends WorkOfAgents {

  RoutersOfAgents() {
    super(Routers.AGENT_TYPE, Routers.HOST);
  }

  @Override
  protected Collection<String> hosts(Resource router) {
    String host = router.get(Routers.HOST);
    return host.isEmpty() ? List.of() : List.of(host);
  }

  /** Placed there already it stays; on another host it has to be taken away first. */
  @Override
  protected void give(Transaction tx, Resource agent, Resource router) {
    String host = router.get(Routers.HOST);
    if (host.equals(agent.get(Agents.HOST))) {
      return;
    }
    if (!host.isEmpty()) {
      throw ApiException.conflict(
          "RouterHostedByL3Agent",
          "The router "
              + router.id()
              + " has been already hosted by the L3 Agent "
              + Agents.find(tx, host, Routers.AGENT_TYPE).map(a -> a.id().toString()).orElse(host)
              + ".");
    }
    place(tx, router, agent.get(Agents.HOST), false);
  }

  @Override
  protected void take(Transaction tx, Resource agent, Resource router) {
    place(tx, router, "", true);
  }

  private static void place(Transaction tx, Resource router, String host, boolean takenAway) {
    tx.update(router, draft -> draft.set(Routers.HOST, host).set(Routers.TAKEN_AWAY, takenAway));
  }

  @Override
  protected ApiException invalid(Resource agent) {
    return ApiException.notFound(
        "InvalidL3Agent", "Agent " + agent.id() + " is not a L3 Agent or has been disabled");
  }

  @Override
  protected ApiException notServed(Resource agent, Resource router) {
    return ApiException.conflict(
        "RouterNotHostedByL3Agent",
        "The router " + router.id() + " is not hosted by L3 agent " + agent.id() + ".");
  }
}
