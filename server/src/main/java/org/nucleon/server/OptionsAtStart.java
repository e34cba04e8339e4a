package org.nucleon.server;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.UndeclaredOptionException;

/**
 * The configuration as features of a server are given it: whatever they ask for while they are put
 * together, and later only that again. So {@code nucleon config} knows every option, and a value
 * that is wrong ends the start, not a request.
 */
final class OptionsAtStart implements Configuration {

  private final Configuration all;
  private final Set<String> asked = new HashSet<>();
  private boolean isOver;

  OptionsAtStart(Configuration all) {
    this.all = all;
  }

  /** From now on nothing new is asked for. */
  synchronized void end() {
    isOver = true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws UndeclaredOptionException if the features are put together and none has asked before
   */
  @Override
  public <T> T get(Option<T> option) {
    synchronized (this) {
      if (isOver && !asked.contains(option.toString())) {
        throw new UndeclaredOptionException(option, "no feature did so while the server started");
      }
      asked.add(option.toString());
    }
    return all.get(option);
  }

  @Override
  public List<Path> folders() {
    return all.folders();
  }
}
