package org.nucleon.dhcp.agent;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.device.ProgramItem;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Option;
import org.nucleon.core.net.IpAddress;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DhcpFeature;
import org.nucleon.dhcp.api.DnsNames;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.network.api.Agents;

/** Serves DHCP on a host: one dnsmasq in a namespace of its own for each network placed there. */
public final class DhcpHost implements HostFeature {

  private static final Option<Integer> LEASE =
      Option.integer(
          "DEFAULT", "dhcp_lease_duration", 86_400, "Seconds that leases hold, -1 for ever");
  private static final Option<List<IpAddress>> FORWARDERS =
      Option.parsed(
          "DEFAULT",
          "dnsmasq_dns_servers",
          "",
          "list: addresses between commas",
          "Name servers that guests' questions are passed on to; none for none",
          text ->
              Arrays.stream(text.split("[,\\s]+", -1))
                  .filter(word -> !word.isEmpty())
                  .map(IpAddress::parse)
                  .toList());

  @Override
  public String name() {
    return DhcpFeature.NAME;
  }

  @Override
  public List<Option<?>> options() {
    return List.of(
        LEASE,
        DnsNames.DOMAIN,
        FORWARDERS,
        Agents.ZONE,
        IsolatedMetadata.ENABLED,
        IsolatedMetadata.FORCED);
  }

  @Override
  public void join(HostSide host) {
    int lease = host.configuration().get(LEASE);
    String domain = host.configuration().get(DnsNames.DOMAIN);
    Path folders = ProgramItem.folders(host.stateFolder());
    host.role(
        new AgentDescription(
            "dhcp",
            Dhcp.AGENT_TYPE,
            "neutron-dhcp-agent",
            "dhcp_agent",
            Map.of(
                "dhcp_driver",
                "dnsmasq",
                "dhcp_lease_duration",
                lease,
                Agents.AVAILABILITY_ZONE.name(),
                host.configuration().get(Agents.ZONE))));
    host.planner(
        new DhcpPlanner(
            new Dnsmasq(folders, lease, domain, host.configuration().get(FORWARDERS)),
            IsolatedMetadata.of(host.configuration())));
    host.applier(new HostEntryApplier(folders, domain));
  }
}
