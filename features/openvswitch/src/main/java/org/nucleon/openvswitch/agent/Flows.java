package org.nucleon.openvswitch.agent;

import java.util.List;
import org.nucleon.agent.api.Plan;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Flow;
import org.nucleon.host.openflow.Match;

/**
 * Plans flows of one bridge for one cause.
 *
 * @param bridge the bridge's name
 * @param cookie names the cause
 * @param plan where the flows go
 */
record Flows(String bridge, long cookie, Plan plan) {

  /** Plans a flow. */
  void add(Pipeline table, int priority, Match match, Action... actions) {
    add(table, priority, match, List.of(actions));
  }

  /** Plans a flow. */
  void add(Pipeline table, int priority, Match match, List<Action> actions) {
    plan.add(new FlowItem(bridge, new Flow(table.number(), priority, match, actions, cookie)));
  }

  /** Plans a flow that drops, and thereby counts. */
  void drop(Pipeline table, int priority, Match match) {
    add(table, priority, match);
  }

  /** On to a table. */
  static Action to(Pipeline table) {
    return Action.gotoTable(table.number());
  }
}
