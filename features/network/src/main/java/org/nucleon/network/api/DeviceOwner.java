package org.nucleon.network.api;

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

  private DeviceOwner() {}

  /** Whether the network service itself uses the port: no security groups, no anti-spoofing. */
  public static boolean isNetworkService(String owner) {
    return owner.startsWith("network:");
  }
}
