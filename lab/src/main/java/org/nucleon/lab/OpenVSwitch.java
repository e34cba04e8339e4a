package org.nucleon.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Open vSwitch of one host, at its default paths there, with the userspace datapath. Its tables
 * are read through {@code ovs-ofctl} and {@code ovs-vsctl}, so that what a scenario asserts does
 * not come from the code under test.
 */
public final class OpenVSwitch {
  private final Machine machine;
  private Daemon database;
  private Daemon forwarder;

  /** Makes the database and starts both daemons. */
  OpenVSwitch(Machine machine) {
    this.machine = machine;
    machine.script(
        """
        mkdir -p /etc/openvswitch
        rm -f /etc/openvswitch/conf.db
        ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
        """);
    database = startDatabase();
    vsctl("--no-wait", "init");
    vsctl("--no-wait", "set", "Open_vSwitch", ".", "external_ids:system-id=" + machine.name());
    forwarder = startForwarder();
  }

  /**
   * Runs ovs-vsctl, which waits until the switch has done what it says unless told otherwise.
   *
   * @param arguments its arguments
   * @return its standard output
   * @throws LabException if it fails
   */
  public String vsctl(String... arguments) {
    return run(List.of("ovs-vsctl"), arguments);
  }

  /**
   * Runs ovs-ofctl with OpenFlow 1.4.
   *
   * @param arguments its arguments
   * @return its standard output
   * @throws LabException if it fails
   */
  public String ofctl(String... arguments) {
    return run(List.of("ovs-ofctl", "-O", "OpenFlow14"), arguments);
  }

  /**
   * Runs ovs-appctl against the forwarding daemon.
   *
   * @param arguments its arguments
   * @return its standard output
   * @throws LabException if it fails
   */
  public String appctl(String... arguments) {
    return run(List.of("ovs-appctl"), arguments);
  }

  /**
   * Makes a bridge unless it is there.
   *
   * @param bridge its name
   */
  public void addBridge(String bridge) {
    vsctl("--may-exist", "add-br", bridge, "--", "set", "Bridge", bridge, "datapath_type=netdev");
  }

  /**
   * Gives an interface of the host to a bridge, and takes it from the host's kernel: the userspace
   * datapath only listens along, so that otherwise both would answer what arrives.
   *
   * @param bridge the bridge's name
   * @param device the interface's name
   * @param externalIds {@code external_ids} of its interface record, as {@code key=value}
   */
  public void addPort(String bridge, String device, String... externalIds) {
    machine.script(
        """
        echo 1 >/proc/sys/net/ipv6/conf/%1$s/disable_ipv6
        echo 8 >/proc/sys/net/ipv4/conf/%1$s/arp_ignore
        """
            .formatted(device));
    List<String> arguments = new ArrayList<>(List.of("--may-exist", "add-port", bridge, device));
    if (externalIds.length > 0) {
      arguments.addAll(List.of("--", "set", "Interface", device));
      Stream.of(externalIds).map("external_ids:"::concat).forEach(arguments::add);
    }
    vsctl(arguments.toArray(String[]::new));
  }

  /**
   * The bridges.
   *
   * @return their names
   */
  public List<String> bridges() {
    return vsctl("list-br").lines().toList();
  }

  /**
   * The flows of a bridge, without the counters that change by themselves.
   *
   * @param bridge its name
   * @return one flow a line, in the switch's words
   */
  public List<String> flows(String bridge) {
    return ofctl("--no-stats", "dump-flows", bridge)
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("OFPST"))
        .toList();
  }

  /**
   * Ends the forwarding daemon by SIGKILL: its flows are gone; local ports keep their addresses.
   */
  public void killForwarder() {
    forwarder.kill();
  }

  /** Starts the forwarding daemon again; returns when it has made the bridges of the database. */
  public void restartForwarder() {
    forwarder = startForwarder();
    vsctl("set", "Open_vSwitch", ".", "external_ids:started=" + System.nanoTime());
  }

  /** Ends the database server by SIGKILL. */
  public void killDatabase() {
    database.kill();
  }

  /** Starts the database server again, on the same database. */
  public void restartDatabase() {
    database = startDatabase();
  }

  private Daemon startDatabase() {
    Daemon started =
        machine.start(
            "ovsdb-server",
            "ovsdb-server",
            "/etc/openvswitch/conf.db",
            "--remote=punix:/run/openvswitch/db.sock",
            "--remote=db:Open_vSwitch,Open_vSwitch,manager_options",
            "--unixctl=/run/openvswitch/ovsdb-server.ctl",
            "--pidfile=/run/openvswitch/ovsdb-server.pid");
    // Not ovs-vsctl's own --retry: it waits a whole second between two attempts.
    Eventually.within(
        Duration.ofSeconds(10),
        started.name() + " answers",
        () -> machine.attempt("ovs-vsctl", "--no-wait", "show"),
        answer -> answer.status() == 0);
    return started;
  }

  private Daemon startForwarder() {
    return machine.start(
        "ovs-vswitchd",
        "ovs-vswitchd",
        "unix:/run/openvswitch/db.sock",
        "-vofproto_dpif:console:warn",
        "-vdpif_netdev:console:warn",
        "--pidfile=/run/openvswitch/ovs-vswitchd.pid");
  }

  private String run(List<String> program, String... arguments) {
    return machine.exec(
        Stream.concat(program.stream(), Arrays.stream(arguments)).toArray(String[]::new));
  }
}
