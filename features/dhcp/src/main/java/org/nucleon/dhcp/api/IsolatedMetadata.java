package org.nucleon.dhcp.api;

import java.util.UUID;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/**
 * Which guests reach the metadata service through the DHCP server of their network, having no
 * router to reach it through.
 *
 * @param enabled whether those of isolated subnets do
 * @param forced whether those of all subnets do
 */
public record IsolatedMetadata(boolean enabled, boolean forced) {

  /** Where guests look for it. */
  public static final IpAddress ADDRESS = IpAddress.parse("169.254.169.254");

  /** Its address alone. */
  public static final IpPrefix DESTINATION = new IpPrefix(ADDRESS, 32);

  /** Whether guests without a router are served. */
  public static final Option<Boolean> ENABLED =
      Option.bool(
          "DEFAULT",
          "enable_isolated_metadata",
          false,
          "Whether guests of subnets without a router reach metadata through the DHCP server");

  /** Whether all guests are served. */
  public static final Option<Boolean> FORCED =
      Option.bool(
          "DEFAULT",
          "force_metadata",
          false,
          "Whether guests of all subnets reach metadata through the DHCP server");

  /** As the operator wants it. */
  public static IsolatedMetadata of(Configuration configuration) {
    return new IsolatedMetadata(configuration.get(ENABLED), configuration.get(FORCED));
  }

  /** Whether the guests of a subnet are told to go to the DHCP server. */
  public boolean isFor(View view, Resource subnet) {
    return subnet.get(Subnets.IP_VERSION) == 4 && (forced || enabled && isIsolated(view, subnet));
  }

  /** Whether DHCP servers have it at all. */
  public boolean isForAny() {
    return enabled || forced;
  }

  /** Whether any subnet of a network needs it by IPv4. */
  public boolean isForAnyOf(View view, UUID network) {
    return isForAny()
        && view.list(Subnets.NETWORK_ID, network).stream().anyMatch(s -> isFor(view, s));
  }

  /** Whether no router has the gateway's address, or there is none. */
  private static boolean isIsolated(View view, Resource subnet) {
    return subnet
        .find(Subnets.GATEWAY_IP)
        .map(gateway ->
            view.list(Ports.FIXED_IPS, subnet.id()).stream()
                .filter(port -> port.get(Ports.DEVICE_OWNER).equals(DeviceOwner.ROUTER_INTERFACE))
                .flatMap(port -> port.get(Ports.FIXED_IPS).stream())
                .noneMatch(ip -> ip.subnet().equals(subnet.id()) && ip.ip().equals(gateway)))
        .orElse(true);
  }
}
