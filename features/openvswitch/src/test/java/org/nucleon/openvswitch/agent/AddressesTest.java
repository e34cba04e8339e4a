package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.openvswitch.agent.Frames.BROADCAST;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.PacketWalk.Sent;
import org.nucleon.securitygroup.api.AddressPair;
import org.nucleon.securitygroup.api.PortSecurity;
import org.nucleon.securitygroup.api.SecurityGroupRules;

/** Which addresses a guest may use, and how it learns of others. */
final class AddressesTest extends OnPaper {

  @Test
  void guestSendsFromItsOwnAddressesOnly() {
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, "10.0.0.77"))).isNotEmpty();
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.arp(1, A, BROADCAST, IP_B, "10.0.0.77"));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.arp(2, A, B, IP_B, IP_B));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.arp(1, B, BROADCAST, IP_A, IP_B));
    droppedIn(
        Pipeline.ANTI_SPOOF,
        PORT_A,
        Frames.with(
            Frames.arp(1, A, BROADCAST, IP_A, IP_B), Field.ARP_SHA, MacAddress.parse(B).value()));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(A, OPEN, IP_B, "10.0.0.3"));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(B, OPEN, IP_A, "10.0.0.3"));
    assertThat(send(PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"))).containsExactly(PORT_OPEN);
  }

  @Test
  void withoutPortSecurityAnythingPasses() {
    assertThat(send(PORT_OPEN, Frames.arp(2, NOBODY, SERVER, IP_A, "10.0.0.4")))
        .containsExactly(PORT_SERVER);
    assertThat(send(PORT_OPEN, ping(NOBODY, SERVER, "192.0.2.77", "10.0.0.4")))
        .containsExactly(PORT_SERVER);
    assertThat(send(PORT_OPEN, Frames.other(OPEN, SERVER, 0x88cc))).containsExactly(PORT_SERVER);
    assertThat(send(PORT_OPEN, Frames.icmpv6(OPEN, SERVER, 128))).containsExactly(PORT_SERVER);
  }

  @Test
  void strangeTypesOfGuestsAreDropped() {
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.other(A, OPEN, 0x88cc));
    droppedIn(
        Pipeline.CLASSIFY,
        PORT_A,
        Frames.with(ping(A, OPEN, IP_A, "10.0.0.3"), Field.VLAN_VID, 0x1001));
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
                    new AddressPair(IpPrefix.parse("10.9.0.0/16"), null),
                    new AddressPair(IpPrefix.parse("10.0.0.50/32"), MacAddress.parse(NOBODY)))));
    replan();
    assertThat(send(PORT_A, ping(A, OPEN, "10.9.3.4", "10.0.0.3"))).containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, Frames.arp(2, A, OPEN, "10.9.3.4", "10.0.0.3")))
        .containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, ping(NOBODY, OPEN, "10.0.0.50", "10.0.0.3")))
        .containsExactly(PORT_OPEN);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(NOBODY, OPEN, IP_A, "10.0.0.3"));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(A, OPEN, "10.10.0.1", "10.0.0.3"));
    // and its frames find the port
    assertThat(send(PORT_OPEN, Frames.arp(2, OPEN, NOBODY, "10.0.0.3", "10.0.0.50")))
        .containsExactly(PORT_A);
  }

  @Test
  void pairOfEverythingLiftsTheCheckOfAddressesButNotOfMac() {
    cloud.update(
        Ports.PORT,
        a,
        draft ->
            draft.set(
                PortSecurity.ADDRESS_PAIRS,
                List.of(new AddressPair(IpPrefix.parse("0.0.0.0/0"), null))));
    replan();
    assertThat(send(PORT_A, ping(A, OPEN, "198.51.100.1", "10.0.0.3"))).containsExactly(PORT_OPEN);
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, ping(B, OPEN, "198.51.100.1", "10.0.0.3"));
  }

  @Test
  void dhcpWorksWithoutRules() {
    for (UUID group : List.of(web, db)) {
      cloud.delete(SecurityGroupRules.RULE, id("out of " + group));
    }
    replan();
    Map<Field, Bits> discover = Frames.udp(A, BROADCAST, "0.0.0.0", "255.255.255.255", 68, 67);
    assertThat(send(PORT_A, discover)).contains(PORT_SERVER).doesNotContain(PORT_B);
    assertThat(send(PORT_A, Frames.udp(A, SERVER, IP_A, "10.0.0.4", 68, 67)))
        .containsExactly(PORT_SERVER);
    assertThat(send(PORT_A, Frames.udp(A, BROADCAST, IP_A, "255.255.255.255", 68, 67)))
        .contains(PORT_SERVER);
    assertThat(send(PORT_SERVER, Frames.udp(SERVER, A, "10.0.0.4", IP_A, 67, 68)))
        .containsExactly(PORT_A);
    // but no one else may ask or answer so
    droppedIn(Pipeline.EGRESS_RULES, PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 68, 67));
    droppedIn(Pipeline.ANTI_SPOOF, PORT_A, Frames.udp(A, OPEN, IP_A, "10.0.0.3", 67, 68));
    droppedIn(Pipeline.INGRESS_RULES, PORT_OPEN, Frames.udp(OPEN, A, "10.0.0.3", IP_A, 67, 68));
  }

  @Test
  void arpForKnownAddressesIsAnsweredHere() {
    for (String address : List.of(IP_B, IP_REMOTE, "10.0.0.4")) {
      List<Sent> answer = walk.send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, address));
      assertThat(answer)
          .singleElement()
          .satisfies(sent -> {
            assertThat(sent.port()).isEqualTo(PORT_A);
            assertThat(sent.frame())
                .containsEntry(Field.ARP_OP, Bits.of(2))
                .containsEntry(Field.ARP_SPA, Bits.of(IpAddress.parse(address).low()))
                .containsEntry(Field.ARP_TPA, Bits.of(IpAddress.parse(IP_A).low()))
                .containsEntry(Field.ETH_DST, Bits.of(MacAddress.parse(A).value()));
          });
    }
    assertThat(walk.send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, IP_REMOTE)).getFirst().frame())
        .containsEntry(Field.ARP_SHA, Bits.of(MacAddress.parse(REMOTE).value()));
  }

  @Test
  void nobodyAnswersWhoProbesItsOwnAddress() {
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, "0.0.0.0", IP_A))).doesNotContain(PORT_A);
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, IP_A)))
        .containsExactly(PORT_B, PORT_OPEN, PORT_SERVER, TUN);
  }
}
