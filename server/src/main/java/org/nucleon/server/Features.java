package org.nucleon.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.server.quota.Quotas;

/**
 * The features that are on, in the order in which they need each other.
 *
 * @param declarations what each declares
 * @param servers what each does on the server, same order
 */
public record Features(List<Feature> declarations, List<ServerFeature> servers) {

  /**
   * All features of the class path and the plugins, but for those of core plugins that are not the
   * chosen one.
   *
   * @throws IllegalStateException naming a feature that is missing, twice there or in a cycle
   * @throws IllegalArgumentException if the chosen core plugin is not there
   */
  public static Features load(Plugins plugins, Configuration configuration) {
    List<Feature> all = plugins.providers(Feature.class);
    return of(
        CorePlugin.of(configuration).among(all).partsOf(all),
        plugins.providers(ServerFeature.class));
  }

  /** The drivers of the class path and the plugins, but for those of other core plugins. */
  public static Drivers drivers(Plugins plugins, Configuration configuration) {
    CorePlugin chosen = CorePlugin.of(configuration);
    return new Drivers() {
      @Override
      public <T> Collection<T> drivers(Class<T> type) {
        return chosen.partsOf(plugins.providers(type));
      }
    };
  }

  /** The features of the class path, where nothing is configured. */
  public static Features load() {
    return load(Plugins.none(), Configuration.defaults());
  }

  /** The given features, brought into order. */
  public static Features of(List<Feature> declarations, List<ServerFeature> servers) {
    Map<String, Feature> byName = new LinkedHashMap<>();
    for (Feature feature :
        declarations.stream().sorted(java.util.Comparator.comparing(Feature::name)).toList()) {
      if (byName.put(feature.name(), feature) != null) {
        throw new IllegalStateException("the feature " + feature.name() + " is there twice");
      }
    }
    List<Feature> ordered = new ArrayList<>();
    byName.values().forEach(f -> add(f, byName, new LinkedHashSet<>(), ordered));
    List<ServerFeature> orderedServers = new ArrayList<>();
    for (Feature feature : ordered) {
      servers.stream().filter(s -> s.name().equals(feature.name())).forEach(orderedServers::add);
    }
    return new Features(ordered, orderedServers);
  }

  private static void add(
      Feature feature, Map<String, Feature> byName, Set<String> path, List<Feature> ordered) {
    if (ordered.contains(feature)) {
      return;
    }
    if (!path.add(feature.name())) {
      throw new IllegalStateException("features need each other in a circle: " + path);
    }
    for (String need : new java.util.TreeSet<>(feature.needs())) {
      Feature needed = byName.get(need);
      if (needed == null) {
        throw new IllegalStateException(
            "the feature " + feature.name() + " needs " + need + ", which is not there");
      }
      add(needed, byName, path, ordered);
    }
    path.remove(feature.name());
    ordered.add(feature);
  }

  /**
   * Those that a configuration leaves on.
   *
   * @throws IllegalStateException if one of them needs one that is off
   */
  public Features on(Configuration configuration) {
    return of(
        declarations.stream().filter(feature -> feature.isOn(configuration)).toList(), servers);
  }

  /** The catalog of all declarations, where nothing is configured. */
  public Catalog catalog() {
    return catalog(Configuration.defaults());
  }

  /** The catalog of all declarations. */
  public Catalog catalog(Configuration configuration) {
    Catalog.Builder builder = Catalog.builder();
    declarations.forEach(f -> Plugins.ask(f, () -> f.declare(builder)));
    declarations.forEach(f -> Plugins.ask(f, () -> f.compute(builder, configuration)));
    Quotas.declare(builder);
    return builder.build();
  }
}
