package org.nucleon.agent.api;

import java.util.Map;
import java.util.UUID;

/** Takes what a planner plans for one group. */
public interface Plan {

  /** The item is to be on the host. */
  void add(Item item);

  /**
   * A part of the group cannot be expressed on this host and is left out, which must let nothing
   * more through: operators are told of it. What cannot be left out makes the group unplannable.
   *
   * @param reason names the part and says why
   */
  default void leaveOut(String reason) {
    // in tests, nobody is told
  }

  /**
   * Once all items of the group are confirmed to be there, the server is told, unless it knows:
   * plan a report only while the resource shows that it is missing.
   *
   * @param type the resource type's name
   * @param kind what is reported, such as {@code switch}
   * @param id the resource
   * @param details the report's content
   */
  void report(String type, String kind, UUID id, Map<String, Object> details);
}
