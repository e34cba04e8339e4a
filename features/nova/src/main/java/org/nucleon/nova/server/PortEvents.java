package org.nucleon.nova.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Ports;
import org.nucleon.router.api.FloatingIps;

/**
 * What Nova is to know of a change: a function of the change set. Only ports whose owner is {@code
 * compute:...} and whose device is a UUID are Nova's.
 *
 * @param ofStatus whether Nova is told when a port begins or ceases to work
 * @param ofData whether Nova is told what clients change
 */
record PortEvents(boolean ofStatus, boolean ofData) {

  private static final Pattern UUID_LIKE =
      Pattern.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}");

  /**
   * The events, in order.
   *
   * @param now tells the ports of floating IPs, which may since have gone
   */
  List<ServerEvent> of(ChangeSet set, View now) {
    List<ServerEvent> events = new ArrayList<>();
    for (Change change : set.changes()) {
      if (change.type().equals(Ports.PORT)) {
        ofPort(change, set, events);
      } else if (change.type().equals(FloatingIps.FLOATING_IP) && ofData) {
        ofFloatingIp(change, set, now, events);
      }
    }
    return events;
  }

  private void ofPort(Change change, ChangeSet set, List<ServerEvent> events) {
    Resource before = change.before();
    Resource after = change.after();
    if (after == null) {
      if (ofData) {
        server(before).ifPresent(server -> events.add(ServerEvent.deleted(server, change.id())));
      }
      return;
    }
    Optional<String> server = server(after);
    if (server.isEmpty()) {
      return;
    }
    if (ofStatus) {
      ofStatus(before == null ? "" : before.get(Ports.STATUS), after, server.get(), events);
      ofTargets(before, after, server.get(), events);
    }
    if (ofData && before != null && set.requested().contains(change.id())) {
      events.add(ServerEvent.changed(server.get(), change.id()));
    }
  }

  /**
   * @param before empty for a new port
   */
  private static void ofStatus(
      String before, Resource port, String server, List<ServerEvent> events) {
    boolean worked = before.equals("ACTIVE");
    boolean waited = before.isEmpty() || before.equals("DOWN") || before.equals("BUILD");
    switch (port.get(Ports.STATUS)) {
      case "ACTIVE" -> {
        if (waited) {
          events.add(ServerEvent.plugged("completed", server, port.id()));
        }
      }
      case "ERROR" -> {
        if (waited) {
          events.add(ServerEvent.plugged("failed", server, port.id()));
        }
      }
      case "DOWN" -> {
        if (worked) {
          events.add(ServerEvent.unplugged(server, port.id()));
        }
      }
      default -> {}
    }
  }

  /** Before Nova moves a guest it waits until the port is plugged where it is to go. */
  private static void ofTargets(
      @Nullable Resource before, Resource port, String server, List<ServerEvent> events) {
    List<String> were = before == null ? List.of() : before.get(Binding.PREPARED);
    for (String host : port.get(Binding.PREPARED)) {
      if (!were.contains(host)) {
        events.add(ServerEvent.plugged("completed", server, port.id()));
      }
    }
  }

  /** A floating IP that moves is told to the server that loses it first. */
  private static void ofFloatingIp(
      Change change, ChangeSet set, View now, List<ServerEvent> events) {
    UUID from = port(change.before());
    UUID to = port(change.after());
    boolean moved = from == null ? to != null : !from.equals(to);
    if (!moved && !set.requested().contains(change.id())) {
      return;
    }
    for (UUID port : moved ? new UUID[] {from, to} : new UUID[] {to}) {
      if (port != null) {
        now.find(Ports.PORT, port)
            .flatMap(PortEvents::server)
            .ifPresent(server -> events.add(ServerEvent.changed(server, port)));
      }
    }
  }

  private static @Nullable UUID port(@Nullable Resource floatingIp) {
    return floatingIp == null ? null : floatingIp.value(FloatingIps.PORT_ID);
  }

  /** The server that Nova has behind a port. */
  private static Optional<String> server(@Nullable Resource port) {
    if (port == null) {
      return Optional.empty();
    }
    String owner = port.value(Ports.DEVICE_OWNER);
    String device = port.value(Ports.DEVICE_ID);
    boolean isNovas =
        owner != null
            && owner.startsWith("compute:")
            && device != null
            && UUID_LIKE.matcher(device).matches();
    return isNovas ? Optional.ofNullable(device) : Optional.empty();
  }
}
