package org.nucleon.agent.api;

/**
 * The order between engines. Items are brought about in this order and removed in the opposite one,
 * so that no packet passes that should not.
 */
public enum Stage {
  /** Namespaces and the devices in them. */
  LINKS,
  /** Bridges, and ports of switches. */
  SWITCH,
  /** What flows build on in the switch: meters, which they name, and its way with fragments. */
  METERS,
  /** Filters outside of the switch, which close what flows open. */
  FILTERS,
  /** Flows, which open what is closed by default. */
  FLOWS,
  /** Addresses, routes, address translation. */
  ROUTING,
  /** Programs. */
  PROGRAMS,
  /** What running programs are told. */
  ENTRIES
}
