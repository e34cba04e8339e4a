package org.nucleon.lab;

/** A switch between machines: a Linux bridge on a machine of its own. */
public final class Segment implements AutoCloseable {
  private final Machine machine;

  private Segment(Machine machine) {
    this.machine = machine;
  }

  /** Makes a segment on a freshly booted machine. */
  static Segment on(Machine machine) {
    machine.script(
        """
        ip link add name br0 type bridge forward_delay 0 mcast_snooping 0
        ip link set br0 up
        """);
    return new Segment(machine);
  }

  /**
   * Connects a machine.
   *
   * @param other the machine
   * @param end the name of its new interface
   */
  public void attach(Machine other, String end) {
    String port = "p-" + other.name();
    Wire.connect(machine, port, other, end);
    machine.exec("ip", "link", "set", port, "master", "br0");
  }

  /**
   * Joins two segments by a cable: they are one from then on.
   *
   * @param other the other one
   */
  public void join(Segment other) {
    String here = "j-" + other.machine.name();
    String there = "j-" + machine.name();
    Wire.connect(machine, here, other.machine, there);
    machine.exec("ip", "link", "set", here, "master", "br0");
    other.machine.exec("ip", "link", "set", there, "master", "br0");
  }

  /**
   * Pulls or plugs in a machine's cable.
   *
   * @param other a machine that was attached
   * @param up whether it is plugged in
   */
  public void cable(Machine other, boolean up) {
    machine.exec("ip", "link", "set", "p-" + other.name(), up ? "up" : "down");
  }

  /**
   * The machine that the bridge is on, to look at passing frames.
   *
   * @return the machine; its bridge is br0
   */
  public Machine machine() {
    return machine;
  }

  @Override
  public void close() {
    machine.close();
  }
}
