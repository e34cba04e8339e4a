package org.nucleon.agent.api;

import org.nucleon.core.resource.View;

/** What a planner plans from: the resources that concern the host, facts, and numbers given out. */
public interface Planning {

  /** The resources that concern the host. */
  View view();

  /** What was read from the host. */
  Facts facts();

  /** The host's name, as in {@code binding:host_id}. */
  default String host() {
    return facts().host();
  }

  /**
   * The number that the host has given out for something: the same until nothing asks for it any
   * more, across restarts. Numbers of one kind differ.
   *
   * @param kind what is numbered, such as {@code vlan} or {@code zone}
   * @param key for what, such as a network's id
   */
  int number(String kind, String key);
}
