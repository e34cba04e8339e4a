package org.nucleon.openvswitch.agent;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.Resource;
import org.nucleon.host.openflow.Match;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.SwitchItem.PortItem;

/** The tunnels to another host: those that carry a network which both have ports on. */
record TunnelPlan(Planning in, SwitchSettings settings, Plan out) {

  /**
   * Plans the tunnels to a host.
   *
   * @throws Unplannable if one is needed and its ends are of different IP versions
   */
  void plan(String other) throws Unplannable {
    Set<Tunnel> tunnels = new HashSet<>();
    Set<UUID> shared = networks(other);
    shared.retainAll(networks(in.host()));
    for (UUID id : shared) {
      Optional<Resource> network = in.view().find(Networks.NETWORK, id);
      if (network.isPresent()) {
        Tunnel.requireOneVersion(other, network.get(), in.view(), settings);
        Tunnel.to(other, network.get(), in.view(), settings).ifPresent(tunnels::add);
      }
    }
    tunnels.forEach(this::plan);
  }

  /** The networks that a host serves ports of, or is about to. */
  private Set<UUID> networks(String host) {
    Set<UUID> networks = new HashSet<>();
    for (Resource port : Binding.portsOf(in.view(), host)) {
      if (port.get(Ports.ADMIN_STATE_UP) && Binding.isBound(port)) {
        networks.add(port.get(Ports.NETWORK_ID));
      }
    }
    return networks;
  }

  private void plan(Tunnel tunnel) {
    out.add(
        new PortItem(
            tunnel.port(),
            settings.tunnelBridge(),
            tunnel.type().id(),
            Map.of(
                "df_default",
                "true",
                "in_key",
                "flow",
                "out_key",
                "flow",
                "local_ip",
                String.valueOf(settings.localIp()),
                "remote_ip",
                tunnel.end().toString()),
            Map.of()));
    Carrier.ofport(in.facts(), tunnel.port())
        .ifPresent(ofport ->
            new Flows(settings.tunnelBridge(), Cookies.MARK, out)
                .add(
                    Pipeline.CLASSIFY,
                    90,
                    Match.any().inPort(ofport),
                    Flows.to(tunnel.type().arrivals())));
  }
}
