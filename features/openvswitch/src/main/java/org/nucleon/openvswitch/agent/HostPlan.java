package org.nucleon.openvswitch.agent;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Plan;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.CtState;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.Zone;
import org.nucleon.host.ovsdb.SwitchEdit;
import org.nucleon.openvswitch.agent.SwitchItem.BridgeItem;
import org.nucleon.openvswitch.agent.SwitchItem.PortItem;

/** What every host has: bridges, patches between them, and the flows that hold for all ports. */
record HostPlan(SwitchSettings settings, Facts facts, Plan out) {

  static final List<Match> VERSIONS = List.of(Match.any().ipv4(), Match.any().ipv6());

  /** The integration bridge. */
  static BridgeItem integrationBridge(SwitchSettings settings) {
    return bridge(settings.integrationBridge(), settings);
  }

  private static BridgeItem bridge(String name, SwitchSettings settings) {
    return new BridgeItem(name, settings.datapathType(), "secure", SwitchEdit.PROTOCOLS);
  }

  /** Plans all of it. */
  void plan() {
    out.add(integrationBridge(settings));
    out.add(new FragmentItem(settings.integrationBridge()));
    Flows flows = new Flows(settings.integrationBridge(), Cookies.MARK, out);
    closed(flows);
    antiSpoof(flows);
    tracking(flows);
    NeighbourAnswers.planForAll(flows);
    flows.add(Pipeline.SERVICES, 0, Match.any(), Flows.to(Pipeline.EGRESS_QOS));
    flows.add(Pipeline.EGRESS_QOS, 0, Match.any(), Flows.to(Pipeline.L2_LOOKUP));
    flows.add(Pipeline.OUTPUT, 0, Match.any(), Action.outputReg(Pipeline.TARGET));
    if (settings.firewall().isHybrid()) {
      IptablesHost.plan(out);
    }
    if (settings.hasTunnels()) {
      tunnelBridge();
    }
    settings.bridgeMappings().values().stream().distinct().forEach(this::physicalBridge);
  }

  /** What a table lets nothing of is dropped anyway; these flows count it. */
  private static void closed(Flows flows) {
    for (Pipeline table :
        EnumSet.of(
            Pipeline.CLASSIFY,
            Pipeline.ANTI_SPOOF,
            Pipeline.EGRESS_CT,
            Pipeline.EGRESS_RULES,
            Pipeline.EGRESS_COMMITTED,
            Pipeline.L2_LOOKUP,
            Pipeline.INGRESS_CT,
            Pipeline.INGRESS_RULES,
            Pipeline.INGRESS_COMMITTED)) {
      flows.drop(table, 0, Match.any());
    }
  }

  /** Only packets of ports with port security come here. */
  private static void antiSpoof(Flows flows) {
    Pipeline table = Pipeline.ANTI_SPOOF;
    flows.drop(table, 200, Match.any().ipv4().udpSrc(67).udpDst(68));
    GuestIpv6.planForAll(flows);
    flows.drop(table, 10, Match.any().arp());
    flows.drop(table, 10, Match.any().ipv4());
  }

  private static void tracking(Flows flows) {
    flows.add(
        Pipeline.EGRESS_CT,
        100,
        Match.any().ipDst(InetAddress.ofLiteral("255.255.255.255")).udpSrc(68).udpDst(67),
        Flows.to(Pipeline.SERVICES));
    for (Match version : VERSIONS) {
      flows.add(
          Pipeline.EGRESS_CT,
          50,
          version,
          Action.track(Zone.ofReg(Pipeline.ZONE), Pipeline.EGRESS_RULES.number()));
    }
    connections(
        flows,
        Pipeline.EGRESS_RULES,
        Pipeline.EGRESS_COMMIT,
        Pipeline.EGRESS_COMMITTED,
        Pipeline.SERVICES);
    connections(
        flows,
        Pipeline.INGRESS_RULES,
        Pipeline.INGRESS_COMMIT,
        Pipeline.INGRESS_COMMITTED,
        Pipeline.OUTPUT);
    Fragments.plan(flows, Pipeline.EGRESS_RULES, Pipeline.EGRESS_COMMIT, Pipeline.EGRESS_COMMITTED);
    Fragments.plan(
        flows, Pipeline.INGRESS_RULES, Pipeline.INGRESS_COMMIT, Pipeline.INGRESS_COMMITTED);
  }

