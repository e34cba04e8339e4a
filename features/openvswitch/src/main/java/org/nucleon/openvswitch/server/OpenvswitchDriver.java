package org.nucleon.openvswitch.server;

import java.util.Collection;
import java.util.Map;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.openvswitch.api.OpenvswitchFeature;
import org.nucleon.openvswitch.api.SwitchAgent;

/** Binds ports to hosts that run Open vSwitch. */
public final class OpenvswitchDriver implements MechanismDriver {

  @Override
  public String name() {
    return OpenvswitchFeature.NAME;
  }

  @Override
  public void initialize(Configuration configuration) {
    // hosts tell what they can do; there is nothing to configure here
  }

  @Override
  public boolean followsNumbers() {
    return true; // hosts plan the network's flows anew
  }

  @Override
  public Result bind(Attributes port, Segment segment, Collection<Resource> agents) {
    String vnic = port.get(Binding.VNIC_TYPE);
    if (!vnic.equals("normal")) {
      return new Refused("it does not serve vnic_type " + vnic);
    }
    Resource agent = null;
    for (Resource candidate : agents) {
      if (candidate.get(Agents.TYPE).equals(SwitchAgent.TYPE)) {
        agent = candidate;
      }
    }
    String host = port.get(Binding.HOST_ID);
    if (agent == null) {
      return new Refused("host " + host + " has no " + SwitchAgent.TYPE);
    }
    if (!agent.get(Agents.ALIVE)) {
      return new Refused("the " + SwitchAgent.TYPE + " on host " + host + " is not connected");
    }
    return SwitchAgent.of(agent)
        .map(on -> bind(host, segment, on))
        .orElseThrow(() -> new IllegalStateException("an agent of another type"));
  }

  private static Result bind(String host, Segment segment, SwitchAgent agent) {
    return agent
        .obstacle(segment)
        .<Result>map(obstacle -> new Refused("host " + host + " " + obstacle))
        .orElseGet(() -> bound(agent));
  }

  private static Bound bound(SwitchAgent agent) {
    return new Bound(
        "ovs",
        Map.of(
            "port_filter",
            agent.firewall().filters(),
            "ovs_hybrid_plug",
            agent.firewall().isHybrid(),
            "bridge_name",
            agent.integrationBridge(),
            "datapath_type",
            agent.datapathType(),
            "connectivity",
            "l2",
            "bound_drivers",
            Map.of("0", OpenvswitchFeature.NAME)));
  }
}
