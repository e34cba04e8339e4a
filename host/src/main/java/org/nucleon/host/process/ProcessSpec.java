package org.nucleon.host.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that should run.
 *
 * @param name what it is called in messages
 * @param namespace the named network namespace that it runs in; null for the host's
 * @param command program and arguments, passed on as they are, without a shell. The program is
 *     looked up in the usual directories and must stay in the foreground
 * @param pidFile where we remember it; not to be written by the program itself
 * @param log where its output is appended; null to drop it
 * @param files what it reads, written before it starts
 */
public record ProcessSpec(
    String name,
    @Nullable String namespace,
    List<String> command,
    Path pidFile,
    @Nullable Path log,
    List<ConfigFile> files) {
  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the command is empty or an argument contains a NUL
   */
  public ProcessSpec {
    command = List.copyOf(command);
    files = List.copyOf(files);
    if (command.isEmpty() || command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("not a command: " + command);
    }
  }
}
