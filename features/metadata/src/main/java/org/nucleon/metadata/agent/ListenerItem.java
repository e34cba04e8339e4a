package org.nucleon.metadata.agent;

import org.nucleon.agent.api.Item;

/**
 * That the agent listens for guests' requests in a namespace. It goes with the agent's process, and
 * needs no mark.
 *
 * @param namespace where
 * @param place whose namespace that is
 */
record ListenerItem(String namespace, Place place) implements Item {
  @Override
  public Object key() {
    return namespace;
  }
}
