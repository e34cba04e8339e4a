package com.example.fabric;

import java.util.Map;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Ports;

/**
 * The fabric is on every host, so a port that has a host is bound; it routes by itself, so ports of
 * routers need none. What it serves is ACTIVE at once: no agent is waited for.
 */
final class FabricPorts implements ResourceRules {

  @Override
  public void onCreate(Transaction tx, Draft port) {
    settle(port);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft port) {
    settle(port);
  }

  private static void settle(Draft port) {
    boolean hasHost = !port.get(Binding.HOST_ID).isEmpty();
    port.set(Binding.VIF_TYPE, hasHost ? FabricFeature.NAME : Binding.UNBOUND)
        .set(Binding.VIF_DETAILS, hasHost ? Map.of("fabric", "f1") : Map.of());
    boolean isServed = hasHost || port.get(Ports.DEVICE_OWNER).startsWith("network:");
    if (isServed && port.get(Ports.ADMIN_STATE_UP)) {
      Ports.provide(port, Ports.SWITCH);
    } else {
      Ports.await(port, Ports.SWITCH);
    }
  }
}
