package org.nucleon.openvswitch.agent;

import org.nucleon.agent.api.Item;
import org.nucleon.host.openflow.Meter;

/**
 * A meter of a bridge.
 *
 * @param bridge the bridge's name
 * @param meter the meter
 */
public record MeterItem(String bridge, Meter meter) implements Item {

  /**
   * A meter's place.
   *
   * @param bridge the bridge's name
   * @param number the meter's number there
   */
  public record Key(String bridge, long number) {}

  @Override
  public Key key() {
    return new Key(bridge, meter.number());
  }

  /** In the syntax of ovs-ofctl. */
  @Override
  public String toString() {
    return bridge + ": " + meter;
  }
}
