package org.nucleon.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/** A Keystone with Nova in its catalog, and the part of that Nova that takes events. */
final class FakeNova implements AutoCloseable {

  /** One request, answered already. */
  record Post(String token, Map<String, List<String>> headers, List<Map<?, ?>> events) {
    /** Kinds, and which port: {@code network-changed PORT}, with a status if there is one. */
    List<String> said() {
      List<String> all = new ArrayList<>();
      for (Map<?, ?> event : events) {
        Object status = event.get("status");
        all.add(event.get("name") + (status == null ? "" : " " + status) + " " + event.get("tag"));
      }
      return all;
    }
  }

  /** What is answered: a status for all, or codes for each. */
  record Answer(int status, Function<Map<?, ?>, Integer> code) {}

  static final Answer FINE = new Answer(200, event -> 200);

  /** Each request's answer, made when it is in; may wait. */
  volatile Function<Post, Answer> answers = post -> FINE;

  private final HttpServer http;
  private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private final AtomicInteger logins = new AtomicInteger();
  private final Map<String, Boolean> withdrawn = new ConcurrentHashMap<>();

  FakeNova() throws IOException {
    this(0);
  }

  /** On a port that is free. */
  FakeNova(int port) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/identity/v3/auth/tokens", this::login);
    http.createContext("/compute/v2.1/os-server-external-events", this::take);
    http.start();
  }

  int port() {
    return http.getAddress().getPort();
  }

  /** The options of a server that tells this Nova, with more in threes. */
  String[] options(String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "nova",
                "auth_url",
                "http://127.0.0.1:" + port() + "/identity",
                "nova",
                "auth_type",
                "password",
                "nova",
                "username",
                "nova",
                "nova",
                "password",
                "s3cret",
                "nova",
                "region_name",
                "RegionOne",
                "DEFAULT",
                "send_events_interval",
                "0"));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  /** The next request that came in. */
  Post next() throws InterruptedException {
    Post post = posts.poll(60, TimeUnit.SECONDS);
    if (post == null) {
      throw new AssertionError("Nova is told nothing");
    }
    return post;
  }

  /** Whether nothing more has come. */
  boolean isQuiet() {
    return posts.isEmpty();
  }

  /** The tokens given so far are good no longer. */
  void withdrawTokens() {
    for (int i = 1; i <= logins.get(); i++) {
      withdrawn.put("t" + i, true);
    }
  }

  private void login(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().add("X-Subject-Token", "t" + logins.incrementAndGet());
      String compute = "http://127.0.0.1:" + port() + "/compute/v2.1/";
      Map<String, Object> wrong =
          Map.of("interface", "public", "region", "Two", "url", "http://127.0.0.1:9/");
      Map<String, Object> right =
          Map.of("interface", "public", "region", "RegionOne", "url", compute);
      Object service = Map.of("type", "compute", "endpoints", List.of(wrong, right));
      send(exchange, 201, Map.of("token", Map.of("catalog", List.of(service))));
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      Post post =
          new Post(
              exchange.getRequestHeaders().getFirst("X-Auth-Token"),
              new LinkedHashMap<>(exchange.getRequestHeaders()),
              events(exchange.getRequestBody().readAllBytes()));
      if (withdrawn.containsKey(post.token)) {
        send(exchange, 401, Map.of());
        return;
      }
      Function<Post, Answer> answering = answers; // not what a test that sees the post sets then
      posts.add(post);
      Answer answer = answering.apply(post);
      List<Object> events = new ArrayList<>();
      for (Map<?, ?> event : post.events) {
        Map<Object, Object> with = new LinkedHashMap<>(event);
        with.put("code", answer.code.apply(event));
        events.add(with);
      }
      send(exchange, answer.status, Map.of("events", events));
    }
  }

  private static List<Map<?, ?>> events(byte[] body) throws IOException {
    try {
      List<Map<?, ?>> events = new ArrayList<>();
      for (Object event : (List<?>) ((Map<?, ?>) Json.parse(body)).get("events")) {
        events.add((Map<?, ?>) event);
      }
      return events;
    } catch (MalformedJson e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, Object json) throws IOException {
    byte[] bytes = Json.bytes(json);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
