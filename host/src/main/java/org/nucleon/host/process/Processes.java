package org.nucleon.host.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.nucleon.host.namespace.Descriptor;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.namespace.SystemCallException;

/** Starts programs that outlive us, and finds those that an earlier run of ours has started. */
public final class Processes {
  private static final List<String> DIRECTORIES =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private final EventLoop loop;

  /**
   * Watches processes by {@code loop}.
   *
   * @param loop tells when they end; outlives this
   */
  public Processes(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Writes the program's files, starts it in its namespace and remembers it. It has a session of
   * its own: neither our end nor Ctrl-C ends it. Does not look whether it is running already.
   *
   * @throws IOException if a file cannot be written or the program not be started
   */
  public RunningProcess start(ProcessSpec spec) throws IOException {
    for (ConfigFile file : spec.files()) {
      file.write();
    }
    String program = program(spec.command().getFirst());
    int pid;
    try (NetworkNamespace namespace = namespace(spec)) {
      pid = namespace.call(() -> Spawn.start(program, spec.command(), spec.log()));
    }
    // It is our child: its number stays its own until we have seen its end.
    Descriptor descriptor = Descriptor.ofProcess(pid);
    long startTime = ProcessTable.startTime(pid).orElseThrow();
    new ConfigFile(spec.pidFile(), pid + " " + startTime + "\n", false).write();
    return new RunningProcess(pid, spec.command(), descriptor, loop);
  }

  /**
   * The process that was started for {@code spec} and still runs, be it by an earlier run of ours.
   * Its {@link RunningProcess#command() command} may be an older one than the spec's. A pid file is
   * believed only if the process of that number started when it says; without one, a process with
   * just this command in just this namespace is taken.
   *
   * @throws IOException if /proc or the pid file cannot be read
   */
  public Optional<RunningProcess> find(ProcessSpec spec) throws IOException {
    Optional<Remembered> remembered = remembered(spec.pidFile());
    if (remembered.isPresent()) {
      return hold(remembered.get());
    }
    OptionalLong pid = ProcessTable.find(spec.command(), spec.namespace());
    if (pid.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong startTime = ProcessTable.startTime(pid.getAsLong());
    return startTime.isEmpty()
        ? Optional.empty()
        : hold(new Remembered(pid.getAsLong(), startTime.getAsLong()));
  }

  /**
   * Sends a signal to the process that a pid file remembers, and to no later one of its number.
   *
   * @return whether there is one
   * @throws IOException if it may not be sent, or the file cannot be read
   */
  public static boolean signal(Path pidFile, int signal) throws IOException {
    Optional<Remembered> remembered = remembered(pidFile);
    if (remembered.isEmpty()) {
      return false;
    }
    long pid = remembered.get().pid();
    try (Descriptor process = Descriptor.ofProcess(pid)) {
      OptionalLong startTime = ProcessTable.startTime(pid);
      if (startTime.isEmpty() || startTime.getAsLong() != remembered.get().startTime()) {
        return false;
      }
      process.signal(signal);
      return true;
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ESRCH) || e.errno().equals(Errno.EINVAL)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Stops what {@link #find} finds, if anything, and forgets it. See {@link RunningProcess#stop}.
   *
   * @param grace how long it may take to end by itself
   * @throws IOException if it does not end
   */
  public void stop(ProcessSpec spec, Duration grace) throws IOException {
    Optional<RunningProcess> running = find(spec);
    if (running.isPresent()) {
      try (RunningProcess process = running.get()) {
        process.stop(grace);
      }
    }
    Files.deleteIfExists(spec.pidFile());
  }

  private record Remembered(long pid, long startTime) {}

  private Optional<RunningProcess> hold(Remembered remembered) throws IOException {
    Descriptor descriptor;
    try {
      descriptor = Descriptor.ofProcess(remembered.pid());
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ESRCH) || e.errno().equals(Errno.EINVAL)) {
        return Optional.empty();
      }
      throw e;
    }
    // Held first and looked at then: what is seen is what is held.
    OptionalLong startTime = ProcessTable.startTime(remembered.pid());
    Optional<List<String>> command = ProcessTable.command(remembered.pid());
    if (startTime.isEmpty()
        || startTime.getAsLong() != remembered.startTime()
        || command.isEmpty()) {
      descriptor.close();
      return Optional.empty();
    }
    return Optional.of(new RunningProcess(remembered.pid(), command.get(), descriptor, loop));
  }

  private static Optional<Remembered> remembered(Path pidFile) throws IOException {
    try {
      String[] words = Files.readString(pidFile).strip().split(" ");
      return words.length == 2
          ? Optional.of(new Remembered(Long.parseLong(words[0]), Long.parseLong(words[1])))
          : Optional.empty();
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static NetworkNamespace namespace(ProcessSpec spec) throws IOException {
    return spec.namespace() == null
        ? NetworkNamespace.current()
        : NetworkNamespace.open(spec.namespace());
  }

  private static String program(String name) throws IOException {
    if (name.indexOf('/') >= 0) {
      return name;
    }
    for (String directory : DIRECTORIES) {
      Path file = Path.of(directory, name);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    throw new NoSuchFileException(name, null, "no such program in " + DIRECTORIES);
  }
}
