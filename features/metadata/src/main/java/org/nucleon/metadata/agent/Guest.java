package org.nucleon.metadata.agent;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Who asks, as Nova must be told: both, since a project may give any device's id to its own ports.
 *
 * @param instance the port's {@code device_id}
 * @param project the port's project
 */
record Guest(String instance, String project) {

  /**
   * Who has an address at a place; empty if nobody has, or if it is no guest's.
   *
   * @param view the resources that concern the host
   * @param place where the address was seen
   * @param address a source address
   */
  static Optional<Guest> find(View view, Place place, IpAddress address) {
    List<Resource> ports =
        (address.isLinkLocal() ? onLink(view, place, address) : inSubnets(view, place, address))
            .distinct()
            .toList();
    if (ports.size() != 1) {
      return Optional.empty();
    }
    Resource port = ports.getFirst();
    String instance = port.get(Ports.DEVICE_ID);
    return instance.isEmpty() || DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER))
        ? Optional.empty()
        : Optional.of(new Guest(instance, port.project()));
  }

  private static Stream<Resource> inSubnets(View view, Place place, IpAddress address) {
    return subnets(view, place)
        .distinct()
        .flatMap(subnet -> view.list(Ports.FIXED_IPS, subnet).stream())
        .filter(port -> port.get(Ports.FIXED_IPS).stream().anyMatch(ip -> ip.ip().equals(address)));
  }

  /**
   * By the address that goes with a MAC address, RFC 4862, 5.3, which means one on a link alone.
   */
  private static Stream<Resource> onLink(View view, Place place, IpAddress address) {
    return switch (place) {
      case Place.OfNetwork(UUID network) ->
          view.list(Ports.NETWORK_ID, network).stream()
              .filter(
                  port -> IpPrefix.LINK_LOCAL.eui64(port.get(Ports.MAC_ADDRESS)).equals(address));
      case Place.OfRouter _ -> Stream.empty();
    };
  }

  /** Of a router's networks only the subnets that it is on: others may have the same addresses. */
  private static Stream<UUID> subnets(View view, Place place) {
    return switch (place) {
      case Place.OfNetwork(UUID network) ->
          view.list(Subnets.NETWORK_ID, network).stream().map(Resource::id);
      case Place.OfRouter(UUID router) ->
          view.list(Ports.DEVICE_ID, router.toString()).stream()
              .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE))
              .flatMap(port -> port.get(Ports.FIXED_IPS).stream())
              .map(FixedIp::subnet);
    };
  }
}
