package org.nucleon.openvswitch.agent;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.openflow.Match;
import org.nucleon.network.api.LinkLocalMetadata;
import org.nucleon.securitygroup.api.AddressPair;

/**
 * What guests with port security may say over IPv6, and what reaches them without a rule: IPv6 does
 * not work without neighbour discovery (RFC 4861, 4862), multicast listener discovery (RFC 2710,
 * 3810) and DHCPv6 (RFC 8415).
 */
final class GuestIpv6 {

  /** Errors and echo replies: types that belong to a connection, or to none at all. */
  static final int[] TRACKED = {1, 2, 3, 4, 129};

  static final int ROUTER_ADVERTISEMENT = 134;
  static final int NEIGHBOUR_SOLICITATION = 135;
  static final int NEIGHBOUR_ADVERTISEMENT = 136;

  /** What a packet of neighbour discovery has that tells no MAC address. */
  static final MacAddress NO_MAC = new MacAddress(0);

  private static final int MULTICAST_LISTENER_QUERY = 130;
  private static final int ROUTER_SOLICITATION = 133;

  /** Reports and dones of multicast listeners. */
  private static final int[] LISTENER = {131, 132, 143};

  private static final int DHCP_CLIENT = 546;
  private static final int DHCP_SERVER = 547;

  private static final InetAddress UNSPECIFIED = InetAddress.ofLiteral("::");
  private static final InetAddress DHCP_SERVERS = InetAddress.ofLiteral("ff02::1:2");

  private GuestIpv6() {}

  /** Plans what holds for all guests. */
  static void planForAll(Flows flows) {
    Pipeline spoof = Pipeline.ANTI_SPOOF;
    flows.drop(spoof, 200, Match.any().icmpv6Type(ROUTER_ADVERTISEMENT));
    flows.drop(spoof, 200, Match.any().ipv6().udpSrc(DHCP_SERVER).udpDst(DHCP_CLIENT));
    // Nor may an address pair be the metadata service's.
    flows.drop(spoof, 200, Match.any().ipSrc(LinkLocalMetadata.ADDRESS.toInetAddress()));
    // Headers so long that the ports come in a later fragment: RFC 7112 lets nobody send that.
    flows.drop(spoof, 200, Match.any().ipv6().firstFragment().udpSrc(0).udpDst(0));
    flows.drop(spoof, 105, Match.any().icmpv6Type(NEIGHBOUR_SOLICITATION));
    flows.drop(spoof, 105, Match.any().icmpv6Type(NEIGHBOUR_ADVERTISEMENT));
    flows.drop(spoof, 10, Match.any().ipv6());
    asksWithoutRule(flows, Pipeline.EGRESS_CT, Match.any());
    flows.add(
        Pipeline.EGRESS_CT,
        100,
        Match.any().ipDst(DHCP_SERVERS).udpSrc(DHCP_CLIENT).udpDst(DHCP_SERVER),
        Flows.to(Pipeline.SERVICES));
    for (int type :
        new int[] {MULTICAST_LISTENER_QUERY, NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT}) {
      flows.add(Pipeline.INGRESS_CT, 110, Match.any().icmpv6Type(type), Flows.to(Pipeline.OUTPUT));
    }
    for (int type : LISTENER) {
      flows.add(Pipeline.INGRESS_CT, 110, Match.any().icmpv6Type(type), Flows.to(Pipeline.OUTPUT));
    }
    flows.drop(Pipeline.INGRESS_CT, 109, Match.any().icmpv6Type(ROUTER_ADVERTISEMENT));
  }

  /** The types that guests say without a rule for them, from addresses of their own. */
  static int[] spokenWithoutRule() {
    return IntStream.concat(
            IntStream.of(ROUTER_SOLICITATION, NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT),
            IntStream.of(LISTENER))
        .toArray();
  }

