package org.nucleon.securitygroup.server;

import java.util.Collection;
import java.util.Set;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Shareable;
import org.nucleon.securitygroup.api.SecurityGroups;

/** Security groups can be shared: the projects with ports in one need that it is. */
public final class GroupSharing implements Shareable {

  @Override
  public ResourceType type() {
    return SecurityGroups.SECURITY_GROUP;
  }

  @Override
  public Set<String> actions() {
    return Set.of(RbacPolicies.ACCESS_AS_SHARED);
  }

  @Override
  public Collection<String> users(View view, Resource group, String action) {
    return view.list(SecurityGroups.OF_PORT, group.id()).stream().map(Resource::project).toList();
  }
}
