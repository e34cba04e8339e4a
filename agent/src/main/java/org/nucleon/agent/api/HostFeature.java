package org.nucleon.agent.api;

import java.util.List;
import org.nucleon.core.feature.Option;

/** What a feature does on hosts. Found by {@link java.util.ServiceLoader}. */
public interface HostFeature {

  /** The name of the {@link org.nucleon.core.feature.Feature} that declares its resources. */
  String name();

  /** Every option that it reads when it joins; it is refused any other. */
  default List<Option<?>> options() {
    return List.of();
  }

  /**
   * Adds its planners and appliers, and first facts.
   *
   * @throws ApplyException if the host lacks what it needs, saying what to do
   */
  void join(HostSide host) throws ApplyException;
}
