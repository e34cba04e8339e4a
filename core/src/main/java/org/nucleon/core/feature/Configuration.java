package org.nucleon.core.feature;

/** The operator's configuration. */
@FunctionalInterface
public interface Configuration {

  /**
   * The value of an option.
   *
   * @throws IllegalArgumentException naming the option and what is expected, if its text cannot be
   *     read
   */
  <T> T get(Option<T> option);

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
