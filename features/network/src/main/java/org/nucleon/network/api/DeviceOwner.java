package org.nucleon.network.api;

import java.util.Set;

/** Values of {@code device_owner} with a meaning to the network service itself. */
public final class DeviceOwner {

  /** A DHCP server's port. */
  public static final String DHCP = "network:dhcp";

  /** A router's port on a tenant network. */
  public static final String ROUTER_INTERFACE = "network:router_interface";

  /** A router's port on its external network. */
  public static final String ROUTER_GATEWAY = "network:router_gateway";

  /** The holder of a floating IP's address; never plugged. */
  public static final String FLOATING_IP = "network:floatingip";

  /** The port of an agent that serves on every host. */
  public static final String DISTRIBUTED = "network:distributed";

  /** A host's own port on an external network, for floating IPs of distributed routers. */
  public static final String FLOATING_IP_AGENT_GATEWAY = "network:floatingip_agent_gateway";

  private static final Set<String> WITH_THEIR_NETWORK =
      Set.of(DHCP, DISTRIBUTED, FLOATING_IP_AGENT_GATEWAY);

  private DeviceOwner() {}

  /** Whether such a port does not keep its network or subnet from being removed. */
  public static boolean goesWithNetwork(String owner) {
    return WITH_THEIR_NETWORK.contains(owner);
  }

  /** Whether the network service itself uses the port: no security groups, no anti-spoofing. */
  public static boolean isNetworkService(String owner) {
    return owner.startsWith("network:");
  }
}
