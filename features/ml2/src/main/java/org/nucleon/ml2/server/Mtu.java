package org.nucleon.ml2.server;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** The sizes that the underlying networks carry, bytes. */
final class Mtu {

  private static final Option<Integer> GLOBAL =
      Option.integer("DEFAULT", "global_physnet_mtu", 1500, "MTU of the physical network, bytes")
          .formerly("ml2", "segment_mtu");
  private static final Option<Integer> PATH =
      Option.integer("ml2", "path_mtu", 0, "MTU between tunnel end points, 0 for the global one");
  private static final Option<Map<String, String>> PHYSICAL =
      Option.map("ml2", "physical_network_mtus", "", "The MTU of physical networks that differ");

  private static final Option<Integer> OVERLAY_IP_VERSION =
      Option.parsed(
          "ml2",
          "overlay_ip_version",
          "4",
          "4 or 6",
          "The IP version of tunnel end points",
          Mtu::ipVersion);

  private final int global;
  private final int path;
  private final int outerHeader;
  private final Map<String, Integer> physical = new HashMap<>();

  Mtu(Configuration configuration) {
    global = configuration.get(GLOBAL);
    path = configuration.get(PATH);
    outerHeader = configuration.get(OVERLAY_IP_VERSION) == 4 ? 20 : 40;
    configuration.get(PHYSICAL).forEach((network, mtu) -> physical.put(network, bytes(mtu)));
  }

  private static Integer ipVersion(String text) {
    return switch (text.strip()) {
      case "4" -> 4;
      case "6" -> 6;
      default -> throw new IllegalArgumentException("4 or 6 expected");
    };
  }

  private static int bytes(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          PHYSICAL + ": physical_network:bytes expected, not " + text, e);
    }
  }

  int physical(@Nullable String network) {
    return network == null ? global : physical.getOrDefault(network, global);
  }

  /** What a tunnel carries that adds so much beside the outer IP header. */
  int overlay(int encapsulation) {
    return (path == 0 ? global : Math.min(path, global)) - outerHeader - encapsulation;
  }
}
