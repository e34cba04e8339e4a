package org.nucleon.ml2.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;

/** The sizes that the underlying networks carry, bytes. */
final class Mtu {

  private static final Option<Integer> GLOBAL =
      Option.integer("DEFAULT", "global_physnet_mtu", 1500, "MTU of the physical network, bytes");
  private static final Option<Integer> PATH =
      Option.integer("ml2", "path_mtu", 0, "MTU between tunnel end points, 0 for the global one");
  private static final Option<List<String>> PHYSICAL =
      Option.list("ml2", "physical_network_mtus", "", "physnet:mtu pairs");

  private final int global;
  private final int path;
  private final Map<String, Integer> physical = new HashMap<>();

  Mtu(Configuration configuration) {
    global = configuration.get(GLOBAL);
    path = configuration.get(PATH);
    for (String pair : configuration.get(PHYSICAL)) {
      int colon = pair.lastIndexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(PHYSICAL + ": physnet:mtu expected, not " + pair);
      }
      physical.put(pair.substring(0, colon), Integer.valueOf(pair.substring(colon + 1)));
    }
  }

  int physical(@Nullable String network) {
    return network == null ? global : physical.getOrDefault(network, global);
  }

  int overlay(int overhead) {
    return (path == 0 ? global : Math.min(path, global)) - overhead;
  }
}
