package org.nucleon.qos.server;

import java.util.UUID;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.qos.api.QosPolicies;
import org.nucleon.qos.api.QosRules;

/** A policy has one rule of a kind; of bandwidth one in each direction. */
final class OneOfAKind implements ResourceRules {

  private final QosRules.Kind kind;

  OneOfAKind(QosRules.Kind kind) {
    this.kind = kind;
  }

  @Override
  public void onCreate(Transaction tx, Draft rule) {
    check(tx, rule);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft rule) {
    check(tx, rule);
  }

  private void check(Transaction tx, Draft rule) {
    UUID policyId = rule.get(kind.policy());
    Resource policy =
        tx.find(QosPolicies.POLICY, policyId).orElseThrow(() -> QosErrors.policyNotFound(policyId));
    tx.guards(policy);
    for (Resource other : tx.list(kind.policy(), policyId)) {
      if (!other.id().equals(rule.id()) && isAlike(other, rule)) {
        throw QosErrors.rulesConflict(kind.name(), other, policyId);
      }
    }
  }

  private boolean isAlike(Resource one, Draft other) {
    return !kind.parameters().contains(QosRules.DIRECTION)
        || one.get(QosRules.DIRECTION).equals(other.get(QosRules.DIRECTION));
  }
}
