package org.nucleon.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A computer made of namespaces: network, mounts, processes and host name of its own, with a
 * private {@code /run} and private, writable {@code /etc} and {@code /var}. Closing it ends its
 * processes and removes its interfaces.
 */
public final class Machine implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final Path logs;
  private final Process holder;
  private final long pid;
  private final List<Daemon> daemons = new CopyOnWriteArrayList<>();

  private Machine(String name, Path folder, Process holder, long pid) {
    this.name = name;
    this.folder = folder;
    this.logs = folder.resolve(name);
    this.holder = holder;
    this.pid = pid;
  }

  /**
   * Boots a machine.
   *
   * @param name its host name
   * @param folder the lab's folder under {@code /run/lab}; its daemons' logs go to a folder of its
   *     name there
   * @return the machine, its loopback up and nothing else in its network
   * @throws LabException if namespaces can't be made
   */
  static Machine boot(String name, Path folder) {
    try {
      Path logs = Files.createDirectories(folder.resolve(name));
      List<String> command =
          new ArrayList<>(
              List.of("unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork"));
      command.addAll(List.of("--kill-child", "--mount-proc", "sh", "-c"));
      command.addAll(List.of(Script.MACHINE.text(), "machine", name));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      Path errors = logs.resolve("boot.log");
      Process holder = builder.redirectError(errors.toFile()).start();
      BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
      if (!"ready".equals(said.readLine())) {
        throw new LabException(name + " does not boot: " + Files.readString(errors));
      }
      long pid = holder.toHandle().children().findFirst().orElseThrow().pid();
      return new Machine(name, folder, holder, pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Its name.
   *
   * @return its host name
   */
  public String name() {
    return name;
  }

  /**
   * The process that holds its namespaces, as the lab sees it.
   *
   * @return a process id, which {@code nsenter} and {@code ip link ... netns} take
   */
  public long pid() {
    return pid;
  }

  /**
   * Runs a command on it to its end and demands success.
   *
   * @param command the program and its arguments
   * @return its standard output, without the white space around it
   * @throws LabException if its exit status is not 0
   */
  public String exec(String... command) {
    return attempt(command).expectSuccess();
  }

  /**
   * Runs a command on it to its end.
   *
   * @param command the program and its arguments
   * @return what it left behind, whatever its exit status
   */
  public Output attempt(String... command) {
    return Output.of(entering(List.of(command)));
  }

  /**
   * Runs a shell script on it and demands success.
   *
   * @param script lines of sh; the first that fails ends it
   * @return its standard output, without the white space around it
   * @throws LabException if its exit status is not 0
   */
  public String script(String script) {
    return exec("sh", "-e", "-c", script);
  }

  /**
   * Starts a program on it that keeps running.
   *
   * @param daemon what to call it; its log is named so
   * @param command the program and its arguments
   * @return the running program
   */
  public Daemon start(String daemon, String... command) {
    Daemon started =
        Daemon.start(
            name + "/" + daemon, entering(List.of(command)), logs.resolve(daemon + ".log"));
    daemons.add(started);
    return started;
  }

  /**
   * Makes a port of its loopback reachable from the lab's own process, as long as it runs.
   *
   * @param port where a service listens on 127.0.0.1 there, now or later
   * @return the port of this process's loopback that leads there
   */
  public int reach(int port) {
    String script = Script.PROBE.in(folder).toString();
    Path log = logs.resolve("relay-" + port + ".log");
    List<String> command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid)));
    // Of the machine's namespaces only that of processes, so that it ends with the machine.
    command.addAll(List.of("--pid", "--", "/usr/bin/python3", "-IS", script, "relay"));
    command.addAll(List.of(Integer.toString(port), "/proc/" + pid + "/ns/net"));
    Daemon relay = Daemon.start(name + "/relay", command, log);
    daemons.add(relay);
    Pattern listening = Pattern.compile("(?s).*relaying at (\\d+)\n");
    return Integer.parseInt(relay.await(listening, Duration.ofSeconds(10)).group(1));
  }

  /**
   * A command line that runs another on this machine, for those that need the process themselves.
   *
   * @param command the program and its arguments
   * @return the command line that enters the machine first
   */
  public List<String> entering(List<String> command) {
    List<String> entering = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid)));
    entering.addAll(List.of("--net", "--mount", "--uts", "--ipc", "--pid", "--wd=/", "--"));
    entering.addAll(command);
    return entering;
  }

  /**
   * What was started on it.
   *
   * @return every daemon so far, the ended ones too
   */
  public List<Daemon> daemons() {
    return List.copyOf(daemons);
  }

  /** Ends it like a power cut: every process on it is killed, its interfaces are gone. */
  @Override
  public void close() {
    holder.destroyForcibly();
    try {
      if (!holder.waitFor(30, TimeUnit.SECONDS)) {
        throw new LabException(name + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Eventually.within(
        Duration.ofSeconds(30),
        name + "'s first process is gone",
        () -> ProcessHandle.of(pid).isEmpty());
  }

  @Override
  public String toString() {
    return name;
  }
}
