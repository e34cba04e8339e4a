package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;

/**
 * Says what the integration bridge does with fragments. A restart of the switch undoes it; nothing
 * tells when somebody else has changed it.
 */
final class FragmentApplier implements Applier<FragmentItem> {

  private final FlowApplier flows;
  private final String bridge;

  /**
   * An applier that is not started.
   *
   * @param flows whose connections it uses
   */
  FragmentApplier(FlowApplier flows, String bridge) {
    this.flows = flows;
    this.bridge = bridge;
  }

  @Override
  public Class<FragmentItem> items() {
    return FragmentItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.METERS;
  }

  @Override
  public void start(Drift<FragmentItem> drift) {
    flows.onAnew(drift::anywhere);
  }

  @Override
  public Map<Object, FragmentItem> read() throws ApplyException {
    try {
      FragmentItem item = new FragmentItem(bridge);
      return flows.exists(bridge) && flows.channel(bridge).connection().matchesFirstFragments()
          ? Map.of(item.key(), item)
          : Map.of();
    } catch (IOException e) {
      flows.channel(bridge).discard();
      throw new ApplyException("what " + bridge + " does with fragments cannot be read", e);
    }
  }

  @Override
  public Map<Object, String> apply(Collection<FragmentItem> put, Collection<FragmentItem> remove)
      throws ApplyException {
    try {
      flows.channel(bridge).connection().matchFirstFragments(!put.isEmpty());
      return Map.of();
    } catch (IOException e) {
      flows.channel(bridge).discard();
      throw new ApplyException("what " + bridge + " does with fragments cannot be changed", e);
    }
  }

  @Override
  public void close() {
    // the connections are the flows'
  }
}
