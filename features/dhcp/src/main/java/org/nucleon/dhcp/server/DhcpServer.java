package org.nucleon.dhcp.server;

import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.DhcpFeature;
import org.nucleon.dhcp.api.DnsNames;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** Places DHCP servers and lets ports wait for them. */
public final class DhcpServer implements ServerFeature {

  @Override
  public String name() {
    return DhcpFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(Networks.NETWORK, new ZoneRules(server.configuration().get(Agents.DEFAULT_ZONES)));
    server.rules(Ports.PORT, new AwaitServer());
    server.rules(Ports.PORT, new OptionRules());
    server.rules(Ports.PORT, new DnsRules(server.configuration().get(DnsNames.DOMAIN)));
    server.reports(Ports.PORT, Dhcp.PROVISIONING, DhcpServer::report);
    server.routing(
        Networks.NETWORK,
        (network, routes) -> {
          for (String host : network.get(Dhcp.HOSTS)) {
            routes.follow(new Host(host), Networks.topic(network.id()));
          }
        });
    NetworksOfAgents networks = new NetworksOfAgents();
    server.below(Agents.AGENT, "dhcp-networks", networks);
    server.below(Networks.NETWORK, "dhcp-agents", networks.reversed());
    server.background(new DhcpScheduler(server.configuration(), InstantSource.system()));
  }

  /** A host that serves the port's network says that its server knows the port. */
  private static boolean report(
      Transaction tx, String host, Resource port, Map<String, @Nullable Object> report) {
    Resource network = tx.get(Networks.NETWORK, port.get(Ports.NETWORK_ID));
    if (!network.get(Dhcp.HOSTS).contains(host)) {
      return false;
    }
    if (port.get(Ports.PENDING).contains(Dhcp.PROVISIONING)) {
      tx.update(port, draft -> Ports.provide(draft, Dhcp.PROVISIONING));
    }
    return true;
  }

  /** A guest is not to ask for its address before anyone knows the answer. */
  private static final class AwaitServer implements ResourceRules {
    @Override
    public void onCreate(Transaction tx, Draft port) {
      Resource network = tx.get(Networks.NETWORK, port.get(Ports.NETWORK_ID));
      if (!network.get(Dhcp.HOSTS).isEmpty()
          && !DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER))
          && !Dhcp.servedAddresses(tx, port).isEmpty()) {
        Ports.await(port, Dhcp.PROVISIONING);
      }
    }
  }
}
