package org.nucleon.openvswitch.agent;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nucleon.core.net.IpAddress;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Field;
import org.nucleon.host.openflow.Match;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.LinkLocalMetadata;

/**
 * Answers to neighbour solicitations of this host's ports for addresses that are known, as {@link
 * ArpAnswers} for IPv4. RFC 4861. The solicitation is made into the advertisement in two steps:
 * fields of an advertisement can be written once the packet is one.
 */
final class NeighbourAnswers {

  private static final int TARGETS_MAC = 2;
  private static final long ROUTER = 0x8000_0000L;
  private static final long SOLICITED_OVERRIDING = 0x6000_0000L;

  private NeighbourAnswers() {}

  /** Plans what holds for all addresses. */
  static void planForAll(Flows flows) {
    // Whether an address is anybody's is for its guest to say; and without a MAC address in the
    // question there is no place for one in the answer.
    flows.add(
        Pipeline.SERVICES, 120, Match.any().ndSll(GuestIpv6.NO_MAC), Flows.to(Pipeline.L2_LOOKUP));
    flows.add(
        Pipeline.NEIGHBOUR_ANSWER,
        100,
        Match.any().icmpv6Type(GuestIpv6.NEIGHBOUR_ADVERTISEMENT),
        Action.move(Field.ETH_SRC, Field.ND_TLL),
        Action.inPort());
    // Who has the metadata service's address is told here alone, whoever says otherwise.
    InetAddress metadata = LinkLocalMetadata.ADDRESS.toInetAddress();
    Match asks = Match.any().icmpv6Type(GuestIpv6.NEIGHBOUR_SOLICITATION);
    flows.drop(
        Pipeline.SERVICES,
        130,
        Match.any().icmpv6Type(GuestIpv6.NEIGHBOUR_ADVERTISEMENT).ndTarget(metadata));
    flows.drop(Pipeline.SERVICES, 131, Match.any().ndSll(GuestIpv6.NO_MAC).ndTarget(metadata));
    flows.drop(Pipeline.SERVICES, 130, asks.ipSrc(metadata));
  }

  /** Plans answers for the addresses of a port. */
  static void plan(PortSpec port, int vlan, Flows flows) {
    for (IpAddress address : answered(port)) {
      answer(address, port, vlan, flows);
    }
  }

  /**
   * Plans answers for the metadata service's address on a network.
   *
   * @param holder the port that has it
   * @param ofport where that port is in the switch; empty if it is on another host
   */
  static void planMetadata(PortSpec holder, Optional<Long> ofport, int vlan, Flows flows) {
    answer(LinkLocalMetadata.ADDRESS, holder, vlan, flows);
    ofport.ifPresent(own ->
        flows.add(
            Pipeline.SERVICES,
            132,
            Match.any()
                .icmpv6Type(GuestIpv6.NEIGHBOUR_SOLICITATION)
                .ipSrc(LinkLocalMetadata.ADDRESS.toInetAddress())
                .inPort(own),
            Flows.to(Pipeline.L2_LOOKUP)));
  }

  private static void answer(IpAddress address, PortSpec port, int vlan, Flows flows) {
    flows.add(
        Pipeline.SERVICES,
        100,
        asks(address).reg(Pipeline.NETWORK, vlan),
        Action.move(Field.ETH_SRC, Field.ETH_DST),
        Action.set(Field.ETH_SRC, port.mac()),
        Action.move(Field.IPV6_SRC, Field.IPV6_DST),
        Action.set(Field.IPV6_SRC, address.toInetAddress()),
        Action.set(Field.ND_OPTIONS_TYPE, TARGETS_MAC),
        Action.set(Field.ND_RESERVED, SOLICITED_OVERRIDING | (isRouter(port) ? ROUTER : 0)),
        Action.set(Field.ICMPV6_TYPE, GuestIpv6.NEIGHBOUR_ADVERTISEMENT),
        Action.set(Field.ICMPV6_CODE, 0),
        Flows.to(Pipeline.NEIGHBOUR_ANSWER));
  }

  /** Plans silence towards the port itself, see {@link ArpAnswers#planSilence}. */
  static void planSilence(PortSpec port, long ofport, Flows flows) {
    for (IpAddress address : answered(port)) {
      flows.add(Pipeline.SERVICES, 110, asks(address).inPort(ofport), Flows.to(Pipeline.L2_LOOKUP));
    }
  }

  /** A router is known to its guests by its link-local address. */
  private static List<IpAddress> answered(PortSpec port) {
    List<IpAddress> addresses = new ArrayList<>(port.addresses(6));
    if (isRouter(port) && !addresses.isEmpty()) {
      addresses.add(port.linkLocal());
    }
    return addresses;
  }

  private static boolean isRouter(PortSpec port) {
    return port.owner().equals(DeviceOwner.ROUTER_INTERFACE);
  }

  private static Match asks(IpAddress address) {
    return Match.any()
        .icmpv6Type(GuestIpv6.NEIGHBOUR_SOLICITATION)
        .ndTarget(address.toInetAddress());
  }
}
