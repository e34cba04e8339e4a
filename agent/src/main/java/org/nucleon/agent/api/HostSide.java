package org.nucleon.agent.api;

import java.nio.file.Path;
import java.util.Map;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.resource.View;

/** The agent as features see it while it is put together. */
public interface HostSide extends Drivers {

  /** The operator's configuration, as far as {@link HostFeature#options} names it. */
  Configuration configuration();

  /** The host's name, as in {@code binding:host_id}. */
  String host();

  /** A folder of the agent's own for state of programs; readable by root only. */
  Path stateFolder();

  /**
   * The resources that concern the host as the agent has them now, for what is answered rather than
   * planned. Usable on any thread once the agent runs.
   */
  View view();

  /** Adds a role under which the host appears in the API. */
  void role(AgentDescription description);

  /** Adds a planner. */
  void planner(Planner planner);

  /** Adds an applier. */
  void applier(Applier<?> applier);

  /** Sets where numbers are kept. */
  void numbers(NumberStore store);

  /** Replaces all facts of a kind; may be called on any thread, at any time. */
  void facts(String kind, Map<String, ?> facts);
}
