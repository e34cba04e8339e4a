package org.nucleon.openvswitch.agent;

import java.util.Map;

/**
 * Fact: an interface of the integration bridge that says whose port it is.
 *
 * @param name the device's name
 * @param ofport its OpenFlow number, above 0
 * @param linkUp whether it has a carrier
 * @param externalIds what was noted on it
 */
public record SwitchInterface(
    String name, long ofport, boolean linkUp, Map<String, String> externalIds) {

  /** The kind of fact; the key is the port's id, as {@code iface-id} has it. */
  public static final String KIND = "interface";
}
