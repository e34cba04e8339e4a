package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Group;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.RemotePrefix;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** What security group rules let pass. */
final class RulesTest extends OnPaper {

  @Test
  void rulesOfRemoteGroupsHoldForTheirMembers() {
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 22))).containsExactly(PORT_B);
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 24))).containsExactly(PORT_B);
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 25));
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.tcp(OPEN, B, "10.0.0.3", IP_B, 5000, 22));
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, ping(A, B, IP_A, IP_B));
    assertThat(
            send(
                TUN,
                Frames.with(
                    Frames.tcp(REMOTE, B, IP_REMOTE, IP_B, 5000, 22), Field.VLAN_VID, vlan(net))))
        .containsExactly(PORT_B);
  }

  @Test
  void whoLeavesTheRemoteGroupIsShutOut() {
    cloud.update(Ports.PORT, a, draft -> draft.set(SecurityGroups.OF_PORT, List.of(db)));
    replan();
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 22));
  }

  @Test
  void twoRemoteGroupsWithOneAddressAreToldApart() {
    UUID ops = cloud.group(id("ops"));
    cloud.port(
        id("elsewhere"),
        cloud.network(id("third net"), "vxlan", null, 4713),
        Cloud.THERE,
        NOBODY,
        IP_A,
        ops);
    cloud.rule(
        id("http"),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("tcp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 80)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 80)
                .set(SecurityGroupRules.REMOTE_GROUP_ID, ops));
    replan();
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 22))).containsExactly(PORT_B);
    assertThat(send(PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5001, 80))).containsExactly(PORT_B);
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5002, 81));
  }

  @Test
  void answersPassWithoutARuleUntilTheRuleBehindThemIsGone() {
    Map<Field, Bits> there = Frames.tcp(A, B, IP_A, IP_B, 5000, 22);
    Map<Field, Bits> back = Frames.tcp(B, A, IP_B, IP_A, 22, 5000);
    assertThat(send(PORT_A, there)).containsExactly(PORT_B);
    assertThat(send(PORT_B, back)).containsExactly(PORT_A);
    cloud.delete(SecurityGroupRules.RULE, id("ssh"));
    replan();
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, there);
  }

  @Test
  void nothingComesInUnasked() {
    droppedIn(Pipeline.INGRESS_RULES, PORT_B, Frames.tcp(B, A, IP_B, IP_A, 22, 5000));
  }

  @Test
  void connectionsOfEqualAddressesOnTwoNetworksAreNotMixed() {
    assertThat(send(PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 5000, 53)))
        .containsExactly(PORT_OPEN);
    // the twin has a's address; an answer to a's question is none to the twin's
    cloud.port(id("twin open"), twinNet, Cloud.HERE, OPEN, "10.0.0.3");
    cloud.update(Ports.PORT, id("twin open"), draft -> draft.set(PortSecurity.ENABLED, false));
    Map<String, SwitchInterface> devices = new HashMap<>();
    facts
        .byKind()
        .getOrDefault(SwitchInterface.KIND, Map.of())
        .forEach((port, device) -> devices.put(port, (SwitchInterface) device));
    devices.put(id("twin open").toString(), device(7));
    facts = facts.with(SwitchInterface.KIND, devices);
    replan();
    droppedIn(Pipeline.INGRESS_RULES, 7, Frames.udp(OPEN, TWIN, "10.0.0.3", IP_A, 53, 5000));
    assertThat(send(PORT_OPEN, Frames.udp(OPEN, A, "10.0.0.3", IP_A, 53, 5000)))
        .containsExactly(PORT_A);
  }

  @Test
  void icmpTypeZeroIsAType() {
    cloud.rule(
        id("replies"),
        web,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("icmp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 0)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 0));
    replan();
    assertThat(send(PORT_OPEN, Frames.icmp(OPEN, A, "10.0.0.3", IP_A, 0))).containsExactly(PORT_A);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.icmp(OPEN, A, "10.0.0.4", IP_A, 8));
  }

  @Test
  void protocolsThatCannotBeTrackedNeedARuleInEachDirection() {
    assertThat(send(PORT_A, Frames.ipv4(A, OPEN, IP_A, "10.0.0.3", 47))).containsExactly(PORT_OPEN);
    Map<Field, Bits> back = Frames.ipv4(OPEN, A, "10.0.0.3", IP_A, 47);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, back);
    cloud.rule(
        id("gre"),
        web,
        Direction.INGRESS,
        draft -> draft.set(SecurityGroupRules.PROTOCOL, protocol("47")));
    replan();
    assertThat(send(PORT_OPEN, back)).containsExactly(PORT_A);
  }

  @Test
  void prefixesLimitTheOtherEnd() {
    cloud.delete(SecurityGroupRules.RULE, id("out of " + web));
    cloud.rule(
        id("out to some"),
        web,
        Direction.EGRESS,
        draft ->
            draft.set(
                SecurityGroupRules.REMOTE_IP_PREFIX,
                RemotePrefix.of(IpPrefix.parse("10.0.0.0/30"))));
    replan();
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.EGRESS_RULES, PORT_A, ping(A, SERVER, IP_A, "10.0.0.4"));
  }

  /** OSSA-2019-001: one rule that the switch cannot hold is no reason to block everything. */
  @Test
  void whatCannotBeExpressedIsLeftOutAndTold() {
    cloud.rule(
        id("dccp"),
        web,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.PROTOCOL, protocol("dccp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 1)
                .set(SecurityGroupRules.PORT_RANGE_MAX, 2));
    replan();
    assertThat(planned.refused).isEmpty();
    assertThat(planned.leftOut.get(new Group("port", a)))
        .singleElement()
        .asString()
        .contains("dccp", id("dccp").toString());
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.ipv4(OPEN, A, "10.0.0.3", IP_A, 33));
  }

  private void stateless(UUID group) {
    cloud.update(
        SecurityGroups.SECURITY_GROUP, group, draft -> draft.set(SecurityGroups.STATEFUL, false));
  }

  @Test
  void withoutTrackingAnswersNeedARuleOfTheirOwn() {
    Map<Field, Bits> answer = Frames.udp(OPEN, A, "10.0.0.3", IP_A, 53, 5000);
    stateless(web);
    replan();
    assertThat(send(PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 5000, 53)))
        .containsExactly(PORT_OPEN);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, answer);
    cloud.rule(
        id("answers"),
        web,
        Direction.INGRESS,
        draft -> draft.set(SecurityGroupRules.PROTOCOL, protocol("udp")));
    replan();
    assertThat(send(PORT_OPEN, answer)).containsExactly(PORT_A);
    assertThat(planned.flows())
        .as("nothing of the port is tracked")
        .noneMatch(item ->
            item.flow().cookie() == Cookies.of(a)
                && item.flow().actions().stream().anyMatch(Action.Track.class::isInstance));
  }

  @Test
  void whatTheSendersZoneSaysLetsNothingIntoAPortWithoutTracking() {
    stateless(web);
    cloud.rule(
        id("all to b"),
        db,
        Direction.INGRESS,
        draft -> draft.set(SecurityGroupRules.PROTOCOL, protocol("udp")));
    replan();
    assertThat(send(PORT_A, Frames.udp(A, B, IP_A, IP_B, 5000, 53))).containsExactly(PORT_B);
    // an answer by b's zone, but nothing lets it into a
    droppedIn(Pipeline.INGRESS_RULES, PORT_B, Frames.udp(B, A, IP_B, IP_A, 53, 5000));
  }

  @Test
  void portWithGroupsOfBothKindsIsClosed() {
    stateless(web);
    cloud.update(Ports.PORT, a, draft -> draft.set(SecurityGroups.OF_PORT, List.of(db, web)));
    replan();
    assertThat(planned.refused.get(new Group("port", a))).contains("stateless");
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).isEmpty();
  }
}
