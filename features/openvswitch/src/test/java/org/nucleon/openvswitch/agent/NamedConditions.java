package org.nucleon.openvswitch.agent;

import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.openvswitch.api.Conditions;
import org.nucleon.openvswitch.api.Conditions.Rate;
import org.nucleon.openvswitch.api.TrafficConditioner;

/**
 * Conditions by names, for tests: a port named {@code sent received dscp}, 0 for none; or its
 * network's name where it has none.
 */
public final class NamedConditions implements TrafficConditioner {

  @Override
  public Conditions of(View view, Resource port) {
    String name = port.get(Ports.NAME);
    if (name.isEmpty()) {
      name =
          view.find(Networks.NETWORK, port.get(Ports.NETWORK_ID))
              .map(network -> network.get(Networks.NAME))
              .orElse("");
    }
    String[] words = name.split(" ", -1);
    if (words.length != 3) {
      return Conditions.NONE;
    }
    int dscp = Integer.parseInt(words[2]);
    return new Conditions(rate(words[0]), rate(words[1]), dscp == 0 ? null : dscp);
  }

  private static Rate rate(String kbps) {
    return kbps.equals("0") ? null : new Rate(Integer.parseInt(kbps), Integer.parseInt(kbps) / 2);
  }

  @Override
  public void affected(Change change, View before, View after, Consumer<UUID> ports) {
    if (change.type().equals(Networks.NETWORK)) {
      after.list(Ports.NETWORK_ID, change.id()).forEach(port -> ports.accept(port.id()));
    }
  }
}
