package org.nucleon.network.server;

import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.AddressScopes;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.SubnetPools;

/** Sharing and removal of address scopes. */
final class AddressScopeRules implements ResourceRules {

  @Override
  public void onCreate(Transaction tx, Draft scope) {
    if (Boolean.TRUE.equals(scope.value(AddressScopes.SHARED))) {
      share(tx, scope);
    }
  }

  private static void share(Transaction tx, Draft scope) {
    RbacPolicies.giveEveryone(
        tx,
        AddressScopes.ADDRESS_SCOPE.name(),
        scope.id(),
        scope.project(),
        RbacPolicies.ACCESS_AS_SHARED);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft scope) {
    if (!scope.isGiven(AddressScopes.SHARED)) {
      return;
    }
    if (Boolean.TRUE.equals(scope.value(AddressScopes.SHARED))) {
      share(tx, scope);
    } else if (RbacPolicies.isShared(tx, before.id(), tx.caller())) {
      throw PoolErrors.refused(
          "AddressScopeUpdateError",
          "Unable to update address scope " + before.id() + ": a shared one stays shared");
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource scope) {
    tx.guards(scope);
    if (!tx.list(SubnetPools.ADDRESS_SCOPE_ID, scope.id()).isEmpty()) {
      throw ApiException.conflict(
          "AddressScopeInUse",
          "Unable to delete address scope "
              + scope.id()
              + ": there are one or more subnet pools in use on it.");
    }
  }
}
