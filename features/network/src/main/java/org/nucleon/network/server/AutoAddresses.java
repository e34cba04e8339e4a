package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.nucleon.core.net.MacAddress;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * The addresses that guests make themselves of what routers advertise: a port has one of every
 * subnet of this kind, asked for or not.
 */
final class AutoAddresses {

  private static final Set<String> WITHOUT =
      Set.of(DeviceOwner.ROUTER_INTERFACE, DeviceOwner.FLOATING_IP);

  private AutoAddresses() {}

  /** Whether a port has them: all but those that have what they are told to. */
  static boolean has(Attributes port) {
    return !WITHOUT.contains(port.get(Ports.DEVICE_OWNER));
  }

  /** The address of a subnet that goes with a MAC address. */
  static FixedIp of(Resource subnet, MacAddress mac) {
    return new FixedIp(subnet.id(), subnet.get(Subnets.CIDR).eui64(mac));
  }

  /** The addresses that a port has of some subnets of its network. */
  static List<FixedIp> of(Collection<Resource> subnets, Attributes port) {
    if (!has(port)) {
      return List.of();
    }
    return subnets.stream()
        .filter(Subnets::isAutoAddress)
        .map(subnet -> of(subnet, port.get(Ports.MAC_ADDRESS)))
        .toList();
  }

  /** A port's addresses with those of some more subnets. */
  static List<FixedIp> with(Attributes port, Collection<Resource> subnets) {
    List<FixedIp> all = new ArrayList<>(port.get(Ports.FIXED_IPS));
    of(subnets, port).stream().filter(one -> !all.contains(one)).forEach(all::add);
    return List.copyOf(all);
  }
}
