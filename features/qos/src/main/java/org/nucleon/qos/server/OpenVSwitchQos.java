package org.nucleon.qos.server;

import java.util.Optional;
import java.util.Set;
import org.nucleon.core.schema.Attribute;
import org.nucleon.ml2.api.Ml2Feature;
import org.nucleon.qos.api.QosDriver;
import org.nucleon.qos.api.QosRules;

/** What the Open vSwitch agent does: all there is. */
public final class OpenVSwitchQos implements QosDriver {

  @Override
  public String name() {
    return "openvswitch";
  }

  @Override
  public Optional<String> corePlugin() {
    return Optional.of(Ml2Feature.NAME);
  }

  @Override
  public Set<Attribute<?>> parameters() {
    return Set.of(
        QosRules.MAX_KBPS, QosRules.MAX_BURST_KBPS, QosRules.DIRECTION, QosRules.DSCP_MARK);
  }
}
