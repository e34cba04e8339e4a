package org.nucleon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/**
 * Creates, lists and shows ports over HTTP against a running server. Every create is in one network
 * and one subnet, and its answer is awaited before the client's next.
 */
public final class ApiBench {

  private static final int[] CLIENTS = {1, 8, 16};
  private static final int BULK = 100;

  private final int port;
  private final String network;

  private ApiBench(int port, String network) {
    this.port = port;
    this.network = network;
  }

  /**
   * Runs the benchmark.
   *
   * @param arguments the API's port on 127.0.0.1, seconds for each measurement, and how many ports
   *     are to be present, one series each: 1,000 and 10,000 if none is named
   */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    double seconds = Double.parseDouble(arguments[1]);
    List<String> presents =
        arguments.length > 2
            ? List.of(arguments).subList(2, arguments.length)
            : List.of("1000", "10000");
    ApiBench bench = new ApiBench(port, makeNetwork(port));
    bench.create(16, 3, "warm-up");
    for (String one : presents) {
      bench.series(Integer.parseInt(one), seconds);
    }
  }

  private void series(int present, double seconds) throws Exception {
    for (int clients : CLIENTS) {
      trim(present);
      fill(present);
      create(clients, seconds, count() + " ports present at first");
    }
    for (int clients : CLIENTS) {
      trim(present);
      bulk(clients, seconds);
    }
    trim(present);
    for (int clients : CLIENTS) {
      rules(clients, seconds);
    }
    list();
    for (int clients : CLIENTS) {
      find(clients, seconds);
    }
    for (int clients : CLIENTS) {
      show(clients, seconds);
    }
    showUnderLoad(seconds);
  }

  /** Ports made a hundred at a time, all or none of each. */
  private void bulk(int clients, double seconds) throws Exception {
    String one = "{\"network_id\":\"" + network + "\"}";
    String body = "{\"ports\":[" + (one + ",").repeat(BULK - 1) + one + "]}";
    Load load = run(clients, seconds, connection -> connection.send("POST", "/ports", body));
    print("bulk create of " + BULK + " ports, " + clients + " clients", load);
    System.out.printf("  ports: %.0f/s%n", BULK * load.perSecond());
  }

  private void rules(int clients, double seconds) throws Exception {
    String group;
    try (Connection connection = new Connection(port)) {
      group =
          id(
              connection.send("POST", "/security-groups", "{\"security_group\":{\"name\":\"b\"}}"),
              "security_group");
    }
    AtomicInteger next = new AtomicInteger();
    Load load =
        run(
            clients,
            seconds,
            connection ->
                connection.send(
                    "POST", "/security-group-rules", rule(group, next.getAndIncrement())));
    print("rule create, " + clients + " clients", load);
    try (Connection connection = new Connection(port)) {
      connection.send("DELETE", "/security-groups/" + group, "");
    }
  }

  private static String rule(String group, int number) {
    return """
    {"security_group_rule":{"security_group_id":"%s","direction":"ingress","protocol":"tcp",\
    "port_range_min":%d,"port_range_max":%d,"remote_ip_prefix":"10.%d.0.0/16"}}\
    """
        .formatted(group, 1 + number % 60_000, 1 + number % 60_000, number / 60_000);
  }

  /** A list of one port, found by its server's id. */
  private void find(int clients, double seconds) throws Exception {
    String device = UUID.randomUUID().toString();
    try (Connection connection = new Connection(port)) {
      connection.send(
          "POST",
          "/ports",
          "{\"port\":{\"network_id\":\"" + network + "\",\"device_id\":\"" + device + "\"}}");
    }
    Load load =
        run(
            clients,
            seconds,
            connection -> connection.send("GET", "/ports?device_id=" + device, ""));
    print("list of one port by device_id, " + clients + " clients", load);
  }

  /** One client that shows while eight create. */
  private void showUnderLoad(double seconds) throws Exception {
    String body = "{\"port\":{\"network_id\":\"" + network + "\"}}";
    Thread load =
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(8, seconds + 0.5, connection -> connection.send("POST", "/ports", body));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    show(1, seconds, "show, 1 client, while 8 create");
    load.join();
  }

  private static String makeNetwork(int port) throws IOException, MalformedJson {
    try (Connection connection = new Connection(port)) {
      connection.liftQuota();
      String network = id(connection.send("POST", "/networks", "{\"network\":{}}"), "network");
      connection.send(
          "POST",
          "/subnets",
          "{\"subnet\":{\"network_id\":\""
              + network
              + "\",\"ip_version\":4,\"cidr\":\"10.0.0.0/9\"}}");
      return network;
    }
  }

  private static String id(byte[] answer, String wrapper) throws MalformedJson {
    Map<?, ?> outer = (Map<?, ?>) Objects.requireNonNull(Json.parse(answer));
    return String.valueOf(((Map<?, ?>) Objects.requireNonNull(outer.get(wrapper))).get("id"));
  }

  private int count() throws IOException {
    try (Connection connection = new Connection(port)) {
      String ports =
          new String(connection.send("GET", "/ports?fields=id", ""), StandardCharsets.UTF_8);
      return ports.split("\"id\"", -1).length - 1;
    }
  }

  private void fill(int wanted) throws IOException {
    try (Connection connection = new Connection(port)) {
      for (int missing = wanted - count(); missing > 0; missing -= 100) {
        String one = "{\"network_id\":\"" + network + "\"},";
        String many = one.repeat(Math.min(100, missing));
        connection.send(
            "POST", "/ports", "{\"ports\":[" + many.substring(0, many.length() - 1) + "]}");
      }
    }
  }

  /** Removes what a measurement has left beside the wanted number. */
  private void trim(int wanted) throws Exception {
    List<String> ids = new ArrayList<>();
    try (Connection connection = new Connection(port)) {
      Map<?, ?> list =
          (Map<?, ?>)
              Objects.requireNonNull(Json.parse(connection.send("GET", "/ports?fields=id", "")));
      for (Object one : (List<?>) Objects.requireNonNull(list.get("ports"))) {
        ids.add(String.valueOf(((Map<?, ?>) one).get("id")));
      }
    }
    ConcurrentLinkedQueue<String> surplus =
        new ConcurrentLinkedQueue<>(ids.subList(Math.min(wanted, ids.size()), ids.size()));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (Connection connection = new Connection(port)) {
                  for (String id = surplus.poll(); id != null; id = surplus.poll()) {
                    connection.send("DELETE", "/ports/" + id, "");
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void create(int clients, double seconds, String what) throws Exception {
    String body = "{\"port\":{\"network_id\":\"" + network + "\"}}";
    long before = reruns();
    Load load = run(clients, seconds, connection -> connection.send("POST", "/ports", body));
    print("create, " + clients + " clients, " + what, load);
    System.out.printf(
        "  runs of rules repeated per create: %.4f%n",
        (double) (reruns() - before) / load.nanoseconds().length);
  }

  private long reruns() throws IOException, MalformedJson {
    try (Connection connection = new Connection(port)) {
      Map<?, ?> health = (Map<?, ?>) Objects.requireNonNull(Json.parse(connection.health()));
      return ((Number) Objects.requireNonNull(health.get("reruns"))).longValue();
    }
  }

  private void show(int clients, double seconds) throws Exception {
    show(clients, seconds, "show, " + clients + " clients");
  }

  private void show(int clients, double seconds, String what) throws Exception {
    String id;
    try (Connection connection = new Connection(port)) {
      id =
          id(
              connection.send("POST", "/ports", "{\"port\":{\"network_id\":\"" + network + "\"}}"),
              "port");
    }
    Load load = run(clients, seconds, connection -> connection.send("GET", "/ports/" + id, ""));
    print(what, load);
  }

  private void list() throws Exception {
    int ports = count();
    long[] nanoseconds = new long[50];
    try (Connection connection = new Connection(port)) {
      String id =
          id(
              connection.send("POST", "/ports", "{\"port\":{\"network_id\":\"" + network + "\"}}"),
              "port");
      for (int i = 0; i < nanoseconds.length; i++) {
        connection.send("PUT", "/ports/" + id, "{\"port\":{\"name\":\"n" + i + "\"}}");
        long start = System.nanoTime();
        connection.send("GET", "/ports", "");
        nanoseconds[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanoseconds);
    System.out.printf(
        "list of %d ports, all attributes, one changed between any two: p50 %.1f ms, p99 %.1f ms%n",
        ports, nanoseconds[25] / 1e6, nanoseconds[49] / 1e6);
  }

  @FunctionalInterface
  private interface Call {
    void run(Connection connection) throws IOException;
  }

  private record Load(double perSecond, long[] nanoseconds) {}

  private Load run(int clients, double seconds, Call call) throws Exception {
    List<List<Long>> times = new ArrayList<>();
    CountDownLatch ready = new CountDownLatch(clients);
    List<Thread> threads = new ArrayList<>();
    long[] bounds = new long[1];
    for (int i = 0; i < clients; i++) {
      List<Long> own = new ArrayList<>();
      times.add(own);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (Connection connection = new Connection(port)) {
                  ready.countDown();
                  ready.await();
                  long end = System.nanoTime() + (long) (seconds * 1e9);
                  for (long now = System.nanoTime(); now < end; ) {
                    call.run(connection);
                    long after = System.nanoTime();
                    own.add(after - now);
                    now = after;
                  }
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    ready.await();
    bounds[0] = System.nanoTime();
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - bounds[0]) / 1e9;
    long[] all = times.stream().flatMap(List::stream).mapToLong(Long::longValue).sorted().toArray();
    return new Load(all.length / took, all);
  }

  private static void print(String what, Load load) {
    long[] n = load.nanoseconds();
    System.out.printf(
        "%s: %.0f/s, p50 %.2f ms, p99 %.2f ms%n",
        what, load.perSecond(), n[n.length / 2] / 1e6, n[n.length * 99 / 100] / 1e6);
  }
}
