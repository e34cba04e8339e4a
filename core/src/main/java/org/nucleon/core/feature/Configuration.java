package org.nucleon.core.feature;

import java.nio.file.Path;
import java.util.List;

/** The operator's configuration. */
public interface Configuration {

  /**
   * The value of an option.
   *
   * @throws IllegalArgumentException naming the option and what is expected, if its text cannot be
   *     read
   */
  <T> T get(Option<T> option);

  /** The folders of the configuration files, where files that options name are looked for. */
  default List<Path> folders() {
    return List.of();
  }

  /** Nothing configured: every option has its default. */
  static Configuration defaults() {
    return new Configuration() {
      @Override
      public <T> T get(Option<T> option) {
        return option.parser().apply(option.defaultText());
      }
    };
  }
}
