package org.nucleon.openvswitch.agent;

import java.util.Arrays;

/**
 * The tables that a packet passes, in order. Packets only move downwards. In each table what no
 * flow lets pass is dropped.
 */
enum Pipeline {
  /** All bridges: where does the packet come from, and which network is it on? */
  CLASSIFY(0),
  /** Does a guest's packet come from addresses that the guest may use? */
  ANTI_SPOOF(10),
  /** What has no need of rules goes on to {@link #SERVICES}, the rest through the port's zone. */
  EGRESS_CT(20),
  /** May the guest send it? */
  EGRESS_RULES(21),
  /** Connections that the guest may begin are remembered. */
  EGRESS_COMMIT(22),
  /** What connection tracking gave up is dropped here; all else goes on. */
  EGRESS_COMMITTED(23),
  /** What the switch answers itself. */
  SERVICES(30),
  /** A neighbour solicitation that has become an advertisement; back to who asked. */
  NEIGHBOUR_ANSWER(31),
  /** May the guest send so much? Its packets are marked. */
  EGRESS_QOS(35),
  /** Which ports is it for? */
  L2_LOOKUP(40),
  /** What a guest always gets goes on to {@link #OUTPUT}, the rest through the port's zone. */
  INGRESS_CT(50),
  /** May the guest get it? */
  INGRESS_RULES(51),
  /** Connections that may begin towards the guest are remembered. */
  INGRESS_COMMIT(52),
  /** What connection tracking gave up is dropped here; all else goes on. */
  INGRESS_COMMITTED(53),
  /** To the port, as long as it may get so much. */
  OUTPUT(60),
  /** The tunnel bridge: which hosts is it for? */
  TO_TUNNEL(70),
  /** The tunnel bridge: which network is it on, coming by VXLAN? */
  FROM_VXLAN(71),
  /** The same by GRE. */
  FROM_GRE(72),
  /** The same by Geneve. */
  FROM_GENEVE(73);

  /** Register: the conntrack zone of the port whose rules the packet is under. */
  static final int ZONE = 4;

  /** Register: one of {@link #LOCAL}, {@link #TUNNEL}, {@link #PHYSICAL}. */
  static final int SOURCE = 5;

  /** Register: the host's number of the network, which is its VLAN between our bridges. */
  static final int NETWORK = 6;

  /** Register: the OpenFlow number of the port that the packet goes to. */
  static final int TARGET = 7;

  /** The packet comes from a port of this host. */
  static final int LOCAL = 1;

  /** The packet comes from another host through a tunnel. */
  static final int TUNNEL = 2;

  /** The packet comes from a physical network. */
  static final int PHYSICAL = 3;

  private final int number;

  Pipeline(int number) {
    this.number = number;
  }

  /** The table's OpenFlow number. */
  int number() {
    return number;
  }

  /** The name of the table of that number, for people; the number if it is none of ours. */
  static String nameOf(int number) {
    return Arrays.stream(values())
        .filter(table -> table.number == number)
        .map(Enum::name)
        .findFirst()
        .orElse(Integer.toString(number));
  }
}
