package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.Resource;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** A port of another host, on a network that this host has ports on. */
record PeerPlan(Planning in, SwitchSettings settings, Plan out) {

  /** Plans the way to a port, if it is one. */
  void plan(UUID id) throws Unplannable {
    Optional<PortSpec> found = in.view().find(Ports.PORT, id).map(PortSpec::of);
    if (found.isEmpty()
        || !found.get().isServedBeyond(in.host())
        || !Carrier.isPresent(in.view(), found.get().network(), in.host())) {
      return;
    }
    PortSpec port = found.get();
    Resource network = in.view().get(Networks.NETWORK, port.network());
    if (Tunnel.isApart(port.host(), network, in.view(), settings)) {
      return;
    }
    int vlan = Numbers.vlan(in, port.network());
    Carrier carrier = Carrier.of(network, in, settings);
    List<Action> send = carrier.send(vlan);
    if (send.isEmpty()) {
      return;
    }
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(id), out);
    flows.add(
        Pipeline.L2_LOOKUP,
        100,
        Match.any()
            .reg(Pipeline.NETWORK, vlan)
            .reg(Pipeline.SOURCE, Pipeline.LOCAL)
            .ethDst(port.mac()),
        send);
    ArpAnswers.plan(port, vlan, flows);
    NeighbourAnswers.plan(port, vlan, flows);
    if (carrier instanceof Carrier.Overlay overlay) {
      tunnelTo(port.host(), network, in, settings)
          .ifPresent(tunnel ->
              new Flows(settings.tunnelBridge(), Cookies.of(id), out)
                  .add(
                      Pipeline.TO_TUNNEL,
                      100,
                      Match.any().vlan(vlan).ethDst(port.mac()),
                      send(overlay.vni(), List.of(tunnel))));
    }
  }

  /** Sends a frame that has come by the patch into tunnels. */
  static List<Action> send(int vni, List<Long> tunnels) {
    List<Action> actions = new ArrayList<>();
    actions.add(Action.popVlan());
    actions.add(Action.setTunId(vni));
    tunnels.forEach(tunnel -> actions.add(Action.output(tunnel)));
    return actions;
  }

  /** The port of the tunnel that carries a network to a host; empty while there is none. */
  static Optional<Long> tunnelTo(
      String host, Resource network, Planning in, SwitchSettings settings) {
    return Tunnel.to(host, network, in.view(), settings)
        .flatMap(tunnel -> Carrier.ofport(in.facts(), tunnel.port()));
  }
}
