package org.nucleon.agent;

import org.nucleon.agent.api.Group;

/**
 * What is planned at once: one planner's group.
 *
 * @param planner its place among the planners
 * @param group the group
 */
record Unit(int planner, Group group) {
  @Override
  public String toString() {
    return group.toString();
  }
}
