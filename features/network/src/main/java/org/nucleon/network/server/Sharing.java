package org.nucleon.network.server;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.network.api.AddressScopes;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Shareable;
import org.nucleon.network.api.SubnetPools;
import org.nucleon.network.api.Subnets;

/** What of this feature RBAC policies give access to. */
public final class Sharing {

  private Sharing() {}

  /** The projects with ports on a network, whose services' own ports do not count. */
  static List<String> portOwners(View view, Resource network) {
    return view.list(Ports.NETWORK_ID, network.id()).stream()
        .filter(port -> !DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER)))
        .map(Resource::project)
        .distinct()
        .toList();
  }

  /** Networks: shared, or for gateways. */
  public static final class OfNetworks implements Shareable {
    @Override
    public ResourceType type() {
      return Networks.NETWORK;
    }

    @Override
    public Set<String> actions() {
      return Set.of(RbacPolicies.ACCESS_AS_SHARED, RbacPolicies.ACCESS_AS_EXTERNAL);
    }

    @Override
    public Collection<String> users(View view, Resource network, String action) {
      return action.equals(RbacPolicies.ACCESS_AS_SHARED) ? portOwners(view, network) : List.of();
    }
  }

  /** Subnet pools. */
  public static final class OfSubnetPools implements Shareable {
    @Override
    public ResourceType type() {
      return SubnetPools.SUBNETPOOL;
    }

    @Override
    public Set<String> actions() {
      return Set.of(RbacPolicies.ACCESS_AS_SHARED);
    }

    @Override
    public Collection<String> users(View view, Resource pool, String action) {
      return view.list(Subnets.POOL_ID, pool.id()).stream().map(Resource::project).toList();
    }
  }

  /** Address scopes. */
  public static final class OfAddressScopes implements Shareable {
    @Override
    public ResourceType type() {
      return AddressScopes.ADDRESS_SCOPE;
    }

    @Override
    public Set<String> actions() {
      return Set.of(RbacPolicies.ACCESS_AS_SHARED);
    }

    @Override
    public Collection<String> users(View view, Resource scope, String action) {
      return view.list(SubnetPools.ADDRESS_SCOPE_ID, scope.id()).stream()
          .map(Resource::project)
          .toList();
    }
  }
}
