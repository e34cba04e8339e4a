package org.nucleon.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.UndeclaredOptionException;

/**
 * The configuration as one feature is given it: the options that it declares, which are those that
 * {@code nucleon config} prints without starting an agent.
 */
final class DeclaredOptions implements Configuration {

  private final Configuration all;
  private final String feature;
  private final Set<String> declared;

  DeclaredOptions(Configuration all, HostFeature feature) {
    this.all = all;
    this.feature = feature.name();
    this.declared =
        feature.options().stream().map(Option::toString).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * {@inheritDoc}
   *
   * @throws UndeclaredOptionException if the feature does not declare it
   */
  @Override
  public <T> T get(Option<T> option) {
    if (!declared.contains(option.toString())) {
      throw new UndeclaredOptionException(
          option, "the feature " + feature + " does not name it among its options");
    }
    return all.get(option);
  }

  @Override
  public List<Path> folders() {
    return all.folders();
  }
}
