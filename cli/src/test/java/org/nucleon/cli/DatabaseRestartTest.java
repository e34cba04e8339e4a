package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;

/**
 * A server of many clients over HTTP, whose PostgreSQL goes away and comes back: whatever was
 * answered is there, whole, and everybody else was told to come again.
 */
@Tag("os")
@Timeout(300)
final class DatabaseRestartTest {

  private static final int CLIENTS = 8;

  /** Ports of which the client was told that they are made. */
  private static final int BETWEEN = 100;

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  /** What was answered with 201, by name. */
  private final Map<String, Map<?, ?>> made = new ConcurrentHashMap<>();

  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean enough = new AtomicBoolean();

  private HttpResponse<byte[]> post(String url, String type, Map<String, ?> values)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(Map.of(type, values))))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private String create(String url, String type, Map<String, ?> values) throws Exception {
    HttpResponse<byte[]> answer = post(url, type, values);
    assertThat(answer.statusCode()).isEqualTo(201);
    return String.valueOf(((Map<?, ?>) member(answer, type)).get("id"));
  }

  private static Object member(HttpResponse<byte[]> answer, String name) throws Exception {
    return ((Map<?, ?>) Json.parse(answer.body())).get(name);
  }

  /** The ports by name, none of which is there twice. */
  private Map<String, Map<?, ?>> ports(String url) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/ports")).build(), BodyHandlers.ofByteArray());
    Map<String, Map<?, ?>> ports = new HashMap<>();
    for (Object port : (List<?>) member(answer, "ports")) {
      Map<?, ?> values = (Map<?, ?>) port;
      assertThat(ports.put(String.valueOf(values.get("name")), values)).isNull();
    }
    return ports;
  }

  private void makePorts(int client, String url, String network) throws Exception {
    for (int i = 0; !enough.get(); i++) {
      String name = client + "-" + i;
      HttpResponse<byte[]> answer =
          post(url + "/ports", "port", Map.of("name", name, "network_id", network));
      if (answer.statusCode() == 201) {
        made.put(name, (Map<?, ?>) member(answer, "port"));
      } else {
        assertThat(answer.statusCode())
            .as("%s", new String(answer.body(), StandardCharsets.UTF_8))
            .isEqualTo(503);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
        refused.add(name);
      }
    }
  }

  private void await(BooleanSupplier condition, List<Future<?>> clients) throws Exception {
    while (!condition.getAsBoolean()) {
      for (Future<?> client : clients) {
        if (client.isDone()) {
          client.get(); // fails the test
        }
      }
      Thread.onSpinWait();
    }
  }

  private void awaitMore(List<Future<?>> clients) throws Exception {
    int wanted = made.size() + BETWEEN;
    await(() -> made.size() >= wanted, clients);
  }

  @Test
  void whatWasAnsweredIsThereAndTheRestWasToldToComeAgain() throws Exception {
    Path state = folder.resolve("state");
    try (PostgresProcess database = new PostgresProcess()) {
      Path config =
          Files.writeString(
              folder.resolve("n.conf"),
              """
              [ml2]
              mechanism_drivers =
              [quotas]
              quota_port = -1
              [database]
              pool_timeout = 1
              retry_interval = 1
              connection = %s
              """
                  .formatted(database.url()));
      Map<String, Map<?, ?>> left;
      try (ServerProcess server = new ServerProcess(state, config)) {
        Thread.startVirtualThread(() -> server.log.lines().forEach(log::add));
        left = underLoad(server.url(), database);
      }
      try (ServerProcess again = new ServerProcess(state, config)) {
        assertThat(ports(again.url())).as("as the database has it").isEqualTo(left);
      }
    }
    assertThat(log).noneMatch(line -> line.contains("p@ss") || line.contains("p%40ss"));
  }

  private Map<String, Map<?, ?>> underLoad(String url, PostgresProcess database) throws Exception {
    String network = create(url + "/networks", "network", Map.of("name", "n"));
    create(
        url + "/subnets",
        "subnet",
        Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/16"));
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(
            threads.submit(() -> {
              makePorts(client, url, network);
              return null;
            }));
      }
      try {
        for (String way : List.of("stop", "kill")) {
          awaitMore(clients);
          int before = refused.size();
          database.tell(way);
          await(() -> refused.size() > before, clients);
          database.tell("start");
        }
        awaitMore(clients);
      } finally {
        enough.set(true);
      }
      for (Future<?> client : clients) {
        client.get(60, TimeUnit.SECONDS);
      }
    }
    Map<String, Map<?, ?>> present = ports(url);
    checkWhole(present);
    return present;
  }

  private void checkWhole(Map<String, Map<?, ?>> present) {
    assertThat(present).containsAllEntriesOf(made);
    Set<String> others = new HashSet<>(present.keySet());
    others.removeAll(made.keySet());
    assertThat(refused).as("nobody asked for any other").containsAll(others);
    assertThat(others)
        .as("left open: the batch that the database was committing, each time")
        .hasSizeLessThanOrEqualTo(2 * CLIENTS);
    Set<Object> addresses = new HashSet<>();
    Set<Object> macs = new HashSet<>();
    for (Map<?, ?> port : present.values()) {
      assertThat((List<?>) port.get("fixed_ips")).hasSize(1);
      addresses.add(((List<?>) port.get("fixed_ips")).getFirst());
      macs.add(port.get("mac_address"));
    }
    assertThat(addresses).hasSameSizeAs(present.keySet());
    assertThat(macs).hasSameSizeAs(present.keySet());
  }
}
