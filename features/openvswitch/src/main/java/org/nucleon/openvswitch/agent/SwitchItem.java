package org.nucleon.openvswitch.agent;

import java.util.Map;
import java.util.Set;
import org.nucleon.agent.api.Item;

/** A bridge of the switch or a port of a bridge. */
public sealed interface SwitchItem extends Item {

  /** The key in {@code external_ids} of bridges and interfaces that are ours. */
  String MARK = "nucleon";

  /** Its name; bridges and ports share one space of names. */
  String name();

  @Override
  default String key() {
    return name();
  }

  /**
   * A bridge that passes nothing without flows.
   *
   * @param name its name
   * @param datapathType {@code system} or {@code netdev}
   * @param failMode {@code secure} when planned; empty if the switch has none
   * @param protocols the OpenFlow versions that it speaks
   */
  record BridgeItem(String name, String datapathType, String failMode, Set<String> protocols)
      implements SwitchItem {}

  /**
   * A port with its one interface.
   *
   * @param name the name of both
   * @param bridge its bridge
   * @param type the interface's type, empty for a device of the kernel
   * @param options the interface's options
   * @param externalIds the interface's notes of ours, the mark left out
   */
  record PortItem(
      String name,
      String bridge,
      String type,
      Map<String, String> options,
      Map<String, String> externalIds)
      implements SwitchItem {}
}
