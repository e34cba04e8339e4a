package org.nucleon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A PostgreSQL of the operating system's packages; ends with this JVM, whatever happens. */
final class PostgresProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;
  private final String url;

  PostgresProcess() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("lab/bin/database"))) {
      root = root.getParent();
    }
    process =
        new ProcessBuilder(root.resolve("lab/bin/database").toString(), "postgresql")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = process.inputReader();
    commands = process.outputWriter();
    url = answer().split(" ")[2] + "postgres";
  }

  private String answer() throws IOException {
    return Objects.requireNonNull(answers.readLine(), "the database server ended");
  }

  /** Its one database, as in {@code [database] connection}; has a password in it. */
  String url() {
    return url;
  }

  /** One of {@code kill}, {@code stop} and {@code start}, carried out. */
  void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    answer();
  }

  @Override
  public void close() throws IOException {
    commands.close();
    process.onExit().join();
  }
}
