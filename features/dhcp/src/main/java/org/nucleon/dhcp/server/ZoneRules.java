package org.nucleon.dhcp.server;

import java.util.List;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.network.api.Agents;

/** Networks are for availability zones that there are. */
final class ZoneRules implements ResourceRules {

  private final List<String> defaults;

  ZoneRules(List<String> defaults) {
    this.defaults = defaults;
  }

  @Override
  public void onCreateRequest(Transaction tx, Draft network) {
    if (network.get(Dhcp.ZONE_HINTS).isEmpty()) {
      network.set(Dhcp.ZONE_HINTS, defaults);
    }
    Agents.requireZones(tx, Dhcp.AGENT_TYPE, network.get(Dhcp.ZONE_HINTS));
  }
}
