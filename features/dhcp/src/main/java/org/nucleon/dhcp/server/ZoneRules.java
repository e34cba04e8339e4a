package org.nucleon.dhcp.server;

import java.util.List;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.schema.Values;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.network.api.Agents;

/** Networks are for availability zones that there are. */
final class ZoneRules implements ResourceRules {

  static final Option<List<String>> DEFAULT_ZONES =
      Option.list(
          "DEFAULT",
          "default_availability_zones",
          "",
          "The availability zones of networks and routers that name none; empty for any");

  private final List<String> defaults;

  ZoneRules(List<String> defaults) {
    this.defaults = defaults;
  }

  @Override
  public void onCreateRequest(Transaction tx, Draft network) {
    if (network.get(Dhcp.ZONE_HINTS).isEmpty()) {
      network.set(Dhcp.ZONE_HINTS, defaults);
    }
    for (String zone : network.get(Dhcp.ZONE_HINTS)) {
      if (tx.list(Agents.AVAILABILITY_ZONE, zone).stream()
          .noneMatch(agent -> agent.get(Agents.TYPE).equals(Dhcp.AGENT_TYPE))) {
        throw ApiException.notFound(
            "AvailabilityZoneNotFound",
            "AvailabilityZone " + Values.quoted(zone) + " could not be found.");
      }
    }
  }
}
