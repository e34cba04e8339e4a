package org.nucleon.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that keeps running on a machine, with its output in a log file. */
public final class Daemon {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final Process entry;
  private final Path log;
  private final int start;

  private Daemon(String name, Process entry, Path log, int start) {
    this.name = name;
    this.entry = entry;
    this.log = log;
    this.start = start;
  }

  /**
   * Starts a program.
   *
   * @param name what to call it in messages
   * @param command the program and its arguments, which enters a machine and forks there
   * @param log where its output goes; an older log is continued
   * @return the running program
   */
  static Daemon start(String name, List<String> command, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      int start = Files.exists(log) ? Files.readString(log).length() : 0;
      return new Daemon(name, builder.start(), log, start);
    } catch (IOException e) {
      throw new LabException(name + " can't be started: " + e.getMessage(), e);
    }
  }

  /**
   * Its name.
   *
   * @return what it is called in messages
   */
  public String name() {
    return name;
  }

  /**
   * Whether it still runs.
   *
   * @return false once it has ended, however it did
   */
  public boolean alive() {
    return entry.isAlive();
  }

  /**
   * The program's own process, as the lab sees it.
   *
   * @return its process id
   * @throws LabException if it has ended
   */
  public long pid() {
    // The entry forks into the machine's PID namespace; its one child is the program.
    return entry
        .toHandle()
        .children()
        .findFirst()
        .orElseThrow(() -> new LabException(name + " has ended"))
        .pid();
  }

  /**
   * What it has written so far, and what a namesake had written before it.
   *
   * @return the whole output, both streams in one
   */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until its output holds what is looked for.
   *
   * @param pattern looked for from its own first word; a namesake's before it do not count
   * @param limit how long at most
   * @return the first match
   * @throws AssertionError if it ends or the limit is reached first; the message carries the log's
   *     end
   */
  public Matcher await(Pattern pattern, Duration limit) {
    return Eventually.within(
            limit,
            name + " writes " + pattern,
            () -> {
              boolean ended = !alive();
              Matcher matcher = pattern.matcher(log().substring(start));
              return new Sought(matcher, matcher.find(), ended, tail(40));
            },
            sought -> sought.found() || sought.ended())
        .orFail(name, pattern);
  }

  /**
   * The end of its log.
   *
   * @param lines how many lines at most
   * @return the last lines
   */
  public String tail(int lines) {
    List<String> all = log().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  /** Ends it by SIGKILL and waits until it is gone. Does nothing if it has ended already. */
  public void kill() {
    signal("KILL");
    awaitEnd();
  }

  /** Asks it to end by SIGTERM and waits until it has. Does nothing if it has ended already. */
  public void terminate() {
    signal("TERM");
    awaitEnd();
  }

  /**
   * Sends a signal to the program itself.
   *
   * @param signal its name without SIG, such as {@code USR1}
   */
  public void signal(String signal) {
    // The entry forks into the machine's PID namespace; its one child is the program.
    entry
        .toHandle()
        .children()
        .forEach(
            program -> Output.of(List.of("sh", "-c", "kill -" + signal + " " + program.pid())));
  }

  /**
   * Waits for its end.
   *
   * @return its exit status
   * @throws AssertionError if it does not end within 30 seconds
   */
  public int awaitEnd() {
    Eventually.within(PATIENCE, name + " ends", () -> !alive());
    return entry.exitValue();
  }

  private record Sought(Matcher matcher, boolean found, boolean ended, String tail) {
    Matcher orFail(String name, Pattern pattern) {
      if (!found) {
        throw new AssertionError(name + " ended without writing " + pattern + "\n" + tail);
      }
      return matcher;
    }

    @Override
    public String toString() {
      return "log ends with\n" + tail;
    }
  }
}
