package org.nucleon.qos.agent;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.state.Change;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.Conditions.Rate;
import org.nucleon.openvswitch.api.TrafficConditioner;
import org.nucleon.qos.api.QosPolicies;
import org.nucleon.qos.api.QosRules;

/** What the switch does to a port's traffic by the QoS policy that it is under. */
public final class PolicyConditions implements TrafficConditioner {

  /** Neutron's: TCP comes near to the limit, and not far beyond. */
  private static final double USUAL_BURST_SECONDS = 0.8;

  @Override
  public Conditions of(View view, Resource port) {
    if (!port.layout().has(QosPolicies.OF_PORT)) {
      return Conditions.NONE; // the feature is off
    }
    Optional<UUID> policy = QosPolicies.effective(port);
    if (policy.isEmpty()) {
      return Conditions.NONE;
    }
    @Nullable Integer dscp = null;
    for (Resource rule : view.list(QosRules.MARKING_OF, policy.get())) {
      dscp = rule.get(QosRules.DSCP_MARK);
    }
    return new Conditions(
        rate(view, policy.get(), QosRules.EGRESS),
        rate(view, policy.get(), QosRules.INGRESS),
        dscp);
  }

  private static @Nullable Rate rate(View view, UUID policy, String direction) {
    for (Resource rule : view.list(QosRules.LIMIT_OF, policy)) {
      int kbps = rule.get(QosRules.MAX_KBPS);
      if (kbps > 0 && rule.get(QosRules.DIRECTION).equals(direction)) {
        int burst = rule.get(QosRules.MAX_BURST_KBPS);
        return new Rate(kbps, burst > 0 ? burst : (int) (kbps * USUAL_BURST_SECONDS));
      }
    }
    return null;
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<UUID> ports) {
    for (QosRules.Kind kind : QosRules.KINDS) {
      if (change.type().equals(kind.type())) {
        under(policy(change.before(), kind.policy()), after, ports);
        under(policy(change.after(), kind.policy()), after, ports);
      }
    }
  }

  private static @Nullable UUID policy(@Nullable Resource rule, Attribute<UUID> of) {
    return rule == null ? null : rule.get(of);
  }

  private static void under(@Nullable UUID policy, View view, Consumer<UUID> ports) {
    if (policy != null) {
      view.list(QosPolicies.OF_PORT, policy).forEach(port -> ports.accept(port.id()));
      view.list(QosPolicies.NETWORK_POLICY, policy).forEach(port -> ports.accept(port.id()));
    }
  }
}
