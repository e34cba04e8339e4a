package org.nucleon.openvswitch.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;

/**
 * What the switch of a host tells of itself in {@code configurations}, under Neutron's names.
 *
 * @param bridgeMappings the bridge of each physical network
 * @param tunnelTypes types of overlay that it can carry
 * @param tunnelingIp the address of its tunnels' ends, null for none
 * @param datapathType {@code system} or {@code netdev}
 * @param integrationBridge the bridge that ports are plugged into
 * @param firewall what filters its guests' packets
 */
public record SwitchAgent(
    Map<String, String> bridgeMappings,
    Set<String> tunnelTypes,
    @Nullable IpAddress tunnelingIp,
    String datapathType,
    String integrationBridge,
    FirewallDriver firewall) {

  /** The value of {@code agent_type}. */
  public static final String TYPE = "Open vSwitch agent";

  private static final String FIREWALL = "firewall_driver";

  /** How the host makes its switch known. */
  public AgentDescription description() {
    return new AgentDescription(
        OpenvswitchFeature.NAME,
        TYPE,
        "neutron-openvswitch-agent",
        "N/A",
        Map.of(
            "bridge_mappings",
            bridgeMappings,
            "tunnel_types",
            tunnelTypes.stream().sorted().toList(),
            "tunneling_ip",
            tunnelingIp == null ? "" : tunnelingIp.toString(),
            "datapath_type",
            datapathType,
            "integration_bridge",
            integrationBridge,
            FIREWALL,
            firewall.toString(),
            "ovs_hybrid_plug",
            firewall.isHybrid()));
  }

  /** Reads an agent; empty if it is of another type. */
  public static Optional<SwitchAgent> of(Resource agent) {
    return agent.get(Agents.TYPE).equals(TYPE)
        ? Optional.of(read(agent.get(Agents.CONFIGURATIONS)))
        : Optional.empty();
  }

  /** The switch among a host's agents; empty if it has none. */
  public static Optional<SwitchAgent> among(Collection<Resource> agents) {
    return agents.stream().flatMap(agent -> of(agent).stream()).findFirst();
  }

  /** Why the host cannot use a segment, as the end of a sentence; empty if it can. */
  public Optional<String> obstacle(Segment segment) {
    return switch (segment.type()) {
      case "local" -> Optional.empty();
      case "flat", "vlan" -> {
        String physical = String.valueOf(segment.physicalNetwork());
        yield bridgeMappings.containsKey(physical)
            ? Optional.empty()
            : Optional.of("has no bridge for physical network " + physical + " in bridge_mappings");
      }
      case String overlay ->
          tunnelTypes.contains(overlay)
              ? Optional.empty()
              : Optional.of("does not carry " + overlay + " networks (tunnel_types)");
    };
  }

  /**
   * The segment that the host uses of a network's: the first that it can, by which its ports are
   * bound; empty if it can use none.
   */
  public Optional<Segment> segment(Resource network) {
    return Provider.segments(network).stream()
        .filter(segment -> obstacle(segment).isEmpty())
        .findFirst();
  }

  private static SwitchAgent read(Map<String, Object> configurations) {
    return new SwitchAgent(
        mappings(configurations.get("bridge_mappings")),
        texts(configurations.get("tunnel_types")),
        address(configurations.get("tunneling_ip")),
        text(configurations.get("datapath_type"), "system"),
        text(configurations.get("integration_bridge"), "br-int"),
        FirewallDriver.named(text(configurations.get(FIREWALL), ""))
            .orElse(FirewallDriver.OPENVSWITCH)); // the only one that older agents have
  }

  private static Map<String, String> mappings(@Nullable Object json) {
    return json instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    entry -> String.valueOf(entry.getKey()),
                    entry -> String.valueOf(entry.getValue())))
        : Map.of();
  }

  private static Set<String> texts(@Nullable Object json) {
    return json instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  private static String text(@Nullable Object json, String otherwise) {
    return json instanceof String text && !text.isEmpty() ? text : otherwise;
  }

  private static @Nullable IpAddress address(@Nullable Object json) {
    try {
      return json instanceof String text && !text.isEmpty() ? IpAddress.parse(text) : null;
    } catch (IllegalArgumentException _) {
      return null; // an agent that does not know its address has no tunnels
    }
  }
}
