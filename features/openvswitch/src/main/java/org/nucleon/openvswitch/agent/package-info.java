/**
 * The switch of a host. {@link org.nucleon.openvswitch.agent.OpenvswitchHost} joins the agent.
 * Plans are pure: the tables of the pipeline are in {@code Pipeline}, and each kind of group has a
 * class that plans it. Two appliers make plans true, over OVSDB and over OpenFlow.
 *
 * <p>A network has a number on the host, its VLAN between the integration and the tunnel bridge; a
 * port with port security has a conntrack zone of its own, so that neither overlapping addresses
 * nor two ports of one host share connections. Nothing learns and nothing floods by itself: ports
 * of the network that the server knows are looked up, ARP for them is answered on the spot.
 */
package org.nucleon.openvswitch.agent;
