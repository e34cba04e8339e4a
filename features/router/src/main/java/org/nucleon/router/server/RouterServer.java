package org.nucleon.router.server;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.core.watch.Routing;
import org.nucleon.network.api.AgentScheduling;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;
import org.nucleon.router.api.FloatingIps;
import org.nucleon.router.api.RouterFeature;
import org.nucleon.router.api.Routers;

/** The rules of routers and floating IPs, and where routers are placed. */
public final class RouterServer implements ServerFeature {

  @Override
  public String name() {
    return RouterFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(
        Routers.ROUTER,
        new RouterRules(
            server.configuration().get(RouterRules.MAX_ROUTES),
            server.configuration().get(RouterRules.SNAT_BY_DEFAULT),
            server.configuration().get(Agents.DEFAULT_ZONES)));
    server.rules(Subnets.SUBNET, new NewExternalSubnets());
    server.rules(FloatingIps.FLOATING_IP, new FloatingIpRules());
    server.rules(Ports.PORT, new RouterPortRules());
    server.rules(Networks.NETWORK, new RouterPortRules.OfNetworks());
    server.action(Routers.ROUTER, "add_router_interface", Interfaces::add);
    server.action(Routers.ROUTER, "remove_router_interface", Interfaces::remove);
    server.action(Routers.ROUTER, "add_extraroutes", ExtraRoutes::add);
    server.action(Routers.ROUTER, "remove_extraroutes", ExtraRoutes::remove);
    server.computed(
        new ComputedCollection(
            "floatingip_pools",
            "floatingip_pools",
            "get_floatingip_pool",
            List.of("subnet_id", "subnet_name", "network_id", "cidr"),
            (view, caller) -> pools(view)));
    server.computed(ServiceProviders.collection(server.configuration()));
    server.routing(Routers.ROUTER, RouterServer::route);
    server.routing(
        FloatingIps.FLOATING_IP,
        (floating, routes) ->
            floating
                .find(FloatingIps.ROUTER_ID)
                .ifPresent(router -> routes.publish(Routers.topic(router))));
    server.reports(FloatingIps.FLOATING_IP, "status", RouterServer::reportStatus);
    RoutersOfAgents routers = new RoutersOfAgents();
    server.below(Agents.AGENT, "l3-routers", routers);
    server.below(Routers.ROUTER, "l3-agents", routers.reversed());
    Configuration configuration = server.configuration();
    server.background(
        new RouterScheduler(
            new AgentScheduling(
                Routers.AGENT_TYPE,
                RouterScheduler.failover(configuration),
                configuration,
                InstantSource.system())));
  }

  /** The subnets that floating IPs are of. */
  private static List<Map<String, @Nullable Object>> pools(View view) {
    List<Map<String, @Nullable Object>> pools = new ArrayList<>();
    for (Resource network : view.all(Networks.NETWORK)) {
      if (network.get(Networks.EXTERNAL)) {
        for (Resource subnet : view.list(Subnets.NETWORK_ID, network.id())) {
          if (subnet.get(Subnets.IP_VERSION) == 4) {
            Map<String, @Nullable Object> pool = new LinkedHashMap<>();
            pool.put("subnet_id", subnet.id().toString());
            pool.put("subnet_name", subnet.get(Subnets.NAME));
            pool.put("network_id", network.id().toString());
            pool.put("cidr", subnet.get(Subnets.CIDR).toString());
            pools.add(pool);
          }
        }
      }
    }
    return pools;
  }

  private static void route(Resource router, Routing.Routes routes) {
    routes.publish(Routers.topic(router.id()));
    String host = router.get(Routers.HOST);
    if (!host.isEmpty()) {
      routes.follow(new Host(host), Routers.topic(router.id()));
    }
  }

  /** Only the host that its router is placed on speaks of a floating IP. */
  private static boolean reportStatus(
      Transaction tx, String host, Resource floating, Map<String, @Nullable Object> report) {
    Optional<Resource> router =
        floating.find(FloatingIps.ROUTER_ID).flatMap(id -> tx.find(Routers.ROUTER, id));
    if (router.isEmpty()) {
      return true; // disassociated meanwhile
    }
    if (!router.get().get(Routers.HOST).equals(host)) {
      return false;
    }
    String status = "ACTIVE".equals(report.get("status")) ? "ACTIVE" : "ERROR";
    tx.update(floating, draft -> draft.set(FloatingIps.STATUS, status));
    return true;
  }
}
