package org.nucleon.securitygroup.server;

import org.nucleon.core.Caller;
import org.nucleon.core.feature.Preparation;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.core.watch.Routing;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.securitygroup.api.SecurityGroupFeature;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** The rules of security groups and port security. */
public final class SecurityGroupServer implements ServerFeature {

  @Override
  public String name() {
    return SecurityGroupFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(SecurityGroups.SECURITY_GROUP, new GroupRules());
    server.rules(SecurityGroupRules.RULE, new RuleRules());
    server.rules(
        Ports.PORT, new PortSecurityRules(server.configuration().get(PortSecurityRules.MAX_PAIRS)));
    server.rules(
        Networks.NETWORK,
        new ResourceRules() {
          @Override
          public void onCreate(Transaction tx, Draft network) {
            DefaultGroups.of(tx, network.project());
          }
        });
    server.beforeLists(SecurityGroups.SECURITY_GROUP, new OwnDefaultGroup());
    server.beforeLists(SecurityGroupRules.RULE, new OwnDefaultGroup());
    server.routing(
        SecurityGroups.SECURITY_GROUP,
        (group, routes) -> routes.publish(SecurityGroups.topic(group.id())));
    server.routing(SecurityGroupRules.RULE, SecurityGroupServer::routeRule);
    server.routing(Ports.PORT, SecurityGroupServer::routePort);
  }

  /** Whoever looks at groups finds his project's default group. */
  private static final class OwnDefaultGroup implements Preparation {
    @Override
    public boolean isNeeded(View view, Caller caller) {
      return !caller.project().isEmpty()
          && view.owner(SecurityGroups.defaultOf(caller.project())).isEmpty();
    }

    @Override
    public void make(Transaction tx) {
      DefaultGroups.of(tx, tx.caller().project());
    }
  }

  /** Who has ports in a group with rules about another group must know that one's members. */
  private static void routeRule(Resource rule, Routing.Routes routes) {
    var group = SecurityGroups.topic(rule.get(SecurityGroupRules.SECURITY_GROUP_ID));
    routes.publish(group);
    rule.find(SecurityGroupRules.REMOTE_GROUP_ID)
        .ifPresent(remote -> routes.follow(group, SecurityGroups.members(remote)));
  }

  private static void routePort(Resource port, Routing.Routes routes) {
    for (var group : port.get(SecurityGroups.OF_PORT)) {
      routes.publish(SecurityGroups.members(group));
      for (String host : Binding.hosts(port)) {
        routes.follow(new Host(host), SecurityGroups.topic(group));
      }
    }
  }
}
