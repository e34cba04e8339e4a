package org.nucleon.network.api;

import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;

/**
 * Where guests look for the metadata service over IPv6: at an address of the link, so that no route
 * leads there and they need no address but the one that every interface makes itself. On each
 * network one port has it, and who asks the link for it hears of that port alone.
 */
public final class LinkLocalMetadata {

  /** The address. */
  public static final IpAddress ADDRESS = IpAddress.parse("fe80::a9fe:a9fe");

  private LinkLocalMetadata() {}

  /**
   * The port that has the address on a network: a router's before a DHCP server's, and only where
   * it speaks IPv6. Whether anybody listens there is the metadata feature's to decide.
   *
   * @param view the resources
   * @param network its id
   */
  public static Optional<Resource> holder(View view, UUID network) {
    return view.list(Ports.NETWORK_ID, network).stream()
        .filter(port -> isOfRouter(port) || port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.DHCP))
        .filter(port -> port.get(Ports.ADMIN_STATE_UP) && !port.get(Binding.HOST_ID).isEmpty())
        .filter(port -> port.get(Ports.FIXED_IPS).stream().anyMatch(ip -> ip.ip().version() == 6))
        .min(
            Comparator.comparing((Resource port) -> !isOfRouter(port)).thenComparing(Resource::id));
  }

  private static boolean isOfRouter(Resource port) {
    return port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE);
  }
}
