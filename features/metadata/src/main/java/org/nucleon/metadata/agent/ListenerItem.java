package org.nucleon.metadata.agent;

import org.nucleon.agent.api.Item;

/**
 * That the agent listens for guests' requests in a namespace. It goes with the agent's process, and
 * needs no mark.
 *
 * @param namespace where
 * @param device the device whose link's address of IPv6 it is; empty for that of IPv4, wherever a
 *     request for it comes in
 * @param place what a guest's address means there
 */
record ListenerItem(String namespace, String device, Place place) implements Item {

  /** There is one for IPv4, and one for each link. */
  record Key(String namespace, String device) {}

  @Override
  public Key key() {
    return new Key(namespace, device);
  }

  /** Whether it is for those who come by a link's own address. */
  boolean isOfLink() {
    return !device.isEmpty();
  }
}
