package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.openflow.Meter;
import org.nucleon.host.openflow.OpenFlowConnection;
import org.nucleon.host.openflow.OpenFlowException;

/**
 * Makes meters of the integration bridge; all that it has are ours. They are there before the flows
 * that name them, and go after those. The switch tells nobody of changed meters, but removing one
 * removes its flows, of which {@link FlowApplier} hears.
 */
final class MeterApplier implements Applier<MeterItem> {

  private final FlowApplier flows;
  private final String bridge;

  /**
   * An applier that is not started.
   *
   * @param flows whose connections it uses
   */
  MeterApplier(FlowApplier flows, String bridge) {
    this.flows = flows;
    this.bridge = bridge;
  }

  @Override
  public Class<MeterItem> items() {
    return MeterItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.METERS;
  }

  @Override
  public void start(Drift<MeterItem> drift) {
    flows.onAnew(drift::anywhere);
    flows.onMetersGone(drift::anywhere);
  }

  @Override
  public Map<Object, MeterItem> read() throws ApplyException {
    Map<Object, MeterItem> items = new HashMap<>();
    if (flows.exists(bridge)) {
      try {
        for (Meter meter : flows.channel(bridge).connection().meters()) {
          MeterItem item = new MeterItem(bridge, meter);
          items.put(item.key(), item);
        }
      } catch (IOException e) {
        flows.channel(bridge).discard();
        throw new ApplyException("the meters of " + bridge + " cannot be read", e);
      }
    }
    return items;
  }

  @Override
  public Map<Object, String> apply(Collection<MeterItem> put, Collection<MeterItem> remove)
      throws ApplyException {
    Map<Object, String> failed = new HashMap<>();
    try {
      OpenFlowConnection connection = flows.channel(bridge).connection();
      for (MeterItem item : put) {
        attempt(item, () -> connection.put(item.meter()), failed);
      }
      for (MeterItem item : remove) {
        attempt(item, () -> connection.delete(item.meter()), failed);
      }
    } catch (IOException e) {
      flows.channel(bridge).discard();
      throw new ApplyException("the meters of " + bridge + " cannot be changed", e);
    }
    return failed;
  }

  private interface Step {
    void run() throws IOException;
  }

  /** What the switch refuses is left out, the rest is done. */
  private static void attempt(MeterItem item, Step step, Map<Object, String> failed)
      throws IOException {
    try {
      step.run();
    } catch (OpenFlowException e) {
      failed.put(item.key(), item + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    // the connections are the flows'
  }
}
