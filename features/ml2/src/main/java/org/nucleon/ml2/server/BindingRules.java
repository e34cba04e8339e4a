package org.nucleon.ml2.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.PortBindings;
import org.nucleon.ml2.api.Provider;
import org.nucleon.ml2.api.Segment;
import org.nucleon.network.api.Agents;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;

/** Binds ports to their hosts by the first mechanism driver that can. */
final class BindingRules implements ResourceRules {

  /** The key in vif_details of a failed binding that says why. */
  static final String REASON = "reason";

  private final List<MechanismDriver> drivers;
  private final Duration downTime;

  BindingRules(List<MechanismDriver> drivers, Duration downTime) {
    this.drivers = drivers;
    this.downTime = downTime;
  }

  @Override
  public void onCreate(Transaction tx, Draft port) {
    bind(tx, port);
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft port) {
    if (port.isChanged(Binding.HOST_ID)
        || port.isChanged(Binding.VNIC_TYPE)
        || !Binding.isProfileLike(before, port)
        || !Binding.isBound(before) && !port.get(Binding.HOST_ID).isEmpty()) {
      bind(tx, port);
      Ports.await(port, Ports.SWITCH);
    } else if (port.isChanged(Binding.PROFILE)) {
      settleTargets(tx, port);
    }
  }

  /** A host has one binding of a port: the port's own takes the place of another. */
  @Override
  public void afterUpdate(Transaction tx, Resource before, Resource port) {
    String host = port.get(Binding.HOST_ID);
    if (!host.equals(before.get(Binding.HOST_ID))) {
      for (Resource other : List.copyOf(tx.list(PortBindings.PORT_ID, port.id()))) {
        if (other.get(PortBindings.HOST).equals(host)) {
          tx.delete(other);
        }
      }
    }
  }

  private void bind(Transaction tx, Draft port) {
    settleTargets(tx, port);
    decide(tx, port);
  }

  /**
   * Where the port may be about to move to: as its profile says, and wherever it has a binding too.
   */
  static void settleTargets(Transaction tx, Draft port) {
    Stream<String> bindings =
        tx.list(PortBindings.PORT_ID, port.id()).stream()
            .filter(other -> !other.get(PortBindings.VIF_TYPE).equals(Binding.UNBOUND))
            .map(other -> other.get(PortBindings.HOST));
    Binding.aim(port, Stream.concat(Binding.target(port).stream(), bindings));
  }

  /** Has the drivers say how the port is plugged on its host. */
  void decide(Transaction tx, Draft port) {
    String host = port.get(Binding.HOST_ID);
    port.set(Binding.VIF_TYPE, Binding.UNBOUND).set(Binding.VIF_DETAILS, Map.of());
    if (host.isEmpty()) {
      return;
    }
    Resource network = tx.get(Networks.NETWORK, port.get(Ports.NETWORK_ID));
    Collection<Resource> agents =
        tx.list(Agents.HOST, host).stream().map(agent -> asCounted(tx, agent)).toList();
    List<String> reasons = new ArrayList<>();
    for (MechanismDriver driver : drivers) {
      for (Segment segment : Provider.segments(network)) {
        switch (driver.bind(port, segment, agents)) {
          case MechanismDriver.Bound bound -> {
            port.set(Binding.VIF_TYPE, bound.vifType())
                .set(Binding.VIF_DETAILS, bound.vifDetails());
            return;
          }
          case MechanismDriver.Refused refused ->
              reasons.add(driver.name() + ": " + refused.reason());
        }
      }
    }
    String reason = reasons.isEmpty() ? "no mechanism driver is on" : String.join("; ", reasons);
    port.set(Binding.VIF_TYPE, Binding.FAILED).set(Binding.VIF_DETAILS, Map.of(REASON, reason));
  }

  /**
   * An agent that was lost a moment ago counts as alive: it, or this server, is being restarted,
   * and whoever boots a guest meanwhile would give up on a port that could not be bound.
   */
  private Resource asCounted(Transaction tx, Resource agent) {
    if (agent.get(Agents.ALIVE) || !Agents.lastSeen(agent).plus(downTime).isAfter(tx.now())) {
      return agent;
    }
    return new Draft(agent).set(Agents.ALIVE, true).toResource(tx.now());
  }

  /** Why a port could not be bound; for one that was, something else. */
  static String reason(Resource port) {
    return String.valueOf(port.get(Binding.VIF_DETAILS).get(REASON));
  }
}
