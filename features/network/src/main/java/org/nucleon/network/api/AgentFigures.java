package org.nucleon.network.api;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;

/** How much agents have to do, as Neutron's agents count it: by the ports of their hosts. */
final class AgentFigures {

  private AgentFigures() {}

  /** What an agent told of itself, and the counts. */
  static Map<String, Object> of(View view, Resource agent) {
    Map<String, Object> all = new LinkedHashMap<>(agent.get(Agents.CONFIGURATIONS));
    Collection<Resource> ports = view.list(Binding.HOST_ID, agent.get(Agents.HOST));
    switch (agent.get(Agents.TYPE)) {
      case "Open vSwitch agent" -> all.put("devices", ports.size());
      case "L3 agent" -> {
        List<Resource> inside = owned(ports, DeviceOwner.ROUTER_INTERFACE);
        List<Resource> outside = owned(ports, DeviceOwner.ROUTER_GATEWAY);
        all.put("interfaces", inside.size());
        all.put("ex_gw_ports", outside.size());
      }
      case "DHCP agent" -> {
        List<Resource> servers = owned(ports, DeviceOwner.DHCP);
        all.put("networks", servers.size());
        all.put("subnets", servers.stream().mapToInt(p -> p.get(Ports.FIXED_IPS).size()).sum());
        all.put(
            "ports",
            servers.stream()
                .mapToInt(p -> view.list(Ports.NETWORK_ID, p.get(Ports.NETWORK_ID)).size())
                .sum());
      }
      default -> {}
    }
    return all;
  }

  private static List<Resource> owned(Collection<Resource> ports, String owner) {
    return ports.stream().filter(port -> port.get(Ports.DEVICE_OWNER).equals(owner)).toList();
  }
}
