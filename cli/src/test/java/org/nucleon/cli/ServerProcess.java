package org.nucleon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A server as a process of its own, on a free port. */
final class ServerProcess implements AutoCloseable {

  private final Process process;

  /** What it logs; to be read if it is much. */
  final BufferedReader log;

  ServerProcess(Path state, Path config) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Nucleon.class.getName()));
    command.addAll(List.of("server", "--port", "0", "--agents-address", "127.0.0.1:0"));
    command.addAll(List.of("--state", state.toString(), "--config-file", config.toString()));
    process = new ProcessBuilder(command).start();
    log = process.errorReader();
  }

  /** Where its API is, {@code /v2.0} included, once it serves. */
  String url() throws IOException {
    BufferedReader said = process.inputReader();
    String line;
    do {
      line = Objects.requireNonNull(said.readLine(), "the server ended");
    } while (!line.startsWith("listening on "));
    return line.replaceAll("listening on (.*),.*", "$1/v2.0");
  }

  @Override
  public void close() {
    process.toHandle().destroy();
    process.onExit().join();
  }
}
