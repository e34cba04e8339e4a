package org.nucleon.core.feature;

import java.util.Collection;
import java.util.ServiceLoader;

/** Where the implementations of driver interfaces come from. */
@FunctionalInterface
public interface Drivers {

  /** Those of the class path alone. */
  Drivers CLASS_PATH = Drivers::ofClassPath;

  /**
   * The implementations of a driver interface, plugins' included, but for those of core plugins
   * that are not the chosen one.
   */
  <T> Collection<T> drivers(Class<T> type);

  private static <T> Collection<T> ofClassPath(Class<T> type) {
    return ServiceLoader.load(type).stream().map(ServiceLoader.Provider::get).toList();
  }
}
