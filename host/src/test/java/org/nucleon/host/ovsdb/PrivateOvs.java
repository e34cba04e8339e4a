package org.nucleon.host.ovsdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * An Open vSwitch of a test's own: database server and switch in a temporary folder, userspace
 * datapath, dummy devices allowed. The test process is expected to be in namespaces of its own.
 */
public final class PrivateOvs implements AutoCloseable {
  private final Path folder;
  private Process database;
  private Process vswitchd;

  private PrivateOvs(Path folder) {
    this.folder = folder;
  }

  /** Starts both daemons; returns when the switch has taken up its work. */
  public static PrivateOvs start() {
    try {
      var ovs = new PrivateOvs(Files.createTempDirectory("ovs"));
      ovs.run("ovsdb-tool", "create", "conf.db", "/usr/share/openvswitch/vswitch.ovsschema");
      ovs.startDatabase();
      ovs.vsctl("--no-wait", "init");
      ovs.startSwitch();
      return ovs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The database's socket. */
  public Path database() {
    return folder.resolve("db.sock");
  }

  /** The management socket of a bridge. */
  public Path management(String bridge) {
    return folder.resolve(bridge + ".mgmt");
  }

  /** Runs ovs-vsctl and answers what it printed. */
  public String vsctl(String... arguments) {
    var command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + database()));
    command.addAll(Arrays.asList(arguments));
    return run(command.toArray(String[]::new));
  }

  /** Runs ovs-ofctl with OpenFlow 1.5 on a bridge and answers what it printed. */
  public String ofctl(String command, String bridge, String... arguments) {
    var words = new ArrayList<>(List.of("ovs-ofctl", "-O", "OpenFlow15", command));
    words.add("unix:" + management(bridge));
    words.addAll(Arrays.asList(arguments));
    return run(words.toArray(String[]::new));
  }

  /** Runs ovs-appctl on the switch and answers what it printed. */
  public String appctl(String... arguments) {
    var words = new ArrayList<>(List.of("ovs-appctl", "-t", folder.resolve("vswitchd.ctl") + ""));
    words.addAll(Arrays.asList(arguments));
    return run(words.toArray(String[]::new));
  }

  /** Kills the database server and returns when it is gone. */
  public void killDatabase() {
    kill(database);
  }

  /** Starts the database server again; returns when it listens. */
  public void startDatabase() {
    database =
        daemon(
            "ovsdb-server",
            "conf.db",
            "--remote=punix:db.sock",
            "--unixctl=" + "db.ctl",
            "-vfile:off");
    while (run(database, "ovs-appctl", "-t", folder.resolve("db.ctl") + "", "version") == null) {
      Thread.onSpinWait();
    }
  }

  /**
   * Does a transaction (RFC 7047, as JSON) on the file of a database whose server is not running.
   */
  public void changeStoppedDatabase(String transaction) {
    run("ovsdb-tool", "transact", "conf.db", transaction);
  }

  /** Kills the switch and returns when it is gone. */
  public void killSwitch() {
    kill(vswitchd);
  }

  /** Starts the switch again; returns when it has carried out the database's content. */
  public void startSwitch() {
    vswitchd =
        daemon(
            "ovs-vswitchd",
            "unix:" + database(),
            "--enable-dummy",
            "--disable-system",
            "--unixctl=" + folder.resolve("vswitchd.ctl"));
    vsctl("set", "Open_vSwitch", ".", "external_ids:started=yes");
  }

  private Process daemon(String... command) {
    try {
      return builder(command)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve(command[0] + ".log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder builder(String... command) {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR")) {
      builder.environment().put(variable, folder.toString());
    }
    return builder;
  }

  private String run(String... command) {
    String output = run(null, command);
    if (output == null) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
    return output;
  }

  /** Null if the command failed; throws if it says why, or the process it depends on is over. */
  private String run(Process alive, String... command) {
    try {
      Process process = builder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0) {
        return output;
      }
      if (alive == null || !alive.isAlive()) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void kill(Process process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends both daemons and removes the folder. */
  @Override
  public void close() {
    kill(vswitchd);
    kill(database);
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
