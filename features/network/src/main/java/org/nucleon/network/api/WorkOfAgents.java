package org.nucleon.network.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.Transaction;

/**
 * What agents of a type serve, given to them and taken away by hand: {@code
 * /agents/{id}/dhcp-networks}, and {@code /networks/{id}/dhcp-agents} the other way round.
 */
public abstract class WorkOfAgents implements SubCollection {

  private final String agentType;
  private final ResourceType served;
  private final Attribute<?> hosts;

  /**
   * Of a type of agent.
   *
   * @param hosts the host, or the hosts, whose agents serve a resource
   */
  protected WorkOfAgents(String agentType, Attribute<?> hosts) {
    this.agentType = agentType;
    this.served = hosts.resource();
    this.hosts = hosts;
  }

  /** The hosts whose agents serve a resource. */
  protected abstract Collection<String> hosts(Resource resource);

  /** Has an agent serve a resource. */
  protected abstract void give(Transaction tx, Resource agent, Resource resource);

  /** Has an agent that serves a resource serve it no longer. */
  protected abstract void take(Transaction tx, Resource agent, Resource resource);

  /** The agent is of another type, or is switched off. */
  protected abstract ApiException invalid(Resource agent);

  /** The agent does not serve the resource. */
  protected abstract ApiException notServed(Resource agent, Resource resource);

  @Override
  public final ResourceType members() {
    return served;
  }

  @Override
  public final Collection<Resource> list(View view, Resource agent) {
    return isOfType(agent) ? view.list(hosts, agent.get(Agents.HOST)) : List.of();
  }

  private boolean isOfType(Resource agent) {
    return agent.get(Agents.TYPE).equals(agentType);
  }

  @Override
  public final boolean isWritable() {
    return true;
  }

  @Override
  public final void add(Transaction tx, Resource agent, Map<String, @Nullable Object> body) {
    if (!isOfType(agent) || !agent.get(Agents.ADMIN_STATE_UP)) {
      throw invalid(agent);
    }
    String member = served.name() + "_id";
    Object id = body.get(member);
    if (id == null) {
      throw ApiException.badRequest(
          "HTTPBadRequest",
          "Failed to parse request. Required attribute '" + member + "' not specified");
    }
    give(
        tx,
        agent,
        Values.parseUuid(String.valueOf(id))
            .flatMap(uuid -> tx.find(served, uuid))
            .orElseThrow(() -> notFound(Values.quoted(id).replace("'", ""))));
  }

  @Override
  public final void remove(Transaction tx, Resource agent, UUID member) {
    Resource resource = tx.find(served, member).orElseThrow(() -> notFound(member));
    if (!isOfType(agent) || !hosts(resource).contains(agent.get(Agents.HOST))) {
      throw notServed(agent, resource);
    }
    take(tx, agent, resource);
  }

  private ApiException notFound(Object id) {
    String name = served.camelCase();
    return ApiException.notFound(name + "NotFound", name + " " + id + " could not be found.");
  }

  /** The other way round: the agents that serve a resource. */
  public final SubCollection reversed() {
    return new SubCollection() {
      @Override
      public ResourceType members() {
        return Agents.AGENT;
      }

      @Override
      public Collection<Resource> list(View view, Resource resource) {
        return hosts(resource).stream()
            .flatMap(host -> Agents.find(view, host, agentType).stream())
            .toList();
      }
    };
  }
}
