package org.nucleon.server;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The providers of an interface: of the class path, and of each plugin in the plugins folder. A
 * plugin is a jar, or a folder of jars, with a class loader of its own: its own classes come first
 * except for ours that are meant for plugins, and nothing else of ours is visible to it.
 */
public final class Plugins {

  private final List<PluginLoader> loaders = new ArrayList<>();

  private Plugins() {}

  /** Only the class path. */
  public static Plugins none() {
    return new Plugins();
  }

  /**
   * The plugins in a folder, in order of their names; none if there is no such folder.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Plugins in(Path folder) throws IOException {
    Plugins plugins = new Plugins();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path entry : entries.sorted().toList()) {
          List<Path> jars = jars(entry);
          if (!jars.isEmpty()) {
            plugins.loaders.add(new PluginLoader(entry.getFileName().toString(), jars));
          }
        }
      }
    }
    return plugins;
  }

  private static List<Path> jars(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return entry.toString().endsWith(".jar") ? List.of(entry) : List.of();
    }
    try (Stream<Path> files = Files.list(entry)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /**
   * All implementations of an interface.
   *
   * @throws IllegalStateException naming the plugin whose provider cannot be made
   */
  public <T> List<T> providers(Class<T> type) {
    List<T> providers = new ArrayList<>();
    ServiceLoader.load(type, Plugins.class.getClassLoader()).forEach(providers::add);
    for (PluginLoader loader : loaders) {
      try {
        for (ServiceLoader.Provider<T> provider :
            ServiceLoader.load(type, loader).stream().toList()) {
          if (provider.type().getClassLoader() == loader) {
            providers.add(provider.get());
          }
        }
      } catch (RuntimeException | LinkageError | java.util.ServiceConfigurationError e) {
        throw new IllegalStateException("the plugin " + loader.getName() + " cannot be loaded", e);
      }
    }
    return providers;
  }

  private static final class PluginLoader extends URLClassLoader {

    PluginLoader(String name, List<Path> jars) {
      super(
          name,
          jars.stream().map(PluginLoader::url).toArray(URL[]::new),
          Plugins.class.getClassLoader());
    }

    private static URL url(Path jar) {
      try {
        return jar.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(e);
      }
    }

    /** What plugins compile against: the JDK, core, features' api packages. */
    private static boolean isExported(String name) {
      return name.startsWith("java.")
          || name.startsWith("javax.")
          || name.startsWith("org.nucleon.core.")
          || name.startsWith("org.jspecify.")
          || name.startsWith("org.slf4j.")
          || name.matches("org\\.nucleon\\.[a-z0-9]+\\.api\\..*");
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null) {
          loaded = isExported(name) ? super.loadClass(name, false) : own(name);
        }
        if (resolve) {
          resolveClass(loaded);
        }
        return loaded;
      }
    }

    private Class<?> own(String name) throws ClassNotFoundException {
      try {
        return findClass(name);
      } catch (ClassNotFoundException e) {
        if (name.startsWith("org.nucleon.")) {
          throw new ClassNotFoundException(name + " is not open to plugins", e);
        }
        return ClassLoader.getPlatformClassLoader().loadClass(name);
      }
    }

    @Override
    public URL getResource(String name) {
      return findResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return findResources(name);
    }
  }
}
