package org.nucleon.agent.device;

import java.util.List;
import java.util.UUID;

/** The names of what the agent makes on a host, as operators know them. */
public final class DeviceNames {

  /** The namespace of a network's DHCP server. */
  public static final String DHCP_NAMESPACE = "qdhcp-";

  /** The namespace of a router. */
  public static final String ROUTER_NAMESPACE = "qrouter-";

  /** The device of addresses that a namespace answers at and no link of it is told of. */
  public static final String LOOPBACK = "lo";

  private static final List<String> NAMESPACES = List.of(DHCP_NAMESPACE, ROUTER_NAMESPACE);
  private static final int OF_ID = 11;

  private DeviceNames() {}

  /** Whether a namespace of this name is ours. */
  public static boolean isOurs(String namespace) {
    return NAMESPACES.stream().anyMatch(namespace::startsWith);
  }

  /** The namespace of a network's DHCP server. */
  public static String dhcpNamespace(UUID network) {
    return DHCP_NAMESPACE + network;
  }

  /** The namespace of a router. */
  public static String routerNamespace(UUID router) {
    return ROUTER_NAMESPACE + router;
  }

  /** The device of a DHCP server's port, in its namespace. */
  public static String dhcp(UUID port) {
    return device("ns-", port);
  }

  /** The device of a router's port on a tenant network, in its namespace. */
  public static String routerInterface(UUID port) {
    return device("qr-", port);
  }

  /** The device of a router's port on its external network, in its namespace. */
  public static String routerGateway(UUID port) {
    return device("qg-", port);
  }

  /** The end of any port's device that is plugged into the switch. */
  public static String outer(UUID port) {
    return device("tap", port);
  }

  private static String device(String prefix, UUID port) {
    return prefix + port.toString().substring(0, OF_ID);
  }
}
