package org.nucleon.server.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The classes of one plugin. Ours that are meant for plugins come from us, those in {@code api}
 * packages of plugins that it requires from these, everything else from its own jars; nothing else
 * of ours is visible.
 */
final class PluginLoader extends URLClassLoader {

  private static final Pattern API = Pattern.compile("(.+\\.)?api\\.(.+\\.)?[^.]+");

  private final Manifest manifest;
  private final List<PluginLoader> required = new ArrayList<>();

  PluginLoader(Manifest manifest, List<Path> jars) {
    super(
        manifest.name(),
        jars.stream().map(PluginLoader::url).toArray(URL[]::new),
        PluginLoader.class.getClassLoader());
    this.manifest = manifest;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Manifest manifest() {
    return manifest;
  }

  void require(PluginLoader other) {
    required.add(other);
  }

  /** What plugins compile against: the JDK, core, the host library, features' api packages. */
  private static boolean isExported(String name) {
    return name.startsWith("java.")
        || name.startsWith("javax.")
        || name.startsWith("org.nucleon.core.")
        || name.startsWith("org.nucleon.host.")
        || name.startsWith("org.jspecify.")
        || name.startsWith("org.slf4j.")
        || name.matches("org\\.nucleon\\.[a-z0-9]+\\.api\\..*");
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = isExported(name) ? super.loadClass(name, false) : ofPlugins(name);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private Class<?> ofPlugins(String name) throws ClassNotFoundException {
    if (API.matcher(name).matches()) {
      for (PluginLoader other : required) {
        if (other.findResource(name.replace('.', '/') + ".class") != null) {
          return other.loadClass(name);
        }
      }
    }
    try {
      return findClass(name);
    } catch (ClassNotFoundException e) {
      if (name.startsWith("org.nucleon.")) {
        throw new ClassNotFoundException(name + " is not open to plugins");
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
