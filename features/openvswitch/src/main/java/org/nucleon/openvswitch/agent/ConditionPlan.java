package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Plan;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Field;
import org.nucleon.host.openflow.Match;
import org.nucleon.host.openflow.Meter;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.Conditions.Rate;

/** The meters and marks of a port's traffic; a port has two meters, numbered by its own number. */
record ConditionPlan(Flows flows, long ofport, Plan out) {

  /** The numbers of the tables in which flows use meters. */
  static final Set<Integer> TABLES = Set.of(Pipeline.EGRESS_QOS.number(), Pipeline.OUTPUT.number());

  /** The smallest burst: a frame of 16,000 bytes passes. What does not fit a bucket never does. */
  static final int LEAST_BURST = 128;

  /** Plans them. */
  void plan(Conditions conditions) {
    sent(conditions);
    Rate received = conditions.received();
    if (received != null) {
      flows.add(
          Pipeline.OUTPUT,
          100,
          Match.any().reg(Pipeline.TARGET, ofport),
          meter(2 * ofport + 1, received),
          Action.outputReg(Pipeline.TARGET));
    }
  }

  private void sent(Conditions conditions) {
    List<Action> all = new ArrayList<>();
    Rate sent = conditions.sent();
    if (sent != null) {
      all.add(meter(2 * ofport, sent));
      flows.add(Pipeline.EGRESS_QOS, 100, from(), then(all));
    }
    @Nullable Integer dscp = conditions.dscp();
    if (dscp != null) {
      all.add(Action.set(Field.IP_DSCP, dscp));
      flows.add(Pipeline.EGRESS_QOS, 110, from().ipv4(), then(all));
      flows.add(Pipeline.EGRESS_QOS, 110, from().ipv6(), then(all));
    }
  }

  private Match from() {
    return Match.any().inPort(ofport);
  }

  private static List<Action> then(List<Action> actions) {
    List<Action> all = new ArrayList<>(actions);
    all.add(Flows.to(Pipeline.L2_LOOKUP));
    return all;
  }

  private Action meter(long number, Rate rate) {
    out.add(
        new MeterItem(
            flows.bridge(), new Meter(number, rate.kbps(), Math.max(LEAST_BURST, rate.burst()))));
    return Action.meter(number);
  }
}