  /**
   * Only answers and what is related pass for the connection's sake: all else meets the rules with
   * every packet, so that taking a rule away ends what it allowed. Of protocols that the tracker
   * does not know every packet is invalid to it; those meet the rules too, in both directions.
   */
  private static void connections(
      Flows flows, Pipeline rules, Pipeline commit, Pipeline committed, Pipeline next) {
    for (Match version : VERSIONS) {
      Match invalid = version.ctState(Set.of(CtState.TRK, CtState.INV), Set.of());
      for (int protocol : new int[] {Match.TCP, Match.UDP}) {
        flows.drop(rules, SecurityRules.STATE + 1, invalid.ipProto(protocol));
      }
      for (CtState state : new CtState[] {CtState.RPL, CtState.REL}) {
        flows.add(
            rules,
            SecurityRules.STATE,
            version.ctState(Set.of(CtState.TRK, state), Set.of(CtState.INV)),
            Flows.to(next));
      }
      flows.add(
          commit,
          10,
          version.ctState(Set.of(CtState.TRK, CtState.NEW), Set.of(CtState.INV)),
          Action.commit(Zone.ofReg(Pipeline.ZONE), committed.number()));
      flows.add(
          committed, 10, version.ctState(Set.of(CtState.TRK), Set.of(CtState.INV)), Flows.to(next));
    }
    Match invalid = Match.any().ctState(Set.of(CtState.TRK, CtState.INV), Set.of());
    flows.drop(rules, SecurityRules.STATE + 1, invalid.icmp());
    for (int type : GuestIpv6.TRACKED) {
      flows.drop(rules, SecurityRules.STATE + 1, invalid.icmpv6Type(type));
    }
    flows.add(commit, 0, Match.any(), Flows.to(next));
  }

  private void tunnelBridge() {
    out.add(bridge(settings.tunnelBridge(), settings));
    patch(
        settings.integrationBridge(),
        SwitchSettings.PATCH_TUN,
        settings.tunnelBridge(),
        SwitchSettings.PATCH_INT);
    Flows flows = new Flows(settings.tunnelBridge(), Cookies.MARK, out);
    flows.drop(Pipeline.TO_TUNNEL, 0, Match.any());
    flows.drop(Pipeline.CLASSIFY, 0, Match.any());
    for (TunnelType type : TunnelType.values()) {
      flows.drop(type.arrivals(), 0, Match.any());
    }
    Carrier.ofport(facts, SwitchSettings.PATCH_INT)
        .ifPresent(patch ->
            flows.add(
                Pipeline.CLASSIFY, 100, Match.any().inPort(patch), Flows.to(Pipeline.TO_TUNNEL)));
  }

  /** The operator's bridge: only what networks let through gets there, see {@link NetworkPlan}. */
  private void physicalBridge(String bridge) {
    String inner = SwitchSettings.intPatch(bridge);
    String outer = SwitchSettings.phyPatch(bridge);
    patch(settings.integrationBridge(), inner, bridge, outer);
    Flows flows = new Flows(bridge, Cookies.MARK, out);
    flows.add(Pipeline.CLASSIFY, 1, Match.any(), Action.normal());
    Carrier.ofport(facts, outer)
        .ifPresent(patch -> flows.drop(Pipeline.CLASSIFY, 2, Match.any().inPort(patch)));
  }

  private void patch(String bridge, String port, String otherBridge, String otherPort) {
    out.add(new PortItem(port, bridge, "patch", Map.of("peer", otherPort), Map.of()));
    out.add(new PortItem(otherPort, otherBridge, "patch", Map.of("peer", port), Map.of()));
  }
}
