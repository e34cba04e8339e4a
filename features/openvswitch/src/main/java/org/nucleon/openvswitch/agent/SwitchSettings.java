package org.nucleon.openvswitch.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.net.IpAddress;
import org.nucleon.openvswitch.api.FirewallDriver;
import org.nucleon.openvswitch.api.SwitchAgent;

/**
 * How the operator wants this host's switch, and the names that follow from it: Neutron's.
 *
 * @param integrationBridge the bridge that ports are plugged into
 * @param tunnelBridge the bridge of tunnels
 * @param bridgeMappings the bridge of each physical network
 * @param localIp the address of this host's tunnel end, null for no tunnels
 * @param tunnelTypes the types of overlay, each a {@link TunnelType}; none without an address
 * @param datapathType {@code system} or {@code netdev}
 * @param firewall what filters guests' packets
 */
record SwitchSettings(
    String integrationBridge,
    String tunnelBridge,
    Map<String, String> bridgeMappings,
    @Nullable IpAddress localIp,
    Set<String> tunnelTypes,
    String datapathType,
    FirewallDriver firewall) {

  /** The integration bridge's end of the patch to the tunnel bridge. */
  static final String PATCH_TUN = "patch-tun";

  /** The tunnel bridge's end. */
  static final String PATCH_INT = "patch-int";

  private static final int LONGEST_NAME = 15;

  /** What the host tells of itself. */
  SwitchAgent agent() {
    return new SwitchAgent(
        bridgeMappings, tunnelTypes, localIp, datapathType, integrationBridge, firewall);
  }

  /** Whether overlays reach other hosts. */
  boolean hasTunnels() {
    return localIp != null && !tunnelTypes.isEmpty();
  }

  /** The integration bridge's end of the patch to a physical network's bridge. */
  static String intPatch(String bridge) {
    return peer("int-", bridge);
  }

  /** The physical network's bridge's end. */
  static String phyPatch(String bridge) {
    return peer("phy-", bridge);
  }

  private static String peer(String prefix, String bridge) {
    if (prefix.length() + bridge.length() <= LONGEST_NAME) {
      return prefix + bridge;
    }
    int kept = LONGEST_NAME - prefix.length() - 6;
    return prefix + bridge.substring(0, kept) + sha1(bridge).substring(0, 6);
  }

  /** The port of a tunnel. */
  static String tunnel(TunnelType type, IpAddress remote) {
    return type.id()
        + "-"
        + (remote.version() == 4 ? remote.sortableText() : sha1(remote.toString()).substring(0, 8));
  }

  /** The switch's end of a device that the agent makes for a port. */
  static String tap(UUID port) {
    return "tap" + port.toString().substring(0, 11);
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
