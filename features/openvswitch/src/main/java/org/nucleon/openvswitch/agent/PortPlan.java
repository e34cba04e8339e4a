package org.nucleon.openvswitch.agent;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.Zone;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.SwitchItem.PortItem;
import org.nucleon.openvswitch.agent.iptables.FilterNames;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.TrafficConditioner;
import org.nucleon.securitygroup.api.AddressPair;

/** A port of this host: its device in the switch, its flows, and the word that it is served. */
record PortPlan(
    Planning in, SwitchSettings settings, List<TrafficConditioner> conditioners, Plan out) {

  private static final InetAddress NOWHERE = InetAddress.ofLiteral("0.0.0.0");
  private static final InetAddress EVERYWHERE = InetAddress.ofLiteral("255.255.255.255");

  /** Plans a port, if it is one of this host or about to be. */
  void plan(UUID id) throws Unplannable {
    Resource resource = in.view().find(Ports.PORT, id).orElse(null);
    if (resource == null) {
      return;
    }
    PortSpec port = PortSpec.of(resource);
    boolean isHere = port.host().equals(in.host());
    if (!isHere && !port.isExpectedBy(in.host())) {
      return;
    }
    if (isHere && port.isPluggedByAgent()) {
      plug(port);
    }
    SwitchInterface device =
        in.facts().find(SwitchInterface.class, SwitchInterface.KIND, id.toString()).orElse(null);
    if (port.isUp()
        && device != null
        && in.view().find(Networks.NETWORK, port.network()).isPresent()) {
      flows(port, device);
      condition(resource, device.ofport());
    }
    boolean isThere = device != null && device.linkUp();
    boolean isKnown =
        isHere
            ? !resource.get(Ports.PENDING).contains(Ports.SWITCH)
            : resource.get(Binding.PREPARED).contains(in.host());
    report(port, isThere, isKnown);
  }

  private void plug(PortSpec port) {
    out.add(
        new PortItem(
            SwitchSettings.tap(port.id()),
            settings.integrationBridge(),
            "",
            Map.of(),
            Map.of(
                "iface-id",
                port.id().toString(),
                "attached-mac",
                port.mac().toString(),
                "iface-status",
                "active")));
  }

  /** What the server does not know yet. */
  private void report(PortSpec port, boolean isThere, boolean isKnown) {
    if (isThere && !isKnown && port.isUp()) {
      out.report(Ports.PORT.name(), Ports.SWITCH, port.id(), Map.of("state", "up"));
    } else if (!isThere && isKnown) {
      out.report(Ports.PORT.name(), Ports.SWITCH, port.id(), Map.of("state", "down"));
    }
  }

  private void flows(PortSpec port, SwitchInterface device) throws Unplannable {
    long ofport = device.ofport();
    int vlan = Numbers.vlan(in, port.network());
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(port.id()), out);
    // Until it has moved here, frames of this host's ports go to where it is: see PeerPlan.
    flows.add(
        Pipeline.L2_LOOKUP,
        port.host().equals(in.host()) ? 100 : 95,
        Match.any().reg(Pipeline.NETWORK, vlan).ethDst(port.mac()),
        Action.setReg(Pipeline.TARGET, ofport),
        Flows.to(Pipeline.INGRESS_CT));
    ArpAnswers.plan(port, vlan, flows);
    NeighbourAnswers.plan(port, vlan, flows);
    ArpAnswers.planSilence(port, ofport, flows);
    NeighbourAnswers.planSilence(port, ofport, flows);
    boolean isBehindBridge = isBehindBridge(port, device);
    if (isBehindBridge) {
      IptablesPort.plan(port, in, out);
    }
    if (!port.isSecured() || !settings.firewall().filters()) {
      open(ofport, vlan, flows);
    } else if (isBehindBridge) {
      filteredBefore(port, ofport, vlan, flows);
    } else {
      filtered(port, ofport, vlan, flows);
    }
  }

  /**
   * Whether iptables sees the guest's packets. A guest that was plugged straight into the switch,
   * before the operator changed the driver perhaps, is filtered there whatever the driver.
   */
  private boolean isBehindBridge(PortSpec port, SwitchInterface device) {
    return settings.firewall().isHybrid() && device.name().equals(FilterNames.switchEnd(port.id()));
  }

  private void condition(Resource port, long ofport) {
    Flows flows = new Flows(settings.integrationBridge(), Cookies.of(port.id()), out);
    Conditions conditions = Conditions.NONE;
    for (TrafficConditioner conditioner : conditioners) {
      conditions = conditions.orElse(conditioner.of(in.view(), port));
    }
    new ConditionPlan(flows, ofport, out).plan(conditions);
  }

  private static void open(long ofport, int vlan, Flows flows) {
    flows.add(
        Pipeline.CLASSIFY,
        100,
        Match.any().inPort(ofport).untagged(),
        Action.setReg(Pipeline.SOURCE, Pipeline.LOCAL),
        Action.setReg(Pipeline.NETWORK, vlan),
        Flows.to(Pipeline.SERVICES));
    flows.add(
        Pipeline.INGRESS_CT,
        120,
        Match.any().reg(Pipeline.TARGET, ofport),
        Flows.to(Pipeline.OUTPUT));
  }

  /** The switch sees to addresses, rules and connections are a matter of iptables. */
  private static void filteredBefore(PortSpec port, long ofport, int vlan, Flows flows) {
    Match own = Match.any().inPort(ofport);
    Match target = Match.any().reg(Pipeline.TARGET, ofport);
    for (Match version : List.of(own.ipv4(), own.ipv6())) {
      flows.add(Pipeline.EGRESS_CT, 60, version, Flows.to(Pipeline.SERVICES));
    }
    for (Match version : List.of(target.ipv4(), target.ipv6())) {
      flows.add(Pipeline.INGRESS_CT, 100, version, Flows.to(Pipeline.OUTPUT));
    }
    secured(port, ofport, vlan, List.of(), flows);
  }

  private void filtered(PortSpec port, long ofport, int vlan, Flows flows) throws Unplannable {
    boolean isTracked = SecurityRules.isTracked(port, in.view());
    List<Action> first = new ArrayList<>();
    Match target = Match.any().reg(Pipeline.TARGET, ofport);
    if (isTracked) {
      int zone = Numbers.zone(in, port.id());
      first.add(Action.setReg(Pipeline.ZONE, zone));
      for (Match version : List.of(target.ipv4(), target.ipv6())) {
        flows.add(
            Pipeline.INGRESS_CT,
            100,
            version,
            Action.setReg(Pipeline.ZONE, zone),
            Action.track(Zone.ofReg(Pipeline.ZONE), Pipeline.INGRESS_RULES.number()));
      }
    } else {
      // What the sender's zone says of the packet must not let it in.
      for (Match version : List.of(target.ipv4(), target.ipv6())) {
        flows.add(
            Pipeline.INGRESS_CT,
            100,
            version,
            Action.clearTracking(),
            Flows.to(Pipeline.INGRESS_RULES));
      }
      Match own = Match.any().inPort(ofport);
      for (Match version : List.of(own.ipv4(), own.ipv6())) {
        flows.add(Pipeline.EGRESS_CT, 60, version, Flows.to(Pipeline.EGRESS_RULES));
      }
    }
    secured(port, ofport, vlan, first, flows);
    SecurityRules.plan(port, ofport, in, flows);
  }

  private static void secured(
      PortSpec port, long ofport, int vlan, List<Action> first, Flows flows) {
    List<Action> classified = new ArrayList<>(first);
    classified.add(Action.setReg(Pipeline.SOURCE, Pipeline.LOCAL));
    classified.add(Action.setReg(Pipeline.NETWORK, vlan));
    classified.add(Flows.to(Pipeline.ANTI_SPOOF));
    flows.add(Pipeline.CLASSIFY, 100, Match.any().inPort(ofport).untagged(), classified);
    sources(port, ofport, flows);
    flows.add(
        Pipeline.INGRESS_CT,
        100,
        Match.any().reg(Pipeline.TARGET, ofport).arp(),
        Flows.to(Pipeline.OUTPUT));
  }

  /** The addresses that the port may send from. */
  private static void sources(PortSpec port, long ofport, Flows flows) {
    for (IpAddress address : port.addresses(4)) {
      source(port.mac(), address.toInetAddress(), 32, ofport, flows);
    }
    client(port.mac(), ofport, flows);
    for (AddressPair pair : port.pairs()) {
      MacAddress mac = port.mac(pair);
      client(mac, ofport, flows);
      if (pair.prefix().version() == 4) {
        source(mac, pair.prefix().address().toInetAddress(), pair.prefix().length(), ofport, flows);
      }
    }
    GuestIpv6.plan(port, ofport, flows);
  }

  private static void source(
      MacAddress mac, InetAddress address, int length, long ofport, Flows flows) {
    Match from = Match.any().inPort(ofport).ethSrc(mac);
    flows.add(
        Pipeline.ANTI_SPOOF,
        100,
        from.arpSha(mac).arpSpa(address, length),
        Flows.to(Pipeline.SERVICES));
    flows.add(Pipeline.ANTI_SPOOF, 100, from.ipSrc(address, length), Flows.to(Pipeline.EGRESS_CT));
  }

  /** Who has no address yet asks for one, and whether anybody has it: RFC 2131, RFC 5227. */
  private static void client(MacAddress mac, long ofport, Flows flows) {
    Match from = Match.any().inPort(ofport).ethSrc(mac);
    flows.add(
        Pipeline.ANTI_SPOOF,
        100,
        from.arpOp(1).arpSha(mac).arpSpa(NOWHERE),
        Flows.to(Pipeline.SERVICES));
    flows.add(
        Pipeline.ANTI_SPOOF,
        100,
        from.ipSrc(NOWHERE).ipDst(EVERYWHERE).udpSrc(68).udpDst(67),
        Flows.to(Pipeline.SERVICES));
  }
}
