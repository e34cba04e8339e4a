package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  private static PostgresProcess database;

  /** As in {@code [database] connection}; has a password in it. */
  private static String url;

  @BeforeAll
  static void start() throws IOException {
    database = new PostgresProcess();
    url = database.url();
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
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

  private static ServerProcess server(String state, Path config) throws IOException {
    return new ServerProcess(folder.resolve(state), config);
  }

  private static URI networks(ServerProcess server) throws IOException {
    return URI.create(server.url() + "/networks");
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
    try (ServerProcess server = server("embedded", embedded)) {
      assertThat(
              send(
                  HttpRequest.newBuilder(networks(server))
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

    database.tell("stop");
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
    try (ServerProcess server = server("moved", postgresql)) {
      assertThat(server.log.readLine())
          .contains("WARNING", "next try in 1 s (1 of 10)")
          .doesNotContain("p@ss", "p%40ss");
      database.tell("start");
      assertThat(send(HttpRequest.newBuilder(networks(server)))).contains("kept");
    }

    Path back = folder.resolve("back");
    assertThat(run("db", "copy", url, back).status()).isZero();
    try (ServerProcess server = server("back", embedded)) {
      assertThat(send(HttpRequest.newBuilder(networks(server)))).contains("kept");
    }
  }
}
