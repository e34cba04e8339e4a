package org.nucleon.openvswitch.agent;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.host.openflow.Action;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** What carries a network's frames between hosts, as this host can use it. */
sealed interface Carrier {

  /** Sends a frame off the integration bridge; no action if there is no way. Comes last. */
  List<Action> send(int vlan);

  /** The network ends at the host. */
  record Nothing() implements Carrier {
    @Override
    public List<Action> send(int vlan) {
      return List.of();
    }
  }

  /**
   * Tunnels, behind the tunnel bridge.
   *
   * @param type the tunnels' kind
   * @param vni the network's number in tunnels
   * @param patch the integration bridge's end of the patch
   */
  record Overlay(TunnelType type, int vni, long patch) implements Carrier {
    @Override
    public List<Action> send(int vlan) {
      return List.of(Action.pushVlan(), Action.setVlan(vlan), Action.output(patch));
    }
  }

  /**
   * A physical network, behind its bridge.
   *
   * @param bridge that bridge
   * @param patch the integration bridge's end of the patch
   * @param outerPatch the other end
   * @param tag the VLAN on the physical network, null for untagged
   */
  record Physical(String bridge, long patch, long outerPatch, @Nullable Integer tag)
      implements Carrier {
    @Override
    public List<Action> send(int vlan) {
      return tag == null
          ? List.of(Action.output(patch))
          : List.of(Action.pushVlan(), Action.setVlan(tag), Action.output(patch));
    }
  }

  /**
   * The carrier of a network; {@link Nothing} while the switch has not made the ports to it.
   *
   * @throws Unplannable if the host has no way to carry the network
   */
  static Carrier of(Resource network, Planning in, SwitchSettings settings) throws Unplannable {
    List<Segment> segments = Provider.segments(network);
    if (segments.isEmpty()) {
      return new Nothing();
    }
    return of(settings.agent().segment(network).orElse(segments.getLast()), in, settings);
  }

  private static Carrier of(Segment segment, Planning in, SwitchSettings settings)
      throws Unplannable {
    return switch (segment.type()) {
      case "local" -> new Nothing();
      case "flat", "vlan" -> physical(segment, in.facts(), settings);
      case String type -> {
        Integer vni = segment.segmentationId();
        Optional<TunnelType> tunnels = TunnelType.of(type);
        if (settings.agent().obstacle(segment).isPresent() || tunnels.isEmpty() || vni == null) {
          throw new Unplannable("this host carries no " + type + " networks");
        }
        Optional<Long> patch = ofport(in.facts(), SwitchSettings.PATCH_TUN);
        yield patch.isPresent() ? new Overlay(tunnels.get(), vni, patch.get()) : new Nothing();
      }
    };
  }

  private static Carrier physical(Segment segment, Facts facts, SwitchSettings settings)
      throws Unplannable {
    String bridge = settings.bridgeMappings().get(String.valueOf(segment.physicalNetwork()));
    if (bridge == null) {
      throw new Unplannable(
          "no bridge for physical network " + segment.physicalNetwork() + " in bridge_mappings");
    }
    Optional<Long> inner = ofport(facts, SwitchSettings.intPatch(bridge));
    Optional<Long> outer = ofport(facts, SwitchSettings.phyPatch(bridge));
    return inner.isPresent() && outer.isPresent()
        ? new Physical(bridge, inner.get(), outer.get(), segment.segmentationId())
        : new Nothing();
  }

  /** The OpenFlow number of a patch or tunnel; empty while the switch has not made it. */
  static Optional<Long> ofport(Facts facts, String name) {
    return facts.find(JoiningPort.class, JoiningPort.KIND, name).map(JoiningPort::ofport);
  }

  /** Whether the host has a port to serve on the network, or is about to. */
  static boolean isPresent(View view, UUID network, String host) {
    return view.find(Networks.NETWORK, network).isPresent()
        && Binding.portsOf(view, host).stream()
            .anyMatch(port ->
                port.get(Ports.NETWORK_ID).equals(network)
                    && port.get(Ports.ADMIN_STATE_UP)
                    && Binding.isBound(port));
  }
}
