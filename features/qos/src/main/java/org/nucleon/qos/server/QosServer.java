package org.nucleon.qos.server;

import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.core.watch.Routing;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.qos.api.QosDriver;
import org.nucleon.qos.api.QosFeature;
import org.nucleon.qos.api.QosPolicies;
import org.nucleon.qos.api.QosRules;

/** The rules of QoS policies and their use; hosts know the policies of their ports. */
public final class QosServer implements ServerFeature {

  @Override
  public String name() {
    return QosFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(QosPolicies.POLICY, new PolicyRules());
    server.rules(Networks.NETWORK, new NetworkRules());
    server.rules(Ports.PORT, new PortRules());
    server.routing(
        QosPolicies.POLICY, (policy, routes) -> routes.publish(QosPolicies.topic(policy.id())));
    for (QosRules.Kind kind : QosRules.KINDS) {
      server.rules(kind.type(), new OneOfAKind(kind));
      server.routing(
          kind.type(),
          (rule, routes) -> routes.publish(QosPolicies.topic(rule.get(kind.policy()))));
    }
    server.routing(Ports.PORT, QosServer::route);
    server.computed(RuleTypes.collection(server.drivers(QosDriver.class)));
  }

  private static void route(Resource port, Routing.Routes routes) {
    QosPolicies.effective(port)
        .ifPresent(policy -> {
          for (String host : Binding.hosts(port)) {
            routes.follow(new Host(host), QosPolicies.topic(policy));
          }
        });
  }
}
