package org.nucleon.nova.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event as Nova takes it.
 *
 * @param name the kind
 * @param status {@code completed} or {@code failed}; null for kinds that have none
 * @param server Nova's server, the port's {@code device_id}
 * @param port the port, which Nova calls the event's tag
 * @param tries how often Nova has failed to take it
 */
record ServerEvent(Name name, @Nullable String status, String server, UUID port, int tries) {

  /** The kinds of events that are about ports. */
  enum Name {
    PLUGGED("network-vif-plugged"),
    UNPLUGGED("network-vif-unplugged"),
    DELETED("network-vif-deleted"),
    CHANGED("network-changed");

    private final String text;

    Name(String text) {
      this.text = text;
    }

    /** As Nova spells it. */
    @Override
    public String toString() {
      return text;
    }
  }

  static ServerEvent plugged(String status, String server, UUID port) {
    return new ServerEvent(Name.PLUGGED, status, server, port, 0);
  }

  static ServerEvent unplugged(String server, UUID port) {
    return new ServerEvent(Name.UNPLUGGED, "completed", server, port, 0);
  }

  static ServerEvent deleted(String server, UUID port) {
    return new ServerEvent(Name.DELETED, null, server, port, 0);
  }

  static ServerEvent changed(String server, UUID port) {
    return new ServerEvent(Name.CHANGED, null, server, port, 0);
  }

  /** The same after Nova failed once more. */
  ServerEvent failedOnceMore() {
    return new ServerEvent(name, status, server, port, tries + 1);
  }

  /** As JSON. */
  Map<String, String> body() {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("name", name.toString());
    body.put("server_uuid", server);
    body.put("tag", port.toString());
    if (status != null) {
      body.put("status", status);
    }
    return body;
  }

  /** For people. */
  @Override
  public String toString() {
    return name + " of port " + port + " of server " + server;
  }
}
