package org.nucleon.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A hypervisor: a machine with its own Open vSwitch on two networks of the lab.
 *
 * <ul>
 *   <li>{@code mgmt0}, the management network, is an ordinary interface: servers and agents meet
 *       there whatever the switch does;
 *   <li>{@code br-phys}, a bridge around the underlay's interface {@code under0}, carries the
 *       tunnels; its local port has the tunnel address, because the userspace datapath looks the
 *       outer route up through itself;
 *   <li>{@code br-ex}, where wanted, is a bridge around {@code ext0} on the internet's external
 *       segment.
 * </ul>
 */
public final class LabHost implements AutoCloseable {
  private final Machine machine;
  private final OpenVSwitch ovs;
  private final int number;
  private final Path folder;
  private final Map<String, String> bridges = new TreeMap<>();
  private final List<Guest> guests = new CopyOnWriteArrayList<>();

  /** Wires a freshly booted machine as host number {@code number}, from 1. */
  LabHost(Machine machine, int number, Path folder, Segment management, Segment underlay) {
    this.machine = machine;
    this.number = number;
    this.folder = folder;
    management.attach(machine, "mgmt0");
    machine.exec("ip", "addr", "add", managementAddress() + "/24", "dev", "mgmt0");
    underlay.attach(machine, "under0");
    ovs = new OpenVSwitch(machine);
    ovs.addBridge("br-phys");
    ovs.addPort("br-phys", "under0");
    machine.script(
        """
        ip addr add %s/24 dev br-phys
        ip link set br-phys up
        ip addr add %s/64 dev br-phys nodad
        """
            .formatted(tunnelAddress(), tunnelAddress6()));
  }

  /** Adds br-ex with its leg in the external segment. */
  LabHost withExternal(Segment external) {
    return physical(Cloud.PUBLIC, "br-ex", external, "ext0");
  }

  /**
   * Puts the host on a physical network: a bridge {@code br-NAME} around its interface there.
   *
   * @param name what the network is called in {@code bridge_mappings}, at most 11 characters
   * @param segment the network
   * @return the host
   */
  public LabHost physical(String name, Segment segment) {
    return physical(name, "br-" + name, segment, name + "0");
  }

  private LabHost physical(String name, String bridge, Segment segment, String device) {
    segment.attach(machine, device);
    ovs.addBridge(bridge);
    ovs.addPort(bridge, device);
    bridges.put(name, bridge);
    return this;
  }

  /**
   * Its physical networks.
   *
   * @return the bridge of each, as {@code bridge_mappings} has them
   */
  public Map<String, String> bridges() {
    return Map.copyOf(bridges);
  }

  /**
   * The machine itself, to run what is not in this vocabulary.
   *
   * @return the machine
   */
  public Machine machine() {
    return machine;
  }

  /**
   * Its name.
   *
   * @return its host name, which is the {@code host} of its agents and of ports bound here
   */
  public String name() {
    return machine.name();
  }

  /**
   * Its switch.
   *
   * @return its Open vSwitch
   */
  public OpenVSwitch ovs() {
    return ovs;
  }

  /**
   * Its address on the management network.
   *
   * @return an IPv4 address
   */
  public String managementAddress() {
    return "192.168.200." + number;
  }

  /**
   * Where its tunnels end.
   *
   * @return an IPv4 address of the underlay
   */
  public String tunnelAddress() {
    return "10.20.0." + number;
  }

  /**
   * Where its tunnels end if the underlay is IPv6.
   *
   * @return an IPv6 address of the underlay
   */
  public String tunnelAddress6() {
    return "fd00:20::" + number;
  }

  /**
   * Boots a guest here, not yet plugged in.
   *
   * @param name its host name
   * @return the guest
   */
  public Guest guest(String name) {
    Guest guest = new Guest(Machine.boot(name, folder), this, folder);
    guests.add(guest);
    return guest;
  }

  /**
   * Its guests.
   *
   * @return every guest booted here, in order
   */
  public List<Guest> guests() {
    return List.copyOf(guests);
  }

  /** A power cut: the host and its guests are gone. */
  @Override
  public void close() {
    guests.forEach(Guest::close);
    machine.close();
  }

  @Override
  public String toString() {
    return name();
  }
}
