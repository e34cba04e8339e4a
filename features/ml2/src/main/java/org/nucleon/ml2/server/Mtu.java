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

  private final int global;
  private final int path;
  private final Map<String, Integer> physical = new HashMap<>();

  Mtu(Configuration configuration) {
    global = configuration.get(GLOBAL);
    path = configuration.get(PATH);
    configuration.get(PHYSICAL).forEach((network, mtu) -> physical.put(network, bytes(mtu)));
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

  int overlay(int overhead) {
    return (path == 0 ? global : Math.min(path, global)) - overhead;
  }
}
