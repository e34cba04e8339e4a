package org.nucleon.agent.api;

/**
 * One thing that is to be on a host: a flow, a device, an address, a program. Items are records:
 * equal items are the same state.
 */
public interface Item {

  /**
   * What makes it the same thing when its content changes: a flow's table, priority and match; a
   * device's namespace and name. Unique among the items of one class.
   */
  Object key();
}
