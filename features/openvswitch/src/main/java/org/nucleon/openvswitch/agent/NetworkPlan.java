package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.LinkLocalMetadata;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Subnets;

/**
 * A network that this host has ports on: how frames of it come in, and where frames go that are not
 * for one port.
 */
record NetworkPlan(Planning in, SwitchSettings settings, Plan out) {

  /**
   * A network with what this host knows of it.
   *
   * @param ports all of its ports that some host serves
   * @param ofports those of this host's that the switch has
   */
  private record Known(
      Resource network, int vlan, Carrier carrier, List<PortSpec> ports, Map<UUID, Long> ofports) {

    UUID id() {
      return network.id();
    }

    Match match() {
      return Match.any().reg(Pipeline.NETWORK, vlan);
    }

    Match matchLocal() {
      return match().reg(Pipeline.SOURCE, Pipeline.LOCAL);
    }

    /** Copies to ports of this host, each through what is to be done before it gets there. */
    List<Action> copies(Stream<PortSpec> targets) {
      List<Action> actions = new ArrayList<>();
      targets
          .filter(port -> ofports.containsKey(port.id()))
          .map(port -> ofports.get(port.id()))
          .sorted()
          .forEach(ofport -> {
            actions.add(Action.setReg(Pipeline.TARGET, ofport));
            actions.add(Action.resubmit(Pipeline.INGRESS_CT.number()));
          });
      return actions;
    }
  }

