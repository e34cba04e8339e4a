package org.nucleon.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.core.json.Json;
import org.nucleon.server.LiveServer;

/** Administrators watch whole collections. */
@Timeout(60)
final class CollectionWatchTest {

  private static final String[] MEMBER = {"X-Project-Id", "p", "X-Roles", "member"};

  @TempDir Path folder;
  private LiveServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    server = LiveServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** One open watch. */
  private final class Watch implements AutoCloseable {
    private final InputStream in;
    private final BufferedReader lines;

    Watch(String types, String have) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.base() + "/v2.0/watch?" + types))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"have\":" + have + "}"))
              .build();
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      in = answer.body();
      lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    Map<?, ?> next() throws Exception {
      return (Map<?, ?>) Json.parse(lines.readLine());
    }

    @Override
    public void close() throws java.io.IOException {
      in.close();
    }
  }

  private static List<Object> column(Map<?, ?> line, String what, String name) {
    return ((List<?>) line.get(what))
        .stream().map(one -> (Object) ((Map<?, ?>) one).get(name)).toList();
  }

  @Test
  void firstWhatThereIsThenWhatChanges() throws Exception {
    String first = server.network("first");
    try (Watch watch = new Watch("type=network&type=port", "{}")) {
      Map<?, ?> all = watch.next();
      assertThat(column(all, "put", "id")).containsExactly(first);
      assertThat(all.get("protocol")).isEqualTo(1);
      String second = server.network("second");
      assertThat(column(watch.next(), "put", "id")).containsExactly(second);
      server.subnet(second, "10.0.0.0/24"); // of another type, though it touches the network
      String port = server.port(second);
      Map<?, ?> line = watch.next();
      while (!column(line, "put", "type").contains("port")) {
        assertThat(column(line, "put", "type")).containsOnly("network");
        line = watch.next();
      }
      assertThat(column(line, "put", "id")).contains(port);
      server.delete("/ports/" + port);
      assertThat(column(watch.next(), "forget", "id")).containsExactly(port);
    }
  }

  @Test
  void goesOnFromWhatTheReaderHas() throws Exception {
    String kept = server.network("kept");
    String gone = server.network("gone");
    String changed = server.network("changed");
    StringBuilder have = new StringBuilder();
    try (Watch watch = new Watch("type=network", "{}")) {
      for (Object one : (List<?>) watch.next().get("put")) {
        Map<?, ?> resource = (Map<?, ?>) one;
        have.append(have.isEmpty() ? "" : ",")
            .append('"')
            .append(resource.get("id"))
            .append("\":")
            .append(resource.get("number"));
      }
    }
    server.delete("/networks/" + gone);
    server.put("/networks/" + changed, Map.of("network", Map.of("name", "new")));
    try (Watch watch = new Watch("type=network", "{\"network\":{" + have + "}}")) {
      Map<?, ?> difference = watch.next();
      assertThat(column(difference, "put", "id")).containsExactly(changed).doesNotContain(kept);
      assertThat(column(difference, "forget", "id")).containsExactly(gone);
    }
  }

  @Test
  void isForAdministratorsAndNeedsATypeThatExists() {
    assertThat(server.get("/watch?type=port", MEMBER).status()).isEqualTo(403);
    assertThat(server.get("/watch").status()).isEqualTo(400);
    assertThat(server.get("/watch?type=nothing").status()).isEqualTo(400);
    assertThat(server.get("/watch?type=project_quota").status()).isEqualTo(400);
    assertThat(server.get("/watch/more?type=port").status()).isEqualTo(404);
    assertThat(server.delete("/watch?type=port").status()).isEqualTo(405);
  }
}
