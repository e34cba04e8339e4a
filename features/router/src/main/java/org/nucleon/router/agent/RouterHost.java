package org.nucleon.router.agent;

import java.util.List;
import java.util.Map;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Option;
import org.nucleon.network.api.Agents;
import org.nucleon.router.api.RouterFeature;
import org.nucleon.router.api.Routers;

/** Routes on a host: one namespace for each router placed there. */
public final class RouterHost implements HostFeature {

  @Override
  public String name() {
    return RouterFeature.NAME;
  }

  @Override
  public List<Option<?>> options() {
    return List.of(Agents.ZONE);
  }

  @Override
  public void join(HostSide host) {
    host.role(
        new AgentDescription(
            "l3",
            Routers.AGENT_TYPE,
            "neutron-l3-agent",
            "l3_agent",
            Map.of(
                "agent_mode",
                "legacy",
                Agents.AVAILABILITY_ZONE.name(),
                host.configuration().get(Agents.ZONE))));
    host.planner(new RouterPlanner());
  }
}
