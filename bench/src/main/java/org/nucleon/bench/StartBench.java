package org.nucleon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/**
 * From {@code ./nucleon up --no-agent} to the first answer, with ports in its database; the
 * processor time that it took, because another process may have had the processors meanwhile; and
 * the memory of the idle server.
 */
public final class StartBench {

  private static final int BATCH = 100;

  private final Path launcher;
  private final Path state;
  private final int port;

  private StartBench(Path launcher, Path state) throws IOException {
    this.launcher = launcher;
    this.state = state;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  /**
   * Runs the benchmark.
   *
   * @param arguments the launcher, a state folder (filled if it is new), how many ports, how many
   *     starts, and after how many idle seconds memory is read
   */
  public static void main(String[] arguments) throws Exception {
    StartBench bench = new StartBench(Path.of(arguments[0]), Path.of(arguments[1]));
    int ports = Integer.parseInt(arguments[2]);
    int starts = Integer.parseInt(arguments[3]);
    int idleSeconds = Integer.parseInt(arguments[4]);
    if (!Files.exists(bench.state.resolve("nucleon.db"))) {
      bench.fill(ports);
    }
    List<Start> all = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      all.add(bench.start(i == starts - 1 ? idleSeconds : 0));
      System.out.println(all.getLast());
    }
    System.out.printf(
        "median of %d starts with %d ports: first answer after %d ms, processor time %d ms%n",
        starts,
        ports,
        all.stream().mapToLong(Start::milliseconds).sorted().skip(starts / 2).findFirst().orElse(0),
        all.stream().mapToLong(Start::processor).sorted().skip(starts / 2).findFirst().orElse(0));
  }

  /**
   * One start.
   *
   * @param milliseconds from the launcher's to the first answer
   * @param processor milliseconds, user and system, until then
   * @param kilobytes resident set at the end
   */
  private record Start(long milliseconds, long processor, long kilobytes) {
    @Override
    public String toString() {
      return "first answer after %d ms, processor time %d ms, resident set %d MB"
          .formatted(milliseconds, processor, kilobytes / 1024);
    }
  }

  private Start start(int idleSeconds) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process server = up();
    try {
      ask("/networks");
      long milliseconds = (System.nanoTime() - began) / 1_000_000;
      long processor = processorMilliseconds(server.pid());
      TimeUnit.SECONDS.sleep(idleSeconds);
      return new Start(milliseconds, processor, residentKilobytes(server.pid()));
    } finally {
      end(server);
    }
  }

  /** The launcher becomes the server; it listens when this returns. */
  private Process up() throws IOException {
    Process server =
        new ProcessBuilder(
                launcher.toString(),
                "up",
                "--no-agent",
                "--state",
                state.toString(),
                "--port",
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("listening on")) {
        return server;
      }
    }
    throw new IOException("the server does not start");
  }

  private static void end(Process server) throws InterruptedException {
    server.destroy();
    server.waitFor();
  }

  private void ask(String path) throws IOException {
    try (Connection connection = new Connection(port)) {
      connection.send("GET", path, "");
    }
  }

  private void fill(int ports) throws IOException, InterruptedException, MalformedJson {
    Process server = up();
    try (Connection connection = new Connection(port)) {
      connection.liftQuota();
      byte[] made = connection.send("POST", "/networks", "{\"network\":{}}");
      Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(Json.parse(made));
      Object network = ((Map<?, ?>) Objects.requireNonNull(answer.get("network"))).get("id");
      connection.send(
          "POST",
          "/subnets",
          "{\"subnet\":{\"network_id\":\"%s\",\"ip_version\":4,\"cidr\":\"10.0.0.0/9\"}}"
              .formatted(network));
      for (int missing = ports; missing > 0; missing -= BATCH) {
        String one = "{\"network_id\":\"" + network + "\"}";
        String many = (one + ",").repeat(Math.min(BATCH, missing) - 1) + one;
        connection.send("POST", "/ports", "{\"ports\":[" + many + "]}");
      }
    } finally {
      end(server);
    }
  }

  /** Of proc(5)'s {@code stat}: utime and stime, in hundredths of a second. */
  private static long processorMilliseconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * 10;
  }

  private static long residentKilobytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