  /** Plans a network, if this host has ports on it. */
  void plan(UUID id) throws Unplannable {
    Optional<Resource> network = in.view().find(Networks.NETWORK, id);
    if (network.isEmpty()) {
      return;
    }
    List<PortSpec> ports =
        PortSpec.onNetwork(in.view(), id).stream()
            .filter(port -> port.isUp() && !port.host().isEmpty())
            .toList();
    if (ports.stream()
        .noneMatch(port -> port.isServedBy(in.host()) || port.isExpectedBy(in.host()))) {
      return;
    }
    Map<UUID, Long> ofports = new LinkedHashMap<>();
    ports.stream()
        .filter(port -> port.isServedBy(in.host()))
        .forEach(port ->
            in.facts()
                .find(SwitchInterface.class, SwitchInterface.KIND, port.id().toString())
                .ifPresent(device -> ofports.put(port.id(), device.ofport())));
    Known known =
        new Known(
            network.get(),
            Numbers.vlan(in, id),
            Carrier.of(network.get(), in, settings),
            ports,
            ofports);
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(id), out);
    dhcp(known, flows);
    advertisements(known, flows);
    metadata(known, flows);
    broadcast(known, flows);
    unknown(known, flows);
    sharedAddresses(known, flows);
    switch (known.carrier()) {
      case Carrier.Nothing() -> {}
      case Carrier.Overlay overlay -> overlay(known, overlay, flows);
      case Carrier.Physical physical -> physical(known, physical, flows);
    }
  }

  /** No rule is needed for answers of the network's DHCP servers, and to renew a lease. */
  private static void dhcp(Known network, Flows flows) {
    Set<IpAddress> servers = new TreeSet<>();
    network.ports().stream()
        .filter(port -> port.owner().equals(DeviceOwner.DHCP))
        .forEach(port -> servers.addAll(port.addresses(4)));
    network.ports().stream()
        .filter(port -> port.owner().equals(DeviceOwner.DHCP))
        .forEach(port -> GuestIpv6.planDhcpServer(network.match(), port, flows));
    for (IpAddress server : servers) {
      flows.add(
          Pipeline.EGRESS_CT,
          100,
          network.match().ipDst(server.toInetAddress()).udpSrc(68).udpDst(67),
          Flows.to(Pipeline.SERVICES));
      flows.add(
          Pipeline.INGRESS_CT,
          110,
          network.match().ipSrc(server.toInetAddress()).udpSrc(67).udpDst(68),
          Flows.to(Pipeline.OUTPUT));
    }
  }

  /**
   * Guests hear the routers of the network; those of the physical network where none of ours
   * advertises.
   */
  private void advertisements(Known network, Flows flows) {
    network.ports().stream()
        .filter(port -> port.owner().equals(DeviceOwner.ROUTER_INTERFACE))
        .forEach(port -> GuestIpv6.planAdvertisements(network.match().ethSrc(port.mac()), flows));
    boolean fromOutside =
        in.view().list(Subnets.NETWORK_ID, network.id()).stream()
            .anyMatch(subnet ->
                subnet.get(Subnets.IP_VERSION) == 6 && subnet.find(Subnets.RA_MODE).isEmpty());
    if (fromOutside && network.carrier() instanceof Carrier.Physical) {
      GuestIpv6.planAdvertisements(network.match().reg(Pipeline.SOURCE, Pipeline.PHYSICAL), flows);
    }
  }

  private void metadata(Known network, Flows flows) {
    LinkLocalMetadata.holder(in.view(), network.id())
        .map(PortSpec::of)
        .ifPresent(holder ->
            NeighbourAnswers.planMetadata(
                holder,
                Optional.ofNullable(network.ofports().get(holder.id())),
                network.vlan(),
                flows));
  }

  private void broadcast(Known network, Flows flows) {
    boolean reachesOthers =
        switch (network.carrier()) {
          case Carrier.Nothing() -> false;
          case Carrier.Overlay _ ->
              network.ports().stream().anyMatch(port -> port.isServedBeyond(in.host()));
          case Carrier.Physical _ -> true;
        };
    List<Action> here = network.copies(network.ports().stream());
    List<Action> all = new ArrayList<>(here);
    if (reachesOthers) {
      all.addAll(network.carrier().send(network.vlan()));
    }
    flows.add(Pipeline.L2_LOOKUP, 60, network.matchLocal().ethMulticast(), all);
    flows.add(Pipeline.L2_LOOKUP, 50, network.match().ethMulticast(), here);
  }

  /** Frames for an address that no port has: only ports that may use any address can be meant. */
  private void unknown(Known network, Flows flows) {
    List<Action> here = network.copies(network.ports().stream().filter(PortSpec::isOpen));
    List<Action> all = new ArrayList<>(here);
    List<PortSpec> beyond =
        network.ports().stream()
            .filter(port -> port.isOpen() && port.isServedBeyond(in.host()))
            .toList();
    if (network.carrier() instanceof Carrier.Physical || !beyond.isEmpty()) {
      all.addAll(network.carrier().send(network.vlan()));
    }
    flows.add(Pipeline.L2_LOOKUP, 20, network.matchLocal().ethUnicast(), all);
    flows.add(Pipeline.L2_LOOKUP, 10, network.match().ethUnicast(), here);
    if (network.carrier() instanceof Carrier.Overlay overlay) {
      toTunnels(network, overlay, 20, Match.any().ethUnicast(), beyond);
    }
  }

  /** MAC addresses of address pairs: several ports may have one, so all of them get its frames. */
  private void sharedAddresses(Known network, Flows flows) {
    Set<MacAddress> own = new HashSet<>();
    network.ports().forEach(port -> own.add(port.mac()));
    Map<MacAddress, List<PortSpec>> shared =
        new TreeMap<>(Comparator.comparingLong(MacAddress::value));
    for (PortSpec port : network.ports()) {
      port.pairs().stream()
          .map(port::mac)
          .distinct()
          .filter(mac -> !own.contains(mac))
          .forEach(mac -> shared.computeIfAbsent(mac, _ -> new ArrayList<>()).add(port));
    }
    shared.forEach((mac, ports) -> {
      List<Action> here = network.copies(ports.stream());
      List<Action> all = new ArrayList<>(here);
      List<PortSpec> beyond = ports.stream().filter(p -> p.isServedBeyond(in.host())).toList();
      if (!beyond.isEmpty()) {
        all.addAll(network.carrier().send(network.vlan()));
      }
      flows.add(Pipeline.L2_LOOKUP, 91, network.matchLocal().ethDst(mac), all);
      flows.add(Pipeline.L2_LOOKUP, 90, network.match().ethDst(mac), here);
      if (network.carrier() instanceof Carrier.Overlay overlay) {
        toTunnels(network, overlay, 90, Match.any().ethDst(mac), beyond);
      }
    });
  }

  private void overlay(Known network, Carrier.Overlay overlay, Flows flows) {
    flows.add(
        Pipeline.CLASSIFY,
        90,
        Match.any().inPort(overlay.patch()).vlan(network.vlan()),
        Action.popVlan(),
        Action.setReg(Pipeline.SOURCE, Pipeline.TUNNEL),
        Action.setReg(Pipeline.NETWORK, network.vlan()),
        Flows.to(Pipeline.L2_LOOKUP));
    Carrier.ofport(in.facts(), SwitchSettings.PATCH_INT)
        .ifPresent(patch ->
            new Flows(settings.tunnelBridge(), Cookies.of(network.id()), out)
                .add(
                    overlay.type().arrivals(),
                    100,
                    Match.any().tunId(overlay.vni()),
                    Action.pushVlan(),
                    Action.setVlan(network.vlan()),
                    Action.output(patch)));
    toTunnels(
        network,
        overlay,
        60,
        Match.any().ethMulticast(),
        network.ports().stream().filter(port -> port.isServedBeyond(in.host())).toList());
  }

  private void toTunnels(
      Known network, Carrier.Overlay overlay, int priority, Match match, List<PortSpec> beyond) {
    List<Long> tunnels =
        beyond.stream()
            .map(PortSpec::host)
            .distinct()
            .flatMap(host -> PeerPlan.tunnelTo(host, network.network(), in, settings).stream())
            .distinct()
            .sorted()
            .toList();
    if (!tunnels.isEmpty()) {
      new Flows(settings.tunnelBridge(), Cookies.of(network.id()), out)
          .add(
              Pipeline.TO_TUNNEL,
              priority,
              match.vlan(network.vlan()),
              PeerPlan.send(overlay.vni(), tunnels));
    }
  }

  private void physical(Known network, Carrier.Physical physical, Flows flows) {
    Integer tag = physical.tag();
    Match inner = Match.any().inPort(physical.patch());
    List<Action> actions = new ArrayList<>();
    if (tag != null) {
      actions.add(Action.popVlan());
    }
    actions.add(Action.setReg(Pipeline.SOURCE, Pipeline.PHYSICAL));
    actions.add(Action.setReg(Pipeline.NETWORK, network.vlan()));
    actions.add(Flows.to(Pipeline.L2_LOOKUP));
    flows.add(Pipeline.CLASSIFY, 90, tag == null ? inner.untagged() : inner.vlan(tag), actions);
    Match outer = Match.any().inPort(physical.outerPatch());
    new Flows(physical.bridge(), Cookies.of(network.id()), out)
        .add(
            Pipeline.CLASSIFY,
            3,
            tag == null ? outer.untagged() : outer.vlan(tag),
            Action.normal());
  }
}
