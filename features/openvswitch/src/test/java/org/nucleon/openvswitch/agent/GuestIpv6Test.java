package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ipv6Mode;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.openvswitch.agent.PacketWalk.Sent;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.RemotePrefix;
import org.nucleon.securitygroup.api.SecurityGroupRules;

/** What guests may say over IPv6, and what reaches them. */
final class GuestIpv6Test extends OnPaper {

  private static final String A6 = "2001:db8::a";
  private static final String B6 = "2001:db8::b";
  private static final String OPEN6 = "2001:db8::3";
  private static final String A_LINK = "fe80::f816:3eff:fe00:1";
  private static final String SERVER_LINK = "fe80::f816:3eff:fe00:4";
  private static final String ALL_NODES = "33:33:00:00:00:01";

  @BeforeEach
  void addresses() {
    add(a, A6);
    add(b, B6);
    add(id("open"), OPEN6);
    for (UUID group : List.of(web, db)) {
      cloud.rule(
          id("6 out of " + group),
          group,
          Direction.EGRESS,
          draft -> draft.set(SecurityGroupRules.ETHERTYPE, Ethertype.IPV6));
    }
    replan();
  }

  private void add(UUID port, String address) {
    cloud.update(
        Ports.PORT,
        port,
        draft -> {
          List<FixedIp> all = new ArrayList<>(draft.get(Ports.FIXED_IPS));
          all.add(new FixedIp(net, IpAddress.parse(address)));
          draft.set(Ports.FIXED_IPS, List.copyOf(all));
        });
  }

  private static Map<Field, Bits> ping6(String from, String to, String source, String target) {
    return Frames.icmpv6(from, to, source, target, 128);
  }

