package org.nucleon.agent.device;

/** What a device in a namespace of ours does with IPv6. */
public enum Ipv6 {
  /** Nothing: the device has no IPv6 address, not even a link-local one. */
  OFF,

  /** It has a link-local address and those that are planned, usable at once. */
  PLANNED,

  /** In addition it has addresses and routes that routers on the link advertise. */
  ADVERTISED
}
