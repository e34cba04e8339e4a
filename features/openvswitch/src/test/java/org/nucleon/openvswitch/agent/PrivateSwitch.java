package org.nucleon.openvswitch.agent;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** An Open vSwitch of the test's own, and guests on it. The JVM is in namespaces of its own. */
final class PrivateSwitch implements AutoCloseable {

  private final Path folder;
  private final List<String> inNamespace;
  private final List<String> guests = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();
  private Process database;
  private Process forwarder;

  /** A switch in the namespace that the test is in. */
  PrivateSwitch() throws IOException {
    this(List.of());
  }

  /** A switch in a namespace of its own: the userspace datapath wants one for its tunnels. */
  PrivateSwitch(String namespace) throws IOException {
    this(List.of("ip", "netns", "exec", namespace));
  }

  private PrivateSwitch(List<String> inNamespace) throws IOException {
    this.inNamespace = inNamespace;
    folder = Files.createTempDirectory("switch");
    run("ovsdb-tool", "create", "conf.db", "/usr/share/openvswitch/vswitch.ovsschema");
    database =
        start(
            "ovsdb-server", "conf.db", "--remote=punix:db.sock", "--unixctl=db.ctl", "-vfile:off");
    while (attempt(builder("ovs-vsctl", "--db=unix:" + socket(), "--no-wait", "init")).status()
        != 0) {
      if (!database.isAlive()) {
        throw new IllegalStateException("ovsdb-server has ended");
      }
    }
    startForwarder();
  }

  /** What a program answered. */
  record Answer(int status, String output) {}

  Path socket() {
    return folder.resolve("db.sock");
  }

  void startForwarder() {
    forwarder =
        start(
            "ovs-vswitchd",
            "unix:" + socket(),
            "--unixctl=" + folder.resolve("v.ctl"),
            "-vfile:off");
    vsctl("set", "Open_vSwitch", ".", "external_ids:started=" + forwarder.pid());
  }

  void killForwarder() {
    forwarder.destroyForcibly();
    forwarder.onExit().join();
  }

  String vsctl(String... arguments) {
    return run(with(List.of("ovs-vsctl", "--db=unix:" + socket()), arguments));
  }

  String ofctl(String command, String bridge, String... arguments) {
    return run(
        with(
            List.of(
                "ovs-ofctl",
                "-O",
                "OpenFlow15",
                command,
                "unix:" + folder.resolve(bridge + ".mgmt")),
            arguments));
  }

  String appctl(String... arguments) {
    return run(with(List.of("ovs-appctl", "-t", folder.resolve("v.ctl").toString()), arguments));
  }

  /** A guest: a namespace with a device whose other end is plugged as a port. */
  void guest(String name, String port, String mac, String address) {
    guests.add(name);
    runOutside("ip", "netns", "add", name);
    List<String> pair = new ArrayList<>(List.of("ip", "link", "add", "tap-" + name));
    if (!inNamespace.isEmpty()) {
      pair.addAll(List.of("netns", inNamespace.getLast()));
    }
    runOutside(with(pair, "type", "veth", "peer", "name", "eth0", "netns", name));
    run("ip", "link", "set", "tap-" + name, "up");
    inside(name, "ip", "link", "set", "eth0", "address", mac);
    inside(name, "ethtool", "-K", "eth0", "tx", "off");
    inside(name, "ip", "link", "set", "lo", "up");
    inside(name, "ip", "link", "set", "eth0", "up");
    inside(name, "ip", "address", "add", address, "dev", "eth0");
    vsctl(
        "add-port",
        "br-int",
        "tap-" + name,
        "--",
        "set",
        "Interface",
        "tap-" + name,
        "external_ids:iface-id=" + port,
        "external_ids:attached-mac=" + mac,
        "external_ids:iface-status=active");
  }

  String inside(String guest, String... command) {
    return runOutside(with(List.of("ip", "netns", "exec", guest), command));
  }

  Answer attemptInside(String guest, String... command) {
    return attempt(outside(with(List.of("ip", "netns", "exec", guest), command)));
  }

  void startInside(String guest, String... command) {
    started.add(start(outside(with(List.of("ip", "netns", "exec", guest), command))));
  }

  private static String[] with(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private ProcessBuilder builder(String... command) {
    return outside(with(inNamespace, command));
  }

  /** In the namespace that the test is in, where guests' namespaces have their names. */
  private ProcessBuilder outside(String... command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR")) {
      builder.environment().put(variable, folder.toString());
    }
    return builder;
  }

  private Process start(String... command) {
    return start(builder(command));
  }

  private Process start(ProcessBuilder program) {
    try {
      File log = folder.resolve("programs.log").toFile();
      return program.redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String run(String... command) {
    return output(builder(command));
  }

  private String runOutside(String... command) {
    return output(outside(command));
  }

  private static String output(ProcessBuilder program) {
    Answer answer = attempt(program);
    if (answer.status() != 0) {
      throw new IllegalStateException(String.join(" ", program.command()) + ": " + answer.output());
    }
    return answer.output();
  }

  private static Answer attempt(ProcessBuilder program) {
    try {
      Process process = program.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    started.forEach(Process::destroyForcibly);
    killForwarder();
    database.destroyForcibly();
    database.onExit().join();
    guests.forEach(guest -> attempt(outside("ip", "netns", "delete", guest)));
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
