package org.nucleon.server;

import java.util.Collection;
import java.util.Map;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;

/** Binds ports where an agent is alive. */
public final class AliveDriver implements MechanismDriver {

  @Override
  public String name() {
    return "alive";
  }

  @Override
  public void initialize(Configuration configuration) {
    // nothing to read
  }

  @Override
  public Result bind(Attributes port, Segment segment, Collection<Resource> agents) {
    return agents.stream().anyMatch(agent -> agent.get(Agents.ALIVE))
        ? new Bound("ovs", Map.of())
        : new Refused("nobody is alive");
  }
}
