package org.nucleon.openvswitch.agent;

import java.util.UUID;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.securitygroup.api.Direction;

/** The numbers that the host gives out for the switch. */
final class Numbers {

  private static final int LAST_VLAN = 4094;
  private static final int LAST_ZONE = 65_535;

  /** Conjunctions also tell priorities; see {@link SecurityRules}. */
  static final int LAST_CONJUNCTION = 60_000;

  private Numbers() {}

  /** The VLAN of a network between the host's bridges. */
  static int vlan(Planning in, UUID network) throws Unplannable {
    return atMost(LAST_VLAN, in.number("vlan", network.toString()), "networks");
  }

  /** The conntrack zone of a port. */
  static int zone(Planning in, UUID port) throws Unplannable {
    return atMost(LAST_ZONE, in.number("zone", port.toString()), "ports");
  }

  /** The conjunction of the members of a group and those who let them in, or send to them. */
  static int conjunction(Planning in, UUID remoteGroup, Direction direction) throws Unplannable {
    return atMost(
        LAST_CONJUNCTION,
        in.number("conjunction", remoteGroup + "/" + direction),
        "remote security groups");
  }

  private static int atMost(int last, int number, String what) throws Unplannable {
    if (number < 1 || number > last) {
      throw new Unplannable("the host can tell no more than " + last + " " + what + " apart");
    }
    return number;
  }
}
