package org.nucleon.qos.server;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.qos.api.QosPolicies;

/** Which policy is a project's default, which are shared; none is removed that is in use. */
final class PolicyRules implements ResourceRules {

  @Override
  public void onCreate(Transaction tx, Draft policy) {
    settleDefault(tx, policy);
    settleSharing(tx, policy);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft policy) {
    if (policy.isChanged(QosPolicies.IS_DEFAULT)) {
      settleDefault(tx, policy);
    }
    settleSharing(tx, policy);
  }

  private static void settleDefault(Transaction tx, Draft policy) {
    if (!policy.get(QosPolicies.IS_DEFAULT)) {
      policy.before().ifPresent(before -> tx.release(QosPolicies.defaultOf(policy.project())));
    } else if (!tx.claim(QosPolicies.defaultOf(policy.project()), policy.id())) {
      throw QosErrors.defaultExists(policy.project());
    }
  }

  /** What the request says of sharing is an RBAC policy for every project. */
  private static void settleSharing(Transaction tx, Draft policy) {
    @Nullable Boolean shared = policy.value(QosPolicies.SHARED);
    if (shared == null) {
      return;
    }
    if (shared) {
      RbacPolicies.giveEveryone(
          tx, QosPolicies.SHARED_AS, policy.id(), policy.project(), RbacPolicies.ACCESS_AS_SHARED);
    } else {
      policy.before().ifPresent(before -> unshare(tx, before));
    }
  }

  private static void unshare(Transaction tx, Resource policy) {
    Optional<UUID> forEveryone =
        tx.owner(
            RbacPolicies.claim(policy.id(), RbacPolicies.ACCESS_AS_SHARED, RbacPolicies.EVERYONE));
    if (forEveryone.isEmpty()) {
      return;
    }
    tx.guards(policy);
    Optional<Resource> user =
        users(tx, policy)
            .filter(by ->
                !by.project().equals(policy.project())
                    && tx.owner(
                            RbacPolicies.claim(
                                policy.id(), RbacPolicies.ACCESS_AS_SHARED, by.project()))
                        .isEmpty())
            .findFirst();
    if (user.isPresent()) {
      throw QosErrors.inUse(policy, user.get());
    }
    forEveryone.flatMap(id -> tx.find(RbacPolicies.RBAC_POLICY, id)).ifPresent(tx::delete);
  }

  /** The networks and ports that a policy was given to. */
  static Stream<Resource> users(View view, Resource policy) {
    return Stream.concat(
        view.list(QosPolicies.OF_NETWORK, policy.id()).stream(),
        view.list(QosPolicies.OF_PORT, policy.id()).stream());
  }

  @Override
  public void onDelete(Transaction tx, Resource policy) {
    tx.guards(policy);
    users(tx, policy)
        .findFirst()
        .ifPresent(by -> {
          throw QosErrors.inUse(policy, by);
        });
  }

  /**
   * Checks that who gives a policy may, and that who takes one away may too.
   *
   * @param before the policy that it was, null for none
   * @param after the policy that it is to be, null for none
   * @throws ApiException 404 if there is none that the caller may use, 403 if the one before is not
   *     the caller's to take away
   */
  static void checkChange(Transaction tx, @Nullable UUID before, @Nullable UUID after) {
    if (Objects.equals(before, after)) {
      return;
    }
    if (before != null
        && tx.find(QosPolicies.POLICY, before)
            .filter(policy -> QosPolicies.isUsable(tx, policy, tx.caller()))
            .isEmpty()) {
      throw QosErrors.mayNotRemove(before);
    }
    if (after != null) {
      tx.reliesOn(
          tx.find(QosPolicies.POLICY, after)
              .filter(policy -> QosPolicies.isUsable(tx, policy, tx.caller()))
              .orElseThrow(() -> QosErrors.policyNotFound(after)));
    }
  }
}
