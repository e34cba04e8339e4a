package org.nucleon.openvswitch.agent;

/**
 * Fact: a port that joins bridges or hosts: a patch or a tunnel.
 *
 * @param name its name
 * @param ofport its OpenFlow number, above 0
 */
public record JoiningPort(String name, long ofport) {

  /** The kind of fact; the key is the name. */
  public static final String KIND = "port";
}
