package org.nucleon.lab;

import java.util.List;

/** A cable: a veth pair between two machines. */
public final class Wire {
  private Wire() {}

  /**
   * Connects two machines. Both ends are up, without addresses, and compute checksums in software:
   * Open vSwitch's userspace datapath forwards frames as they are, so a checksum left to hardware
   * stays wrong.
   *
   * @param one a machine
   * @param oneEnd its new interface, at most 15 characters
   * @param other the other machine
   * @param otherEnd its new interface, at most 15 characters
   * @throws LabException if a name is taken
   */
  public static void connect(Machine one, String oneEnd, Machine other, String otherEnd) {
    Output.of(
            List.of(
                "ip",
                "link",
                "add",
                "name",
                oneEnd,
                "netns",
                Long.toString(one.pid()),
                "type",
                "veth",
                "peer",
                "name",
                otherEnd,
                "netns",
                Long.toString(other.pid())))
        .expectSuccess();
    up(one, oneEnd);
    up(other, otherEnd);
  }

  private static void up(Machine machine, String end) {
    machine.script("ethtool -K " + end + " tx off >/dev/null\nip link set " + end + " up");
  }
}
