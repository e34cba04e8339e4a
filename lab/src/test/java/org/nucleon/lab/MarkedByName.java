package org.nucleon.lab;

import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.TrafficConditioner;

/** A vendor's: what a port of a certain name sends is marked. */
public final class MarkedByName implements TrafficConditioner {

  static final String NAME = "marked";
  static final int MARK = 46;

  @Override
  public Conditions of(View view, Resource port) {
    return port.get(Ports.NAME).equals(NAME) ? new Conditions(null, null, MARK) : Conditions.NONE;
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<UUID> ports) {
    // by ports alone
  }
}
