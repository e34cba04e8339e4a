package org.nucleon.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nucleon's own command line on a machine, from the assembled jars. The system property {@code
 * nucleon.lib} names their folder.
 */
public final class NucleonProcess {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);

  private NucleonProcess() {}

  /**
   * Starts a verb that keeps running.
   *
   * @param machine where
   * @param name what to call it; its log is named so, and a second start continues that log
   * @param arguments the verb and its arguments
   * @return the running process, not yet ready
   */
  public static Daemon start(Machine machine, String name, String... arguments) {
    return machine.start(name, command(arguments));
  }

  /**
   * Starts a verb and waits until it says that it is ready.
   *
   * @param machine where
   * @param name what to call it; must not have been used on this machine, as an older log may say
   *     so too
   * @param ready what it writes then
   * @param arguments the verb and its arguments
   * @return the running process
   * @throws AssertionError if it ends, or is not ready within a minute
   */
  public static Daemon startReady(
      Machine machine, String name, Pattern ready, String... arguments) {
    Daemon process = start(machine, name, arguments);
    process.await(ready, READY_LIMIT);
    return process;
  }

  /**
   * Runs a verb to its end.
   *
   * @param machine where
   * @param arguments the verb and its arguments
   * @return what it left behind
   */
  public static Output run(Machine machine, String... arguments) {
    return machine.attempt(command(arguments));
  }

  private static String[] command(String... arguments) {
    Path lib = Path.of(System.getProperty("nucleon.lib", "cli/target/lib")).toAbsolutePath();
    if (!Files.isDirectory(lib)) {
      throw new LabException("no assembled jars in " + lib + "; build module cli first");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms32m"));
    Path cache = lib.resolveSibling("serial.aot");
    if (Files.exists(cache) && cache.toFile().length() > 0) {
      command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
    }
    command.addAll(List.of("-cp", jars(lib)));
    command.add("org.nucleon.cli.Nucleon");
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  /** In the launcher's order: the cache is for one class path. */
  private static String jars(Path lib) {
    try (Stream<Path> files = Files.list(lib)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted()
          .map(Path::toString)
          .collect(Collectors.joining(":"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
