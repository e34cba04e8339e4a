package org.nucleon.qos.server;

import java.util.UUID;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.qos.api.QosPolicies;

/** Which policy a port has, and which its network. */
final class PortRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft port) {
    PolicyRules.checkChange(tx, null, port.value(QosPolicies.OF_PORT));
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft port) {
    Resource before = port.before().orElseThrow();
    PolicyRules.checkChange(tx, before.value(QosPolicies.OF_PORT), port.value(QosPolicies.OF_PORT));
  }

  @Override
  public void onCreate(Transaction tx, Draft port) {
    UUID networkId = port.get(Ports.NETWORK_ID);
    tx.find(Networks.NETWORK, networkId)
        .ifPresent(network -> {
          tx.reliesOn(network);
          port.set(QosPolicies.NETWORK_POLICY, network.value(QosPolicies.OF_NETWORK));
        });
  }
}
