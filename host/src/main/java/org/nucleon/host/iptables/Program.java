package org.nucleon.host.iptables;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nucleon.host.namespace.NetworkNamespace;

/** Runs a program of the host to its end. */
final class Program {

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/sbin"),
          Path.of("/sbin"),
          Path.of("/usr/bin"),
          Path.of("/bin"),
          Path.of("/usr/local/sbin"));

  private Program() {}

  /**
   * What a program left behind.
   *
   * @param pid its process id
   * @param output what it wrote
   */
  record Ended(long pid, String output) {}

  /** Whether the host has it. */
  static boolean exists(String name) {
    return FOLDERS.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(name)));
  }

  private static String path(String name) throws IOException {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("this host has no " + name))
        .toString();
  }

  /**
   * Runs a program.
   *
   * @param input what it reads
   * @throws IOException if there is no such program, or with its words if it fails
   */
  static Ended run(NetworkNamespace namespace, String input, String name, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(path(name)));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = namespace.start(builder);
    // A program may write while it reads: neither is to wait for the other.
    Thread writer =
        Thread.ofPlatform().daemon().name("to " + name).start(() -> write(process, input));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      writer.join();
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(name + ": " + lastWords(output, status));
      }
      return new Ended(process.pid(), output);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException(name + " was not waited for", e);
    }
  }

  private static void write(Process process, String input) {
    try (Writer out = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)) {
      out.write(input);
    } catch (IOException _) {
      // it has ended early, and says why
    }
  }

  private static String lastWords(String output, int status) {
    return output
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("Warning"))
        .limit(5)
        .reduce((one, two) -> one + "; " + two)
        .orElse("exit status " + status);
  }
}
