package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.core.feature.Option;
import org.nucleon.host.iptables.IpSets;
import org.nucleon.host.iptables.Iptables;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.ovsdb.OvsdbException;
import org.nucleon.host.ovsdb.SwitchEdit;
import org.nucleon.openvswitch.agent.SwitchItem.BridgeItem;
import org.nucleon.openvswitch.agent.iptables.AddressSetApplier;
import org.nucleon.openvswitch.agent.iptables.BridgeSwitches;
import org.nucleon.openvswitch.agent.iptables.FilterApplier;
import org.nucleon.openvswitch.agent.iptables.FilterWatch;
import org.nucleon.openvswitch.api.FirewallDriver;
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
    List<TrafficConditioner> conditioners = List.copyOf(host.drivers(TrafficConditioner.class));
    host.planner(new SwitchPlanner(host.host(), settings, conditioners));
    host.applier(new SwitchApplier(database, numbers));
    filters(host, settings.firewall());
    FlowApplier flows =
        new FlowApplier(
            database, Objects.requireNonNullElse(socket.getParent(), Path.of("")), settings);
    host.applier(new FragmentApplier(flows, settings.integrationBridge()));
    host.applier(new MeterApplier(flows, settings.integrationBridge()));
    host.applier(flows);
  }

  /**
   * Where iptables is not to filter it is only seen to it that nothing is left there of a time when
   * it was.
   */
  private static void filters(HostSide host, FirewallDriver firewall) throws ApplyException {
    if (!Iptables.isInstalled() || !IpSets.isInstalled()) {
      if (firewall.isHybrid()) {
        throw new ApplyException(
            "firewall_driver "
                + firewall
                + " needs iptables, ip6tables and ipset: install the packages iptables and ipset");
      }
      return;
    }
    try {
      NetworkNamespace namespace = NetworkNamespace.current();
      BridgeSwitches switches = new BridgeSwitches(namespace, firewall.isHybrid());
      if (firewall.isHybrid()) {
        switches.on();
      }
      host.applier(new AddressSetApplier(namespace, firewall.isHybrid()));
      host.applier(new FilterApplier(namespace, new FilterWatch(namespace, switches)));
    } catch (IOException e) {
      throw new ApplyException("the host's network namespace cannot be used: is this root?", e);
    }
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
