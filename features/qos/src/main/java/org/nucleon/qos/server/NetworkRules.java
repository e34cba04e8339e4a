package org.nucleon.qos.server;

import java.util.List;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Ports;
import org.nucleon.qos.api.QosPolicies;

/** Which policy a network has: its project's default where none is named; its ports know it. */
final class NetworkRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft network) {
    PolicyRules.checkChange(tx, null, network.value(QosPolicies.OF_NETWORK));
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft network) {
    Resource before = network.before().orElseThrow();
    PolicyRules.checkChange(
        tx, before.value(QosPolicies.OF_NETWORK), network.value(QosPolicies.OF_NETWORK));
  }

  @Override
  public void onCreate(Transaction tx, Draft network) {
    if (network.value(QosPolicies.OF_NETWORK) == null) {
      tx.owner(QosPolicies.defaultOf(network.project()))
          .flatMap(id -> tx.find(QosPolicies.POLICY, id))
          .ifPresent(policy -> {
            tx.reliesOn(policy);
            network.set(QosPolicies.OF_NETWORK, policy.id());
          });
    }
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft network) {
    if (network.isChanged(QosPolicies.OF_NETWORK)) {
      tx.guards(before); // ports may be being made
      for (Resource port : List.copyOf(tx.list(Ports.NETWORK_ID, before.id()))) {
        tx.update(
            port,
            draft -> draft.set(QosPolicies.NETWORK_POLICY, network.value(QosPolicies.OF_NETWORK)));
      }
    }
  }
}
