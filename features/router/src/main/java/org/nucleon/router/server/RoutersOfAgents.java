package org.nucleon.router.server;

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
import org.nucleon.network.api.Agents;
import org.nucleon.router.api.Routers;

/** {@code /agents/{id}/l3-routers}: the routers of an agent, placed and taken away by hand. */
final class RoutersOfAgents implements SubCollection {

  @Override
  public ResourceType members() {
    return Routers.ROUTER;
  }

  @Override
  public Collection<Resource> list(View view, Resource agent) {
    return isRouting(agent) ? view.list(Routers.HOST, agent.get(Agents.HOST)) : List.of();
  }

  private static boolean isRouting(Resource agent) {
    return agent.get(Agents.TYPE).equals(Routers.AGENT_TYPE);
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void add(Transaction tx, Resource agent, Map<String, @Nullable Object> body) {
    if (!isRouting(agent) || !agent.get(Agents.ADMIN_STATE_UP)) {
      throw ApiException.notFound(
          "InvalidL3Agent", "Agent " + agent.id() + " is not a L3 Agent or has been disabled");
    }
    Resource router = router(tx, body.get("router_id"));
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
    tx.update(
        router,
        draft -> draft.set(Routers.HOST, agent.get(Agents.HOST)).set(Routers.TAKEN_AWAY, false));
  }

  private static Resource router(Transaction tx, @Nullable Object id) {
    if (id == null) {
      throw ApiException.badRequest(
          "HTTPBadRequest",
          "Failed to parse request. Required attribute 'router_id' not specified");
    }
    return Values.parseUuid(String.valueOf(id))
        .flatMap(uuid -> tx.find(Routers.ROUTER, uuid))
        .orElseThrow(() -> RouterErrors.routerNotFound(Values.quoted(id).replace("'", "")));
  }

  @Override
  public void remove(Transaction tx, Resource agent, UUID member) {
    Resource router =
        tx.find(Routers.ROUTER, member).orElseThrow(() -> RouterErrors.routerNotFound(member));
    if (!isRouting(agent) || !router.get(Routers.HOST).equals(agent.get(Agents.HOST))) {
      throw ApiException.conflict(
          "RouterNotHostedByL3Agent",
          "The router " + member + " is not hosted by L3 agent " + agent.id() + ".");
    }
    tx.update(router, draft -> draft.set(Routers.HOST, "").set(Routers.TAKEN_AWAY, true));
  }

  /** {@code /routers/{id}/l3-agents}: the agents of a router. */
  static final class OfRouter implements SubCollection {

    @Override
    public ResourceType members() {
      return Agents.AGENT;
    }

    @Override
    public Collection<Resource> list(View view, Resource router) {
      return Agents.find(view, router.get(Routers.HOST), Routers.AGENT_TYPE).stream().toList();
    }
  }
}
