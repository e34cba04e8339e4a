package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator does with a PostgreSQL: moves there and back, and starts while it is down. */
@Tag("os")
final class DatabaseVerbsTest {

  @TempDir static Path folder;
  private static Process database;
  private static BufferedReader answers;
  private static Writer commands;

  /** As in {@code [database] connection}; has a password in it. */
  private static String url;

  @BeforeAll
  static void start() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("lab/bin/database"))) {
      root = root.getParent();
    }
    database =
        new ProcessBuilder(root.resolve("lab/bin/database").toString(), "postgresql")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = database.inputReader();
    commands = database.outputWriter();
    url = answer().split(" ")[2] + "postgres";
  }

  @AfterAll
  static void stop() throws IOException {
    commands.close();
    database.onExit().join();
  }

  private static String answer() throws IOException {
    return Objects.requireNonNull(answers.readLine(), "the database server ended");
  }

  private static void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    answer();
  }

  private record Said(int status, String out, String err) {}

  private static Said run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Nucleon.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = line.execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    assertThat(out + " " + err).as("no password").doesNotContain("p%40ss", "p@ss");
    return new Said(status, out.toString(), err.toString());
  }

  /** A server as a process of its own. */
  private static final class Server implements AutoCloseable {
    private final Process process;
    final BufferedReader log;

    Server(String state, Path config) throws IOException {
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
      command.addAll(List.of("--state", folder.resolve(state).toString()));
      command.addAll(List.of("--config-file", config.toString()));
      process = new ProcessBuilder(command).start();
      log = process.errorReader();
    }

    /** Its networks, once it serves. */
    URI networks() throws IOException {
      BufferedReader said = process.inputReader();
      String line;
      do {
        line = Objects.requireNonNull(said.readLine(), "the server ended");
      } while (!line.startsWith("listening on "));
      return URI.create(line.replaceAll("listening on (.*),.*", "$1/v2.0/networks"));
    }

    @Override
    public void close() {
      process.toHandle().destroy();
      process.onExit().join();
    }
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  @Test
  void anInstallationMovesAndStartsWhileTheDatabaseIsDown() throws Exception {
    String options = "[ml2]\nmechanism_drivers =\n";
    Path embedded = Files.writeString(folder.resolve("embedded.conf"), options);
    try (Server server = new Server("embedded", embedded)) {
      assertThat(
              send(
                  HttpRequest.newBuilder(server.networks())
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString("{\"network\":{\"name\":\"kept\"}}"))))
          .contains("kept");
    }
    Path state = folder.resolve("embedded");
    Said copied = run("db", "copy", state, url);
    assertThat(copied.status()).as("%s", copied).isZero();
    assertThat(copied.out()).containsPattern("copied \\d+ resources, counted again in the copy");
    Said again = run("db", "copy", state, url);
    assertThat(again.status()).as("it has something now: %s", again).isEqualTo(1);
    assertThat(again.err().lines()).hasSize(1);

    tell("stop");
    options += "[database]\nretry_interval = 1\nconnection = " + url + "\n";
    Path postgresql = Files.writeString(folder.resolve("postgresql.conf"), options);
    Path impatient =
        Files.writeString(folder.resolve("impatient.conf"), options + "max_retries = 0\n");
    Said refused = run("server", "--state", folder.resolve("moved"), "--config-file", impatient);
    assertThat(refused.status()).as("%s", refused).isEqualTo(1);
    assertThat(refused.err().lines()).as("%s", refused).hasSize(1);
    Said notCopied = run("db", "copy", state, url);
    assertThat(notCopied.status()).isEqualTo(1);
    assertThat(notCopied.err().lines()).as("%s", notCopied).hasSize(1);
    try (Server server = new Server("moved", postgresql)) {
      assertThat(server.log.readLine())
          .contains("WARNING", "next try in 1 s (1 of 10)")
          .doesNotContain("p@ss", "p%40ss");
      tell("start");
      assertThat(send(HttpRequest.newBuilder(server.networks()))).contains("kept");
    }

    Path back = folder.resolve("back");
    assertThat(run("db", "copy", url, back).status()).isZero();
    try (Server server = new Server("back", embedded)) {
      assertThat(send(HttpRequest.newBuilder(server.networks()))).contains("kept");
    }
  }
}
