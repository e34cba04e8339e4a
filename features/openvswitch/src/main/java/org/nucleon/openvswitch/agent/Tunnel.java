package org.nucleon.openvswitch.agent;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;
import org.nucleon.openvswitch.api.SwitchAgent;

/**
 * A tunnel from this host.
 *
 * @param type its kind
 * @param end the address of the other end, of the same IP version as ours
 */
record Tunnel(TunnelType type, IpAddress end) {

  /** The name of its port. */
  String port() {
    return SwitchSettings.tunnel(type, end);
  }

  /** Whether a port is a tunnel's, by its name. */
  static boolean isPort(String name) {
    return Arrays.stream(TunnelType.values()).anyMatch(type -> name.startsWith(type.id() + "-"));
  }

  /** All tunnels that could lead to an agent's host; none if it is no switch's, or ours. */
  static Stream<Tunnel> toward(Resource agent, SwitchSettings settings) {
    return SwitchAgent.of(agent).stream()
        .flatMap(there ->
            Arrays.stream(TunnelType.values())
                .flatMap(type -> between(type, there, settings).stream()));
  }

  private static Optional<Tunnel> between(
      TunnelType type, SwitchAgent there, SwitchSettings settings) {
    IpAddress own = settings.localIp();
    IpAddress end = there.tunnelingIp();
    if (own == null || end == null || own.version() != end.version() || own.equals(end)) {
      return Optional.empty();
    }
    return settings.tunnelTypes().contains(type.id()) && there.tunnelTypes().contains(type.id())
        ? Optional.of(new Tunnel(type, end))
        : Optional.empty();
  }

  /** The tunnel that carries a network to another host; empty if none can. */
  static Optional<Tunnel> to(String other, Resource network, View view, SwitchSettings settings) {
    Optional<SwitchAgent> there = SwitchAgent.among(view.list(Agents.HOST, other));
    Optional<Segment> ours = settings.agent().segment(network);
    if (there.isEmpty() || ours.isEmpty() || !there.get().segment(network).equals(ours)) {
      return Optional.empty();
    }
    return TunnelType.of(ours.get().type()).flatMap(type -> between(type, there.get(), settings));
  }

  /**
   * Demands that a network's tunnel to another host, if that is what carries it there, has ends of
   * one IP version.
   *
   * @throws Unplannable naming the ends
   */
  static void requireOneVersion(String other, Resource network, View view, SwitchSettings settings)
      throws Unplannable {
    IpAddress own = settings.localIp();
    Optional<SwitchAgent> there = SwitchAgent.among(view.list(Agents.HOST, other));
    IpAddress end = there.flatMap(agent -> Optional.ofNullable(agent.tunnelingIp())).orElse(null);
    boolean isTunnelled =
        settings
            .agent()
            .segment(network)
            .filter(segment -> TunnelType.of(segment.type()).isPresent())
            .filter(segment ->
                there.flatMap(agent -> agent.segment(network)).filter(segment::equals).isPresent())
            .isPresent();
    if (isTunnelled && own != null && end != null && own.version() != end.version()) {
      throw new Unplannable(
          "no tunnel to host "
              + other
              + ": its end "
              + end
              + " and ours "
              + own
              + " (local_ip) are of different IP versions");
    }
  }

  /** Whether another host is known to use another segment of the network than this one. */
  static boolean isApart(String other, Resource network, View view, SwitchSettings settings) {
    return SwitchAgent.among(view.list(Agents.HOST, other))
        .map(there -> !there.segment(network).equals(settings.agent().segment(network)))
        .orElse(false);
  }
}
