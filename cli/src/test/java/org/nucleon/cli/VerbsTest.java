package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.core.transaction.Store;
import org.nucleon.store.SqliteStore;
import picocli.CommandLine;

/** What an operator types, and what is said to it. */
final class VerbsTest {

  @TempDir Path folder;
  Path state;
  Path config;

  @BeforeEach
  void prepare() throws IOException {
    state = folder.resolve("state");
    config = Files.writeString(folder.resolve("n.conf"), "[ml2]\nmechanism_drivers =\nodd = 1\n");
  }

  private record Said(int status, String out, String err) {}

  private static Said run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Nucleon.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status =
        line.execute(
            java.util.Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    return new Said(status, out.toString(), err.toString());
  }

  private static void refused(Said said, String... words) {
    assertThat(said.status()).as("%s", said).isEqualTo(1);
    assertThat(said.err().lines()).as("%s", said).hasSize(1);
    assertThat(said.err()).contains(words).doesNotContain("\tat ", "Exception");
  }

  @Test
  void refusesInOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      refused(
          run(
              "up",
              "--no-agent",
              "--state",
              state,
              "--config-file",
              config,
              "--port",
              taken.getLocalPort()),
          "127.0.0.1:" + taken.getLocalPort(),
          "in use");
    }
    try (Store other = SqliteStore.open(state)) {
      assertThat(other).isNotNull();
      refused(
          run("up", "--no-agent", "--state", state, "--config-file", config, "--port", 0),
          "another server",
          state.toString());
    }
    refused(
        run("up", "--no-agent", "--state", state, "--config-file", folder.resolve("no")),
        "no such file");
    Path wrong = Files.writeString(folder.resolve("wrong.conf"), "what is this\n");
    refused(run("server", "--state", state, "--config-file", wrong), "wrong.conf, line 1");
    Path number =
        Files.writeString(
            folder.resolve("number.conf"),
            "[ml2]\nmechanism_drivers=\n[DEFAULT]\nglobal_physnet_mtu=x\n");
    refused(run("server", "--state", state, "--config-file", number), "global_physnet_mtu");
    refused(run("up", "--no-agent", "--state", config), "state folder");
    refused(run("config", "--config-file", number), "number.conf, line 4", "whole number");
    Path database =
        Files.writeString(
            folder.resolve("database.conf"), "[database]\nconnection = oracle://u:hidden@h/d\n");
    refused(run("server", "--state", state, "--config-file", database), "postgresql, mysql");
    assertThat(run("config", "--config-file", config).out())
        .contains("[database]", "connection", "[ml2]", config + ", line ", "pool_timeout = 30");
    Path other = Files.writeString(folder.resolve("o.conf"), "[DEFAULT]\ncore_plugin = acme\n");
    for (String verb : List.of("up --no-agent --state " + state, "config", "openapi")) {
      List<Object> words = new ArrayList<>(List.of(verb.split(" ")));
      words.addAll(List.of("--config-file", other));
      refused(run(words.toArray()), "core_plugin", "acme, only [ml2]");
    }
    refused(run("db", "copy", folder.resolve("none"), folder.resolve("n2")), "no database");
    refused(run("server", "--agents-address", "nonsense"), "--agents-address");
    refused(
        run("enroll", "../h", "--state", state, "--out", folder.resolve("x")), "not a host name");
    refused(run("enroll", "h1", "--state", state), "--out");
    refused(
        run("enroll", "h1", "--state", state, "--out", folder.resolve("x"), "--server", "http://x"),
        "--server");
    refused(run("enroll", "h1", "--state", state, "--withdraw"), "not enrolled");
    assertThat(run("up", "--port", "x").status()).isEqualTo(2);
    refused(run("up", "--no-agent", "--state", state, "--port", 99_999), "--port", "99999");
    assertThat(run("no-such-verb").status()).isEqualTo(2);
    assertThat(run("--help").out()).contains("server", "enroll").doesNotContain("train");
  }

  @Test
  void enrollmentFileIsForTheHostAlone() throws Exception {
    Path file = folder.resolve("h1.json");
    Said said =
        run("enroll", "h1", "--state", state, "--out", file, "--server", "https://10.0.0.1:9697");
    assertThat(said.status()).as("%s", said).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Map<?, ?> enrolled = (Map<?, ?>) Json.parse(Files.readString(file));
    assertThat(enrolled.get("server")).isEqualTo("https://10.0.0.1:9697");
    assertThat(enrolled.get("host")).isEqualTo("h1");
    assertThat((String) enrolled.get("token")).startsWith("h1:").hasSizeGreaterThan(40);
    assertThat((String) enrolled.get("certificate")).startsWith("-----BEGIN CERTIFICATE-----\n");
    assertThat(said.out()).doesNotContain((String) enrolled.get("token"));
    run("enroll", "h2", "--state", state, "--out", folder.resolve("h2.json"));
    Map<?, ?> other = (Map<?, ?>) Json.parse(Files.readString(folder.resolve("h2.json")));
    assertThat(other.get("certificate")).as("one server").isEqualTo(enrolled.get("certificate"));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("agents.p12"))))
        .isEqualTo("rw-------");
  }

  /**
   * As a process of its own: starts, serves, is asked to end, and starts again with what it had.
   */
  @Test
  void serverRunsUntilAskedToEnd() throws Exception {
    for (int life = 0; life < 2; life++) {
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
      Path errors = folder.resolve("errors" + life);
      Process server = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      BufferedReader lines = server.inputReader();
      assertThat(lines.readLine()).isEqualTo("state in " + state);
      assertThat(lines.readLine()).startsWith("listening for agents on https://127.0.0.1:");
      String ready = lines.readLine();
      assertThat(ready).matches("listening on http://127.0.0.1:\\d+, ready in \\d+ ms");
      URI networks = URI.create(ready.replaceAll("listening on (.*),.*", "$1/v2.0/networks"));
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpRequest list = HttpRequest.newBuilder(networks).build();
        String before = client.send(list, BodyHandlers.ofString()).body();
        assertThat(before.contains("kept")).isEqualTo(life > 0);
        HttpRequest create =
            HttpRequest.newBuilder(networks)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"network\":{\"name\":\"kept\"}}"))
                .build();
        assertThat(client.send(create, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
      }
      server.toHandle().destroy(); // SIGTERM
      assertThat(lines.readLine()).isEqualTo("ended");
      assertThat(server.waitFor()).isEqualTo(143);
      assertThat(Files.readString(errors).lines())
          .singleElement()
          .asString()
          .contains("WARNING", "[ml2] odd");
    }
  }
}
