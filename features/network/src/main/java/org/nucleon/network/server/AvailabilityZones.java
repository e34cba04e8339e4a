package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.network.api.Agents;

/** {@code GET /v2.0/availability_zones}: where the agents are that networks and routers are put. */
final class AvailabilityZones {

  /** What is placed on agents of a type. */
  private static final Map<String, String> PLACED =
      Map.of("DHCP agent", "network", "L3 agent", "router");

  static final ComputedCollection COLLECTION =
      new ComputedCollection(
          "availability_zones",
          "availability_zones",
          "get_availability_zone",
          List.of("name", "resource", "state"),
          AvailabilityZones::rows);

  private AvailabilityZones() {}

  private record Zone(String name, String resource) implements Comparable<Zone> {
    @Override
    public int compareTo(Zone other) {
      int order = name.compareTo(other.name);
      return order == 0 ? resource.compareTo(other.resource) : order;
    }
  }

  private static List<Map<String, @Nullable Object>> rows(View view, Caller caller) {
    Map<Zone, Boolean> zones = new TreeMap<>();
    for (Resource agent : view.all(Agents.AGENT)) {
      String resource = PLACED.get(agent.get(Agents.TYPE));
      String name = agent.value(Agents.AVAILABILITY_ZONE);
      if (resource != null && name != null) {
        zones.merge(new Zone(name, resource), agent.get(Agents.ADMIN_STATE_UP), Boolean::logicalOr);
      }
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    zones.forEach((zone, available) -> {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("name", zone.name());
      row.put("resource", zone.resource());
      row.put("state", available ? "available" : "unavailable");
      rows.add(row);
    });
    return rows;
  }
}
