package org.nucleon.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.watch.HostUpdate;

/** The way to a server on another machine: HTTPS, its certificate pinned, the host's token. */
public final class HttpsLink implements ServerLink {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");
  private static final int PROTOCOL = 1;
  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  /** The server sends a bookmark every 10 s; longer silence means that it is gone. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** How often an agent says that it is there. */
  public static final Option<Integer> REPORT_INTERVAL =
      Option.integer(
          "agent",
          "report_interval",
          30,
          "Seconds between signs of life; less than half of the server's agent_down_time");

  static {
    // Longer than between two signs of life and shorter than the server's 75 s: no handshake each.
    if (System.getProperty(KEEP_ALIVE) == null) {
      System.setProperty(KEEP_ALIVE, "60");
    }
  }

  private final Catalog catalog;
  private final Credential enrollment;
  private final HttpClient client;
  private final Duration silence;
  private final Duration heartbeat;
  private volatile @Nullable InputStream watching;

  /** A link for an enrolled host. */
  public HttpsLink(Catalog catalog, Credential enrollment, Configuration configuration)
      throws IOException {
    this(
        catalog,
        enrollment,
        SILENCE,
        Duration.ofSeconds(Math.max(1, configuration.get(REPORT_INTERVAL))));
  }

  /**
   * A link that takes the server for gone after a silence of that length, and says itself that it
   * is there as often as that.
   */
  HttpsLink(Catalog catalog, Credential enrollment, Duration silence, Duration heartbeat)
      throws IOException {
    this.silence = silence;
    this.heartbeat = heartbeat;
    this.catalog = catalog;
    this.enrollment = enrollment;
    javax.net.ssl.SSLParameters parameters = new javax.net.ssl.SSLParameters();
    parameters.setEndpointIdentificationAlgorithm(""); // the very certificate is checked instead
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(enrollment.trust())
            .sslParameters(parameters)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  private HttpRequest post(String path, Object body) {
    return HttpRequest.newBuilder(URI.create(enrollment.server() + path))
        .header("Authorization", "Bearer " + enrollment.token())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
        .build();
  }

  /** The answer, once it begins; a server that says nothing at all counts as gone. */
  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
    try {
      return answer.get(silence.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the server does not answer", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void watch(
      List<AgentDescription> agents, List<Resource> have, Consumer<HostUpdate> updates)
      throws IOException {
    Map<String, Map<String, Object>> numbers = new TreeMap<>();
    for (Resource resource : have) {
      numbers
          .computeIfAbsent(resource.type().name(), t -> new LinkedHashMap<>())
          .put(resource.id().toString(), resource.number());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("protocol", PROTOCOL);
    body.put("agents", agents.stream().map(HttpsLink::json).toList());
    body.put("knows", Documents.known(catalog));
    body.put("have", numbers);
    try {
      HttpResponse<InputStream> response =
          send(post("/watch", body), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        watching = in;
        if (response.statusCode() != 200) {
          throw refused(
              response.statusCode(), new String(in.readNBytes(4_096), StandardCharsets.UTF_8));
        }
        Thread heart = Thread.ofVirtual().name("heartbeat").start(this::beat);
        try {
          read(in, updates);
        } finally {
          heart.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      watching = null;
    }
  }

  /** Says that the host is alive, as long as the watch is open; whoever misses it says so there. */
  private void beat() {
    try {
      while (true) {
        Thread.sleep(heartbeat);
        try {
          send(
              post("/reports", Map.of("reports", List.of())),
              HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
          LOG.log(System.Logger.Level.DEBUG, "the heartbeat was not heard", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(InputStream in, Consumer<HostUpdate> updates) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
    AtomicLong heard = new AtomicLong(System.nanoTime());
    Thread guard = Thread.ofVirtual().name("silence").start(() -> closeAfterSilence(in, heard));
    try {
      while (true) {
        String line = reader.readLine();
        if (line == null) {
          throw new IOException("the server ended the watch");
        }
        heard.set(System.nanoTime());
        take(line, updates);
      }
    } finally {
      guard.interrupt();
    }
  }

  private void take(String line, Consumer<HostUpdate> updates) throws IOException {
    try {
      Object json = Json.parse(line);
      checkProtocol(json);
      updates.accept(Documents.update(catalog, json));
    } catch (MalformedJson e) {
      throw new IOException("the server sent what is no change set: " + e.getMessage(), e);
    }
  }

  private void closeAfterSilence(InputStream in, AtomicLong heard) {
    try {
      for (long left = silence.toNanos(); left > 0; ) {
        TimeUnit.NANOSECONDS.sleep(left);
        left = heard.get() + silence.toNanos() - System.nanoTime();
      }
      close(in);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the watch has ended by itself
    }
  }

  /** The first line names the server's; one release older or newer is understood. */
  private static void checkProtocol(@Nullable Object json) throws IOException {
    if (json instanceof Map<?, ?> map
        && map.get("protocol") instanceof Number server
        && Math.abs(server.intValue() - PROTOCOL) > 1) {
      throw new IOException("the server speaks protocol " + server + ", this agent " + PROTOCOL);
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the watch", e);
    }
  }

  private static Map<String, Object> json(AgentDescription agent) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("role", agent.role());
    json.put("agent_type", agent.type());
    json.put("binary", agent.binary());
    json.put("topic", agent.topic());
    json.put("configurations", agent.configurations());
    return json;
  }

  @Override
  public void report(List<Report> reports) throws IOException {
    List<Map<String, Object>> json =
        reports.stream()
            .map(report -> {
              Map<String, Object> one = new LinkedHashMap<>(report.details());
              one.put("type", report.type());
              one.put("kind", report.kind());
              one.put("id", report.id().toString());
              return one;
            })
            .toList();
    try {
      HttpResponse<String> response =
          send(post("/reports", Map.of("reports", json)), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 == 4) {
        LOG.log(
            System.Logger.Level.WARNING, "the server will not hear a report: {0}", response.body());
      } else if (response.statusCode() != 200) {
        throw refused(response.statusCode(), response.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static IOException refused(int status, String body) {
    return new IOException("the server refused with status " + status + ": " + body);
  }

  @Override
  public void disconnect() {
    InputStream in = watching;
    if (in != null) {
      close(in);
    }
  }
}
