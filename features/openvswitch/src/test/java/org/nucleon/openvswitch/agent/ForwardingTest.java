package org.nucleon.openvswitch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.openvswitch.agent.Frames.BROADCAST;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nucleon.agent.api.Group;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.agent.PacketWalk.Sent;
import org.nucleon.securitygroup.api.PortSecurity;

/** Where frames go. */
final class ForwardingTest extends OnPaper {

  @Test
  void unknownArpIsFloodedOnItsNetworkAndNeverBack() {
    assertThat(send(PORT_A, Frames.arp(1, A, BROADCAST, IP_A, "10.0.0.77")))
        .containsExactly(PORT_B, PORT_OPEN, PORT_SERVER, TUN);
    assertThat(
            send(
                TUN,
                Frames.with(
                    Frames.arp(1, REMOTE, BROADCAST, IP_REMOTE, "10.0.0.77"),
                    Field.VLAN_VID,
                    vlan(net))))
        .containsExactly(PORT_A, PORT_B, PORT_OPEN, PORT_SERVER);
  }

  @Test
  void framesForKnownPortsElsewhereGoToTheirHost() {
    List<Sent> out = walk.send(PORT_A, ping(A, REMOTE, IP_A, IP_REMOTE));
    assertThat(out)
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(TUN);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(vlan(net)));
        });
    assertThat(tunnelWalk.send(1, out.getFirst().frame()))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(2);
          assertThat(sent.frame())
              .containsEntry(Field.TUN_ID, Bits.of(4711))
              .doesNotContainKey(Field.VLAN_VID);
        });
    assertThat(send(PORT_A, ping(A, NOBODY, IP_A, "10.0.0.88"))).containsExactly(PORT_OPEN);
  }

  @Test
  void framesFromTunnelsEnterTheirNetworkOnlyAndNoTunnelAgain() {
    Map<Field, Bits> frame =
        Frames.with(Frames.arp(1, REMOTE, BROADCAST, IP_REMOTE, "10.0.0.77"), Field.TUN_ID, 4711);
    assertThat(tunnelWalk.send(2, frame))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(1);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(vlan(net)));
        });
    assertThat(tunnelWalk.send(2, Frames.with(frame, Field.TUN_ID, 4713))).isEmpty();
    assertThat(
            send(TUN, Frames.with(ping(OPEN, REMOTE, IP_A, IP_REMOTE), Field.VLAN_VID, vlan(net))))
        .doesNotContain(TUN);
  }

  /** Numbers are of a type each: another type's number is another network. */
  @Test
  void typesOfTunnelAreApart() {
    cloud.host(Cloud.THERE, "192.0.2.2", Map.of(), "vxlan", "gre");
    UUID greNet = cloud.network(id("gre net"), "gre", null, 4711);
    cloud.port(id("g"), greNet, Cloud.HERE, "fa:16:3e:00:00:21", "10.0.0.21");
    cloud.port(id("far g"), greNet, Cloud.THERE, "fa:16:3e:00:00:22", "10.0.0.22");
    facts =
        facts.with(
            JoiningPort.KIND,
            Map.of(
                "patch-tun", new JoiningPort("patch-tun", TUN),
                "patch-int", new JoiningPort("patch-int", 1),
                "vxlan-c0000202", new JoiningPort("vxlan-c0000202", 2),
                "gre-c0000202", new JoiningPort("gre-c0000202", 3)));
    replan();
    Map<Field, Bits> frame =
        Frames.with(Frames.arp(1, REMOTE, BROADCAST, IP_REMOTE, "10.0.0.77"), Field.TUN_ID, 4711);
    Map.of(2L, net, 3L, greNet)
        .forEach((tunnel, network) ->
            assertThat(tunnelWalk.send(tunnel, frame))
                .singleElement()
                .satisfies(sent ->
                    assertThat(sent.frame())
                        .containsEntry(Field.VLAN_VID, Bits.of(vlan(network)))));
    assertThat(
            tunnelWalk.send(
                1,
                Frames.with(
                    Frames.arp(1, A, BROADCAST, IP_A, "10.0.0.77"), Field.VLAN_VID, vlan(greNet))))
        .extracting(Sent::port)
        .containsExactly(3L);
  }

  @Test
  void whatComesFromNoTunnelOfOursIsDropped() {
    assertThat(
            tunnelWalk.send(
                9,
                Frames.with(
                    Frames.arp(1, REMOTE, BROADCAST, IP_REMOTE, "10.0.0.77"), Field.TUN_ID, 4711)))
        .isEmpty();
  }

  private List<String> tunnels() {
    return planned.byKey().values().stream()
        .filter(SwitchItem.PortItem.class::isInstance)
        .map(SwitchItem.PortItem.class::cast)
        .filter(port -> Tunnel.isPort(port.name()))
        .map(port -> port.name() + " " + port.type() + " " + port.options().get("remote_ip"))
        .toList();
  }

  @Test
  void tunnelsLeadToHostsThatShareANetworkOfTheirType() {
    assertThat(tunnels()).containsExactly("vxlan-c0000202 vxlan 192.0.2.2");

    cloud.host("idle", "192.0.2.7", Map.of(), "vxlan", "gre");
    cloud.network(id("gre net"), "gre", null, 1);
    cloud.port(id("g"), id("gre net"), "idle", "fa:16:3e:00:00:21", "10.0.0.21");
    replan();
    assertThat(tunnels()).as("no port here").hasSize(1);

    cloud.port(id("here g"), id("gre net"), Cloud.HERE, "fa:16:3e:00:00:22", "10.0.0.22");
    replan();
    assertThat(tunnels())
        .containsExactlyInAnyOrder("vxlan-c0000202 vxlan 192.0.2.2", "gre-c0000207 gre 192.0.2.7");

    cloud.update(Ports.PORT, id("here g"), draft -> draft.set(Ports.ADMIN_STATE_UP, false));
    replan();
    assertThat(tunnels()).hasSize(1);

    cloud.host(Cloud.THERE, "2001:db8::2", Map.of(), "vxlan");
    replan();
    assertThat(tunnels()).as("an end of another IP version").isEmpty();
    assertThat(planned.refused.get(new Group("tunnel", Cloud.THERE)))
        .contains("2001:db8::2", "192.0.2.1", "different IP versions");
  }

  @Test
  void hostsOnDifferentSegmentsAreApart() {
    Segment wire = new Segment("vlan", "physnet", 77);
    Segment overlay = new Segment("vxlan", null, 77);
    UUID mixed = cloud.network(id("mixed"), wire, overlay);
    cloud.port(id("m"), mixed, Cloud.HERE, "fa:16:3e:00:00:31", "10.0.0.31");
    cloud.port(id("far m"), mixed, Cloud.THERE, "fa:16:3e:00:00:32", "10.0.0.32");
    cloud.delete(Ports.PORT, id("remote"));
    replan();
    assertThat(tunnels()).as("we use the wire, they the tunnel").isEmpty();

    cloud.host(Cloud.THERE, "192.0.2.2", Map.of("physnet", "br-ex"), "vxlan");
    replan();
    assertThat(tunnels()).as("both use the wire").isEmpty();
  }

  /** A guest that may use any address may be a bridge. */
  @Test
  void unknownAddressesAreSoughtWhereAGuestMayUseAny() {
    assertThat(send(PORT_TWIN, ping(TWIN, NOBODY, IP_A, "10.0.0.88"))).isEmpty();
    cloud.port(id("far open"), twinNet, Cloud.THERE, "fa:16:3e:00:00:41", "10.0.0.41");
    cloud.update(Ports.PORT, id("far open"), draft -> draft.set(PortSecurity.ENABLED, false));
    replan();
    List<Sent> out = walk.send(PORT_TWIN, ping(TWIN, NOBODY, IP_A, "10.0.0.88"));
    assertThat(out).extracting(Sent::port).containsExactly(TUN);
    assertThat(tunnelWalk.send(1, out.getFirst().frame()))
        .extracting(Sent::port)
        .containsExactly(2L);
    assertThat(
            send(
                TUN,
                Frames.with(
                    ping(NOBODY, NOBODY, "10.0.0.88", "10.0.0.99"), Field.VLAN_VID, vlan(twinNet))))
        .as("and never back")
        .isEmpty();
  }

  /** The others turn to the new host when the port is bound there, and find all prepared. */
  @Test
  void whatIsAboutToMoveHereIsServedToOtherHostsOnly() {
    UUID moving = id("remote");
    long tap = 20;
    Map<String, SwitchInterface> plugged =
        new java.util.HashMap<>(
            Map.of(a.toString(), device(PORT_A), moving.toString(), device(tap)));
    facts = facts.with(SwitchInterface.KIND, plugged);
    cloud.update(Ports.PORT, id("open"), draft -> draft.set(PortSecurity.ENABLED, true));
    replan();
    Map<Field, Bits> arp =
        Frames.with(
            Frames.arp(2, NOBODY, REMOTE, "10.0.0.77", IP_REMOTE), Field.VLAN_VID, vlan(net));
    assertThat(send(TUN, arp)).as("not known to come").isEmpty();

    cloud.update(
        Ports.PORT, moving, draft -> draft.set(Binding.TARGETS, List.of("other", Cloud.HERE)));
    replan();
    assertThat(send(PORT_A, ping(A, REMOTE, IP_A, IP_REMOTE))).containsExactly(TUN);
    assertThat(send(TUN, arp)).containsExactly(tap);
    assertThat(planned.reports.get(new Group("port", moving)))
        .as("it is ready")
        .containsExactly("port switch " + moving + " {state=up}");
    cloud.update(Ports.PORT, moving, draft -> Binding.prepare(draft, Cloud.HERE, true));
    replan();
    assertThat(planned.reports).doesNotContainKey(new Group("port", moving));
    facts = facts.with(SwitchInterface.KIND, Map.of(a.toString(), device(PORT_A)));
    replan();
    assertThat(planned.reports.get(new Group("port", moving)))
        .as("it is not any more")
        .containsExactly("port switch " + moving + " {state=down}");
    facts = facts.with(SwitchInterface.KIND, plugged);

    cloud.update(
        Ports.PORT,
        moving,
        draft -> draft.set(Binding.TARGETS, List.of()).set(Binding.HOST_ID, Cloud.HERE));
    replan();
    assertThat(send(TUN, arp)).containsExactly(tap);
    assertThat(send(PORT_A, Frames.arp(2, A, REMOTE, IP_A, IP_REMOTE))).containsExactly(tap);
  }

  @Test
  void broadcastGoesToHostsWithPortsOnTheNetworkOnly() {
    assertThat(send(PORT_TWIN, Frames.arp(1, TWIN, BROADCAST, IP_A, "10.0.0.77"))).isEmpty();
  }

  @Test
  void ofSeveralSegmentsTheFirstThatTheHostCarries() {
    cloud.update(
        Networks.NETWORK,
        extNet,
        draft ->
            draft
                .set(Provider.NETWORK_TYPE, null)
                .set(Provider.PHYSICAL_NETWORK, null)
                .set(Provider.SEGMENTATION_ID, null)
                .set(
                    Provider.SEGMENTS,
                    List.of(
                        new Segment("vlan", "elsewhere", 299),
                        new Segment("vlan", "physnet", 301),
                        new Segment("vxlan", null, 302))));
    replan();
    assertThat(walk.send(PORT_EXT, ping(EXT, NOBODY, "203.0.113.6", "203.0.113.1")))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(PHYS);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(0x1000 | 301));
        });
  }

  @Test
  void providerNetworksCarryTheirTagAndUnknownAddresses() {
    List<Sent> out = walk.send(PORT_EXT, ping(EXT, NOBODY, "203.0.113.6", "203.0.113.1"));
    assertThat(out)
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.port()).isEqualTo(PHYS);
          assertThat(sent.frame()).containsEntry(Field.VLAN_VID, Bits.of(0x1000 | 300));
        });
    Map<Field, Bits> arp = Frames.arp(1, NOBODY, BROADCAST, "203.0.113.1", "203.0.113.6");
    assertThat(send(PHYS, Frames.with(arp, Field.VLAN_VID, 0x1000 | 300)))
        .containsExactly(PORT_EXT);
    assertThat(send(PHYS, Frames.with(arp, Field.VLAN_VID, 0x1000 | 301))).isEmpty();
    assertThat(send(PHYS, arp)).isEmpty();
  }

  @Test
  void networksAreApart() {
    assertThat(send(PORT_A, ping(A, TWIN, IP_A, "10.0.0.1"))).containsExactly(PORT_OPEN);
    assertThat(send(PORT_A, ping(A, EXT, IP_A, "203.0.113.6"))).containsExactly(PORT_OPEN);
  }

  @Test
  void portThatIsDownIsIsolated() {
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.ADMIN_STATE_UP, false));
    replan();
    droppedIn(Pipeline.CLASSIFY, PORT_A, ping(A, OPEN, IP_A, "10.0.0.3"));
    assertThat(send(PORT_OPEN, ping(OPEN, A, "10.0.0.3", IP_A))).isEmpty();
    assertThat(send(PORT_OPEN, Frames.arp(1, OPEN, BROADCAST, "10.0.0.3", IP_A)))
        .doesNotContain(PORT_A);
  }

  @Test
  void reportsWhatTheServerDoesNotKnow() {
    assertThat(planned.reports.get(new Group("port", a)))
        .containsExactly("port switch " + a + " {state=up}");
    cloud.update(Ports.PORT, a, draft -> draft.set(Ports.PENDING, List.of()));
    replan();
    assertThat(planned.reports).doesNotContainKey(new Group("port", a));
    facts = facts.with(SwitchInterface.KIND, Map.of());
    replan();
    assertThat(planned.reports)
        .containsOnly(
            Map.entry(new Group("port", a), List.of("port switch " + a + " {state=down}")));
  }

  @Test
  void nothingOnTheSwitchLearnsOrFloodsByItself() {
    assertThat(planned.flows())
        .filteredOn(item -> !item.bridge().equals("br-ex"))
        .noneMatch(item -> item.toString().contains("NORMAL"));
  }
}