  @Test
  void guestSendsFromItsOwnAddressesOnly() {
    assertThat(send(PORT_A, ping6(A, OPEN, A6, OPEN6))).containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, ping6(A, OPEN, A_LINK, OPEN6))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(A, OPEN, B6, OPEN6));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(B, OPEN, A6, OPEN6));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(A, OPEN, SERVER_LINK, OPEN6));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(A, OPEN, "::", OPEN6));
  }

  /** OSSA-2021-001, OSSA-2016-009. */
  @Test
  void guestSpeaksForItsOwnAddressesOnly() {
    assertThat(send(PORT_A, Frames.advertisement(A, ALL_NODES, A6, A6, A))).contains(PORT_B);
    assertThat(send(PORT_A, Frames.advertisement(A, B, A_LINK, A_LINK, ""))).contains(PORT_B);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.advertisement(A, ALL_NODES, A6, B6, A));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.advertisement(A, ALL_NODES, A6, A6, B));
    assertThat(send(PORT_A, Frames.solicitation(A, A6, "2001:db8::77", A))).contains(PORT_B);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.solicitation(A, B6, OPEN6, A));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.solicitation(A, A6, B6, OPEN));
  }

  @Test
  void guestAsksWhetherItsAddressIsFreeButNotWhetherAnothersIs() {
    assertThat(send(PORT_A, Frames.solicitation(A, "::", A6, ""))).contains(PORT_B);
    assertThat(send(PORT_A, Frames.solicitation(A, "::", A_LINK, ""))).contains(PORT_B);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.solicitation(A, "::", B6, ""));
  }

  @Test
  void guestIsNeitherRouterNorDhcpServer() {
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.icmpv6(A, ALL_NODES, A_LINK, "ff02::1", 134));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.udp6(A, B, A_LINK, B6, 547, 546));
    assertThat(send(PORT_A, Frames.icmpv6(A, ALL_NODES, "::", "ff02::2", 133))).contains(PORT_OPEN);
    assertThat(send(PORT_A, Frames.icmpv6(A, "33:33:00:00:00:16", "::", "ff02::16", 143)))
        .contains(PORT_B);
  }

  @Test
  void withoutRulesNeighboursAreFoundAndDhcpIsAsked() {
    for (UUID group : List.of(web, db)) {
      cloud.delete(SecurityGroupRules.RULE, id("6 out of " + group));
    }
    replan();
    droppedIn(Pipeline.EGRESS_RULES, PORT_A, ping6(A, OPEN, A6, OPEN6));
    assertThat(send(PORT_A, Frames.solicitation(A, A6, "2001:db8::77", A))).contains(PORT_B);
    assertThat(send(PORT_A, Frames.udp6(A, "33:33:00:01:00:02", A_LINK, "ff02::1:2", 546, 547)))
        .contains(PORT_SERVER)
        .doesNotContain(PORT_B);
    assertThat(send(PORT_SERVER, Frames.udp6(SERVER, A, SERVER_LINK, A_LINK, 547, 546)))
        .containsExactly(PORT_A);
    droppedIn(
        Pipeline.INGRESS_RULES,
        PORT_OPEN,
        Frames.udp6(OPEN, A, "fe80::f816:3eff:fe00:3", A_LINK, 547, 546));
  }

  @Test
  void whoHasAKnownAddressIsAnsweredHere() {
    add(id("remote"), "2001:db8::9");
    replan();
    for (String address : List.of(B6, "2001:db8::9")) {
      List<Sent> answer = walk.send(PORT_A, Frames.solicitation(A, A6, address, A));
      String mac = address.equals(B6) ? B : REMOTE;
      assertThat(answer)
          .singleElement()
          .satisfies(sent -> {
            assertThat(sent.port()).isEqualTo(PORT_A);
            assertThat(sent.frame())
                .containsEntry(Field.ICMPV6_TYPE, Bits.of(136))
                .containsEntry(Field.ND_TLL, Bits.of(MacAddress.parse(mac).value()))
                .containsEntry(Field.ETH_SRC, Bits.of(MacAddress.parse(mac).value()))
                .containsEntry(Field.ETH_DST, Bits.of(MacAddress.parse(A).value()))
                .containsEntry(Field.IPV6_SRC, sent.frame().get(Field.ND_TARGET));
          });
    }
    assertThat(send(PORT_A, Frames.solicitation(A, "::", A6, ""))).doesNotContain(PORT_A);
  }

  @Test
  void nobodyButTheNetworksOwnServerHasTheMetadataServicesAddress() {
    String metadata = "fe80::a9fe:a9fe";
    Map<Field, Bits> asked = Frames.solicitation(A, A_LINK, metadata, A);
    assertThat(send(PORT_A, asked)).as("no server speaks IPv6").contains(PORT_B);
    add(id("server"), "2001:db8::2");
    replan();
    assertThat(walk.send(PORT_A, asked))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(PORT_A);
          assertThat(sent.frame())
              .containsEntry(Field.ICMPV6_TYPE, Bits.of(136))
              .containsEntry(Field.ND_TLL, Bits.of(MacAddress.parse(SERVER).value()));
        });
    assertThat(send(PORT_SERVER, Frames.solicitation(SERVER, metadata, A_LINK, SERVER)))
        .contains(PORT_A);
    for (Map<Field, Bits> claim :
        List.of(
            Frames.advertisement(OPEN, ALL_NODES, metadata, metadata, OPEN),
            Frames.solicitation(OPEN, metadata, A_LINK, OPEN),
            Frames.solicitation(OPEN, "::", metadata, ""))) {
      droppedIn(Pipeline.SERVICES, PORT_OPEN, claim);
    }
    cloud.update(
        Ports.PORT,
        a,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(new AddressPair(IpPrefix.parse("fe80::/10"), null))));
    replan();
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(A, OPEN, metadata, OPEN6));
    droppedIn(Pipeline.SERVICES, PORT_A, Frames.advertisement(A, ALL_NODES, A_LINK, metadata, A));
  }

  @Test
  void advertisementsAreThoseOfTheNetworksRouter() {
    Map<Field, Bits> advertised = Frames.icmpv6(SERVER, ALL_NODES, SERVER_LINK, "ff02::1", 134);
    assertThat(send(PORT_SERVER, advertised)).doesNotContain(PORT_A, PORT_B);
    assertThat(send(PORT_OPEN, Frames.icmpv6(OPEN, ALL_NODES, A_LINK, "ff02::1", 134)))
        .doesNotContain(PORT_A, PORT_B);
    cloud.update(
        Ports.PORT,
        id("server"),
        draft -> draft.set(Ports.DEVICE_OWNER, DeviceOwner.ROUTER_INTERFACE));
    replan();
    assertThat(send(PORT_SERVER, advertised)).contains(PORT_A, PORT_B);
  }

  @Test
  void advertisementsOfAPhysicalNetworkAreHeardWhereNoneOfOursAdvertises() {
    Map<Field, Bits> advertised =
        Frames.with(
            Frames.icmpv6(NOBODY, ALL_NODES, "fe80::1", "ff02::1", 134),
            Field.VLAN_VID,
            0x1000 | 300);
    assertThat(send(PHYS, advertised)).doesNotContain(PORT_EXT);
    UUID subnet = id("subnet");
    cloud.create(
        Subnets.SUBNET,
        subnet,
        draft ->
            draft
                .set(Subnets.NETWORK_ID, extNet)
                .set(Subnets.IP_VERSION, 6)
                .set(Subnets.CIDR, IpPrefix.parse("2001:db8:f::/64"))
                .set(Subnets.ALLOCATION_POOLS, List.of())
                .set(Subnets.ADDRESS_MODE, Ipv6Mode.SLAAC));
    replan();
    assertThat(send(PHYS, advertised)).contains(PORT_EXT);
    droppedIn(
        Pipeline.ANTI_SPOOF,
        PORT_EXT,
        Frames.icmpv6(EXT, ALL_NODES, "fe80::f816:3eff:fe00:6", "ff02::1", 134));
    cloud.update(Subnets.SUBNET, subnet, draft -> draft.set(Subnets.RA_MODE, Ipv6Mode.SLAAC));
    replan();
    assertThat(send(PHYS, advertised)).doesNotContain(PORT_EXT);
  }

  @Test
  void rulesOfIpv6AreForIpv6() {
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, ping6(OPEN, A, OPEN6, A6));
    cloud.rule(
        id("pings"),
        web,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.ETHERTYPE, Ethertype.IPV6)
                .set(SecurityGroupRules.PROTOCOL, protocol("ipv6-icmp"))
                .set(SecurityGroupRules.PORT_RANGE_MIN, 128)
                .set(
                    SecurityGroupRules.REMOTE_IP_PREFIX,
                    RemotePrefix.of(IpPrefix.parse("2001:db8::/125"))));
    replan();
    assertThat(send(PORT_OPEN, ping6(OPEN, A, OPEN6, A6))).containsExactly(PORT_A);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, ping6(OPEN, A, "2001:db8::9", A6));
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, ping(OPEN, A, "10.0.0.3", IP_A));
    // its own zone knows the answer
    assertThat(send(PORT_A, Frames.icmpv6(A, OPEN, A6, OPEN6, 129))).containsExactly(PORT_OPEN);
  }

  @Test
  void membersOfGroupsHaveIpv6AddressesToo() {
    cloud.rule(
        id("6 from web"),
        db,
        Direction.INGRESS,
        draft ->
            draft
                .set(SecurityGroupRules.ETHERTYPE, Ethertype.IPV6)
                .set(SecurityGroupRules.PROTOCOL, protocol("tcp"))
                .set(SecurityGroupRules.REMOTE_GROUP_ID, web));
    replan();
    assertThat(send(PORT_A, Frames.tcp6(A, B, A6, B6, 5000, 80))).containsExactly(PORT_B);
    assertThat(send(PORT_B, Frames.tcp6(B, A, B6, A6, 80, 5000))).containsExactly(PORT_A);
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.tcp6(OPEN, B, OPEN6, B6, 5000, 80));
    droppedIn(Pipeline.INGRESS_RULES, PORT_A, Frames.tcp(A, B, IP_A, IP_B, 5000, 80));
  }

  @Test
  void addressPairsMayBeUsedToo() {
    cloud.update(
        Ports.PORT,
        a,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(
                    new AddressPair(IpPrefix.parse("2001:db8:9::/64"), null),
                    new AddressPair(
                        IpPrefix.parse("2001:db8::50/128"), MacAddress.parse(NOBODY)))));
    replan();
    assertThat(send(PORT_A, ping6(A, OPEN, "2001:db8:9::7", OPEN6))).containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, Frames.advertisement(A, OPEN, A6, "2001:db8:9::7", A)))
        .containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, ping6(NOBODY, OPEN, "2001:db8::50", OPEN6))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(NOBODY, OPEN, A6, OPEN6));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping6(A, OPEN, "2001:db8::50", OPEN6));
  }
}
