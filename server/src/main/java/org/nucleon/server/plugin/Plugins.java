package org.nucleon.server.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.nucleon.core.feature.ApiVersion;

/**
 * The providers of an interface: of the class path, and of each plugin in the plugins folder. A
 * plugin is a jar, or a folder of jars, with a class loader of its own. Plugins come in an order in
 * which each follows those that it requires.
 */
public final class Plugins {

  private final List<PluginLoader> loaders;

  private Plugins(List<PluginLoader> loaders) {
    this.loaders = loaders;
  }

  /** Only the class path. */
  public static Plugins none() {
    return new Plugins(List.of());
  }

  /**
   * The plugins in a folder; none if there is no such folder.
   *
   * @throws IOException if the folder cannot be read
   * @throws PluginException naming the plugin that cannot be loaded, and why
   */
  public static Plugins in(Path folder) throws IOException {
    Map<String, PluginLoader> byName = new LinkedHashMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path entry : entries.sorted().toList()) {
          List<Path> jars = jars(entry);
          if (!jars.isEmpty()) {
            add(byName, entry, jars);
          }
        }
      }
    }
    List<PluginLoader> ordered = new ArrayList<>();
    byName.values().forEach(loader -> settle(loader, byName, new LinkedHashSet<>(), ordered));
    return new Plugins(List.copyOf(ordered));
  }

  private static List<Path> jars(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return entry.toString().endsWith(".jar") ? List.of(entry) : List.of();
    }
    try (Stream<Path> files = Files.list(entry)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static void add(Map<String, PluginLoader> byName, Path entry, List<Path> jars) {
    String fallback = entry.getFileName().toString().replaceFirst("\\.jar$", "");
    Manifest manifest = Manifest.read(fallback, jars);
    if (!manifest.builtFor().runsWith(ApiVersion.CURRENT)) {
      throw new PluginException(
          manifest.name(),
          "it was built for version "
              + manifest.builtFor()
              + " of the API; this is "
              + ApiVersion.CURRENT);
    }
    if (byName.put(manifest.name(), new PluginLoader(manifest, jars)) != null) {
      throw new PluginException(manifest.name(), "there are two of that name");
    }
  }

  private static void settle(
      PluginLoader loader,
      Map<String, PluginLoader> byName,
      Set<String> path,
      List<PluginLoader> ordered) {
    if (ordered.contains(loader)) {
      return;
    }
    String name = loader.manifest().name();
    if (!path.add(name)) {
      throw new PluginException(
          name, "it requires itself: " + String.join(" > ", path) + " > " + name);
    }
    for (String required : loader.manifest().requires()) {
      PluginLoader other = byName.get(required);
      if (other == null) {
        throw new PluginException(
            name, "it requires the plugin " + required + ", which is not there");
      }
      settle(other, byName, path, ordered);
      loader.require(other);
    }
    path.remove(name);
    ordered.add(loader);
  }

  /** Name and version of each plugin, in the order in which they were loaded. */
  public List<String> labels() {
    return loaders.stream().map(loader -> loader.manifest().label()).toList();
  }

  /**
   * All implementations of an interface.
   *
   * @throws PluginException naming the plugin whose provider cannot be made
   */
  public <T> List<T> providers(Class<T> type) {
    List<T> providers = new ArrayList<>();
    add(providers, type, Plugins.class.getClassLoader(), false);
    loaders.forEach(loader -> add(providers, type, loader, true));
    return providers;
  }

  /**
   * @param onlyOwn whether those of other loaders are passed over: ours are visible to plugins
   */
  private static <T> void add(
      List<T> providers, Class<T> type, ClassLoader loader, boolean onlyOwn) {
    try {
      for (ServiceLoader.Provider<T> provider :
          ServiceLoader.load(type, loader).stream().toList()) {
        if (!onlyOwn || loader.equals(provider.type().getClassLoader())) {
          providers.add(provider.get());
        }
      }
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      throw new PluginException(origin(loader), e);
    }
  }

  /**
   * Does what a provider is asked to do while the system is put together.
   *
   * @throws PluginException naming where the provider is from, if it throws
   */
  public static void ask(Object provider, Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException | PluginException e) {
      throw e; // an option that is wrong, or a driver of it that is named already
    } catch (RuntimeException | LinkageError e) {
      throw new PluginException(origin(provider.getClass().getClassLoader()), e);
    }
  }

  private static String origin(ClassLoader loader) {
    return loader instanceof PluginLoader plugin
        ? "the plugin " + plugin.manifest().name()
        : "a part of Nucleon";
  }
}
