package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.core.feature.Option;
import org.nucleon.host.ovsdb.OvsdbException;
import org.nucleon.host.ovsdb.SwitchEdit;
import org.nucleon.openvswitch.agent.SwitchItem.BridgeItem;
import org.nucleon.openvswitch.api.OpenvswitchFeature;
import org.nucleon.openvswitch.api.TrafficConditioner;

/** The switch of a host. */
public final class OpenvswitchHost implements HostFeature {

  @Override
  public String name() {
    return OpenvswitchFeature.NAME;
  }

  @Override
  public List<Option<?>> options() {
    return SwitchOptions.ALL;
  }

  @Override
  public void join(HostSide host) throws ApplyException {
    SwitchSettings settings = SwitchOptions.settings(host.configuration());
    Path socket = SwitchOptions.database(host.configuration());
    SwitchDatabase database =
        SwitchDatabase.open(socket, settings.integrationBridge(), host::facts);
    try {
      prepare(database, settings);
    } catch (ApplyException e) {
      database.close();
      throw e;
    }
    host.role(settings.agent().description());
    BridgeNumbers numbers = new BridgeNumbers(database, settings.integrationBridge());
    host.numbers(numbers);
    List<TrafficConditioner> conditioners =
        ServiceLoader.load(TrafficConditioner.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    host.planner(new SwitchPlanner(host.host(), settings, conditioners));
    host.applier(new SwitchApplier(database, numbers));
    FlowApplier flows =
        new FlowApplier(
            database, Objects.requireNonNullElse(socket.getParent(), Path.of("")), settings);
    host.applier(new MeterApplier(flows, settings.integrationBridge()));
    host.applier(flows);
  }

  /** The integration bridge is there from the beginning: it keeps the numbers. */
  private static void prepare(SwitchDatabase database, SwitchSettings settings)
      throws ApplyException {
    for (String bridge : settings.bridgeMappings().values()) {
      if (database.now().bridge(bridge) == null) {
        throw new ApplyException(
            "there is no bridge " + bridge + ", which bridge_mappings names; create it first");
      }
    }
    BridgeItem bridge = HostPlan.integrationBridge(settings);
    try {
      new SwitchEdit(database.now())
          .bridge(bridge.name(), bridge.datapathType(), bridge.protocols(), SwitchApplier.MARK)
          .applyAndWait(database.client());
    } catch (IOException | OvsdbException e) {
      throw new ApplyException("the switch does not make bridge " + bridge.name(), e);
    }
    database.publish();
  }
}
