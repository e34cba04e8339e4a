package org.nucleon.server;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.OfCorePlugin;
import org.nucleon.core.feature.Option;

/**
 * The choice of what stands behind networks and ports.
 *
 * @param name of the chosen core plugin
 */
record CorePlugin(String name) {

  private static final String ML2 = "ml2";

  /** Neutron's own configuration names the class. */
  private static final String ML2_CLASSES = "neutron.plugins.ml2.";

  private static final Option<CorePlugin> CHOSEN =
      Option.parsed(
          "DEFAULT",
          "core_plugin",
          ML2,
          "name of a core plugin",
          "What stands behind networks and ports: ml2, or what a plugin offers in its place",
          text -> new CorePlugin(text.startsWith(ML2_CLASSES) ? ML2 : text));

  static CorePlugin of(Configuration configuration) {
    return configuration.get(CHOSEN);
  }

  /**
   * Sees to it that something is offered under the name. ML2 may be left out of the build: networks
   * and ports then have nothing behind them.
   *
   * @throws IllegalArgumentException naming what there is
   */
  CorePlugin among(Collection<? extends OfCorePlugin> offers) {
    TreeSet<String> names = new TreeSet<>();
    offers.forEach(offer -> offer.corePlugin().ifPresent(names::add));
    if (!names.contains(name) && !name.equals(ML2)) {
      throw new IllegalArgumentException(
          CHOSEN
              + ": neither Nucleon nor a plugin offers a core plugin "
              + name
              + ", only "
              + names);
    }
    return this;
  }

  /** Its parts, and what goes with any. */
  <T> List<T> partsOf(Collection<T> all) {
    return all.stream().filter(this::isPart).toList();
  }

  private boolean isPart(Object one) {
    return !(one instanceof OfCorePlugin part) || part.corePlugin().map(name::equals).orElse(true);
  }
}
