package org.nucleon.router.server;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Shareable;
import org.nucleon.router.api.Routers;

/** Who needs that a network is external for them: the projects with routers that lead there. */
public final class GatewayUse implements Shareable {

  @Override
  public ResourceType type() {
    return Networks.NETWORK;
  }

  @Override
  public Set<String> actions() {
    return Set.of(RbacPolicies.ACCESS_AS_EXTERNAL);
  }

  @Override
  public Collection<String> users(View view, Resource network, String action) {
    return action.equals(RbacPolicies.ACCESS_AS_EXTERNAL)
        ? view.list(Routers.GATEWAY, network.id()).stream().map(Resource::project).toList()
        : List.of();
  }
}
