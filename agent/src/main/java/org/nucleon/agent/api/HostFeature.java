package org.nucleon.agent.api;

/** What a feature does on hosts. Found by {@link java.util.ServiceLoader}. */
public interface HostFeature {

  /** The name of the {@link org.nucleon.core.feature.Feature} that declares its resources. */
  String name();

  /**
   * Adds its planners and appliers, and first facts.
   *
   * @throws ApplyException if the host lacks what it needs, saying what to do
   */
  void join(HostSide host) throws ApplyException;
}
