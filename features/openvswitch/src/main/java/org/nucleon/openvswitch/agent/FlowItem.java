package org.nucleon.openvswitch.agent;

import org.nucleon.agent.api.Item;
import org.nucleon.host.openflow.Flow;

/**
 * A flow of a bridge.
 *
 * @param bridge the bridge's name
 * @param flow the flow
 */
public record FlowItem(String bridge, Flow flow) implements Item {

  /**
   * A flow's place.
   *
   * @param bridge the bridge's name
   * @param flow the place in its tables
   */
  public record Key(String bridge, Flow.Key flow) {}

  @Override
  public Key key() {
    return new Key(bridge, flow.key());
  }

  /** In the syntax of ovs-ofctl, with the names of tables. */
  @Override
  public String toString() {
    return bridge + ": " + flow.toString(Pipeline::nameOf);
  }
}
