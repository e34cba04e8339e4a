package org.nucleon.openvswitch.api;

import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;

/**
 * Says what the switch of a host does to the traffic of ports. Found by {@link
 * java.util.ServiceLoader}, plugins' too; the functions are pure.
 */
public interface TrafficConditioner {

  /** What is done to a port's traffic. */
  Conditions of(View view, Resource port);

  /**
   * Tells the ports for which that may have changed because another resource did; ports' own
   * changes need not be told.
   */
  void affected(Change change, View before, View after, Consumer<UUID> ports);
}
