package org.nucleon.host.openflow;

/** A change of a bridge's ports. */
public sealed interface PortEvent {
  /** The port as it is, or was. */
  Port port();

  /** The port is new. */
  record Added(Port port) implements PortEvent {}

  /** The port is gone. */
  record Removed(Port port) implements PortEvent {}

  /** The port has another state, address or configuration. */
  record Modified(Port port) implements PortEvent {}
}