  /** The types that guests say while they have no address. */
  static int[] saidWithoutAddress() {
    return IntStream.concat(
            IntStream.of(ROUTER_SOLICITATION, NEIGHBOUR_SOLICITATION), IntStream.of(LISTENER))
        .toArray();
  }

  /** The types that reach guests without a rule for them. */
  static int[] heardWithoutRule() {
    return IntStream.concat(
            IntStream.of(
                MULTICAST_LISTENER_QUERY,
                ROUTER_ADVERTISEMENT,
                NEIGHBOUR_SOLICITATION,
                NEIGHBOUR_ADVERTISEMENT),
            IntStream.of(LISTENER))
        .toArray();
  }

  private static void asksWithoutRule(Flows flows, Pipeline table, Match from) {
    flows.add(table, 100, from.icmpv6Type(ROUTER_SOLICITATION), Flows.to(Pipeline.SERVICES));
    for (int type : LISTENER) {
      flows.add(table, 100, from.icmpv6Type(type), Flows.to(Pipeline.SERVICES));
    }
  }

  /** Lets advertisements of a router with that MAC address, or of all that match, reach guests. */
  static void planAdvertisements(Match from, Flows flows) {
    flows.add(
        Pipeline.INGRESS_CT, 111, from.icmpv6Type(ROUTER_ADVERTISEMENT), Flows.to(Pipeline.OUTPUT));
  }

  /** Lets answers of a DHCP server, which come from its link-local address, reach guests. */
  static void planDhcpServer(Match network, PortSpec server, Flows flows) {
    flows.add(
        Pipeline.INGRESS_CT,
        110,
        network
            .ethSrc(server.mac())
            .ipSrc(server.linkLocal().toInetAddress())
            .udpSrc(DHCP_SERVER)
            .udpDst(DHCP_CLIENT),
        Flows.to(Pipeline.OUTPUT));
  }

  /** Plans the addresses that a port may send from and speak for. */
  static void plan(PortSpec port, long ofport, Flows flows) {
    Set<MacAddress> macs = new HashSet<>(List.of(port.mac()));
    for (IpAddress address : port.addresses(6)) {
      source(port.mac(), new IpPrefix(address, address.bits()), ofport, flows);
    }
    for (AddressPair pair : port.pairs()) {
      macs.add(port.mac(pair));
      if (pair.prefix().version() == 6) {
        source(port.mac(pair), pair.prefix(), ofport, flows);
      }
    }
    for (MacAddress mac : macs) {
      IpAddress linkLocal = PortSpec.linkLocal(mac);
      source(mac, new IpPrefix(linkLocal, linkLocal.bits()), ofport, flows);
      // Before a guest has an address it asks who routes, and which groups it listens to.
      asksWithoutRule(
          flows, Pipeline.ANTI_SPOOF, Match.any().inPort(ofport).ethSrc(mac).ipSrc(UNSPECIFIED));
    }
  }

  private static void source(MacAddress mac, IpPrefix prefix, long ofport, Flows flows) {
    Pipeline table = Pipeline.ANTI_SPOOF;
    InetAddress address = prefix.address().toInetAddress();
    int length = prefix.length();
    Match from = Match.any().inPort(ofport).ethSrc(mac);
    Match own = from.ipSrc(address, length);
    flows.add(table, 100, own, Flows.to(Pipeline.EGRESS_CT));
    for (MacAddress told : List.of(mac, NO_MAC)) {
      flows.add(table, 110, own.ndSll(told), Flows.to(Pipeline.SERVICES));
      flows.add(
          table, 110, from.ndTll(told).ndTarget(address, length), Flows.to(Pipeline.SERVICES));
    }
    // Is the address anybody's? Asked for another's, it would keep that one from using it.
    flows.add(
        table,
        111,
        from.ipSrc(UNSPECIFIED).ndSll(NO_MAC).ndTarget(address, length),
        Flows.to(Pipeline.SERVICES));
  }
}
