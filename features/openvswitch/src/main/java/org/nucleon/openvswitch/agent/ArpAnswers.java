package org.nucleon.openvswitch.agent;

import java.net.InetAddress;
import java.util.List;
import org.nucleon.core.net.IpAddress;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Field;
import org.nucleon.host.openflow.Match;

/** Answers to ARP requests of this host's ports for addresses that are known. RFC 826. */
final class ArpAnswers {

  private static final int REQUEST = 1;
  private static final int REPLY = 2;

  private ArpAnswers() {}

  /** Plans answers for the addresses of a port. */
  static void plan(PortSpec port, int vlan, Flows flows) {
    for (IpAddress address : port.addresses(4)) {
      flows.add(
          Pipeline.SERVICES,
          100,
          request(address).reg(Pipeline.NETWORK, vlan),
          answer(port.mac(), address.toInetAddress()));
    }
  }

  /**
   * Plans silence towards the port itself: it probes whether anybody else has its address, and
   * announces it.
   */
  static void planSilence(PortSpec port, long ofport, Flows flows) {
    for (IpAddress address : port.addresses(4)) {
      flows.add(
          Pipeline.SERVICES, 110, request(address).inPort(ofport), Flows.to(Pipeline.L2_LOOKUP));
    }
  }

  private static Match request(IpAddress address) {
    return Match.any().arpOp(REQUEST).arpTpa(address.toInetAddress());
  }

  private static List<Action> answer(MacAddress mac, InetAddress address) {
    return List.of(
        Action.move(Field.ETH_SRC, Field.ETH_DST),
        Action.set(Field.ETH_SRC, mac),
        Action.set(Field.ARP_OP, REPLY),
        Action.move(Field.ARP_SHA, Field.ARP_THA),
        Action.move(Field.ARP_SPA, Field.ARP_TPA),
        Action.set(Field.ARP_SHA, mac),
        Action.set(Field.ARP_SPA, address),
        Action.inPort());
  }
}
