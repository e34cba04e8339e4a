package org.nucleon.router.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.device.ProgramItem;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;
import org.nucleon.network.api.Agents;
import org.nucleon.router.api.RouterFeature;
import org.nucleon.router.api.Routers;

/** Routes on a host: one namespace for each router placed there. */
public final class RouterHost implements HostFeature {

  private static final Option<Optional<IpAddress>> IPV6_GATEWAY =
      Option.parsed(
          "DEFAULT",
          "ipv6_gateway",
          "",
          "link-local IPv6 address",
          "Link-local address of the IPv6 router of external networks without IPv6 subnets; empty to"
              + " learn it from router advertisements",
          RouterHost::linkLocal);

  @Override
  public String name() {
    return RouterFeature.NAME;
  }

  @Override
  public List<Option<?>> options() {
    return List.of(Agents.ZONE, IPV6_GATEWAY);
  }

  private static Optional<IpAddress> linkLocal(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    IpAddress address = IpAddress.parse(text.strip());
    if (address.version() != 6 || !address.isLinkLocal()) {
      throw new IllegalArgumentException(address + " is not of fe80::/10");
    }
    return Optional.of(address);
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
    host.planner(new NeighbourPlanner());
    host.planner(
        new RouterPlanner(
            new Radvd(ProgramItem.folders(host.stateFolder())),
            host.configuration().get(IPV6_GATEWAY)));
  }
}
