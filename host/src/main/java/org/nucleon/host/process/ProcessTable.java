package org.nucleon.host.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What /proc knows of processes, see proc(5). A process that ends meanwhile is one not there. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final Path NAMESPACES = Path.of("/run/netns");

  /**
   * In clock ticks since boot; field 22, counted from the end of the name, which may hold spaces.
   */
  private static final int START_AFTER_NAME = 19;

  private ProcessTable() {}

  /** When a process started, in clock ticks since boot; empty if there is none. */
  static OptionalLong startTime(long pid) throws IOException {
    Optional<String> stat = read(PROC.resolve(pid + "/stat"));
    if (stat.isEmpty()) {
      return OptionalLong.empty();
    }
    String afterName = stat.get().substring(stat.get().lastIndexOf(')') + 2);
    return OptionalLong.of(Long.parseLong(afterName.split(" ")[START_AFTER_NAME]));
  }

  /** A process's program and arguments; empty if there is none, or it has ended already. */
  static Optional<List<String>> command(long pid) throws IOException {
    return read(PROC.resolve(pid + "/cmdline"))
        .filter(line -> !line.isEmpty())
        .map(line -> Arrays.asList(line.substring(0, line.length() - 1).split("\0", -1)));
  }

  /** The first process that runs {@code command} in the namespace. */
  static OptionalLong find(List<String> command, @Nullable String namespace) throws IOException {
    Optional<String> wanted = namespaceId(namespace);
    if (wanted.isEmpty()) {
      return OptionalLong.empty();
    }
    List<Long> pids;
    try (Stream<Path> entries = Files.list(PROC)) {
      pids =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= '9'))
              .map(Long::valueOf)
              .sorted()
              .toList();
    }
    for (long pid : pids) {
      if (command(pid).filter(command::equals).isPresent() && namespaceOf(pid).equals(wanted)) {
        return OptionalLong.of(pid);
      }
    }
    return OptionalLong.empty();
  }

  private static Optional<String> namespaceId(@Nullable String namespace) throws IOException {
    if (namespace == null) {
      return link(PROC.resolve("self/ns/net"));
    }
    try {
      Object inode = Files.getAttribute(NAMESPACES.resolve(namespace), "unix:ino");
      return Optional.of("net:[" + inode + "]");
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> namespaceOf(long pid) {
    return link(PROC.resolve(pid + "/ns/net"));
  }

  private static Optional<String> link(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A file of a process that ends between open and read fails with ESRCH, not "no such file". */
  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
