package org.nucleon.qos.server;

import java.util.Collection;
import java.util.Set;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Shareable;
import org.nucleon.qos.api.QosPolicies;

/** QoS policies can be shared: the projects with ports and networks under one need that it is. */
public final class PolicySharing implements Shareable {

  @Override
  public ResourceType type() {
    return QosPolicies.POLICY;
  }

  @Override
  public String name() {
    return QosPolicies.SHARED_AS;
  }

  @Override
  public Set<String> actions() {
    return Set.of(RbacPolicies.ACCESS_AS_SHARED);
  }

  @Override
  public Collection<String> users(View view, Resource policy, String action) {
    return PolicyRules.users(view, policy).map(Resource::project).distinct().toList();
  }
}
