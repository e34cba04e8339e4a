package org.nucleon.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;
import org.nucleon.server.config.IniConfiguration;
import picocli.CommandLine.Command;

/**
 * Does what a start, the first requests and an agent do, so that the launcher can record it (JEP
 * 514).
 */
@Command(name = "train", hidden = true)
final class Train implements Callable<Integer> {

  private static final int ROUNDS = 300;

  @Override
  public Integer call() throws Exception {
    Logging.start(false);
    Path folder = Files.createTempDirectory("nucleon-train");
    try {
      ServerOptions options = ServerOptions.anywhere(folder);
      StateFolder state = StateFolder.at(folder);
      try (RunningServer server = RunningServer.start(options, state, new IniConfiguration());
          TrainedAgent agent = new TrainedAgent(server, state);
          HttpClient client = HttpClient.newHttpClient()) {
        requests(client, server.url() + "/v2.0", agent);
      }
      // a second start reads what the first one wrote
      RunningServer.start(options, state, new IniConfiguration()).close();
      return 0;
    } finally {
      remove(folder);
    }
  }

  private static void requests(HttpClient client, String api, TrainedAgent agent) throws Exception {
    String network = create(client, api, "network", "networks", Map.of("name", "train"));
    create(
        client,
        api,
        "subnet",
        "subnets",
        Map.of("network_id", network, "ip_version", 4, "cidr", "10.0.0.0/16"));
    for (int i = 0; i < ROUNDS; i++) {
      String port =
          create(
              client,
              api,
              "port",
              "ports",
              Map.of("network_id", network, "binding:host_id", TrainedAgent.HOST));
      agent.report(port);
      send(client, "GET", api + "/ports/" + port, "");
    }
    for (String collection :
        List.of("networks", "subnets", "ports", "security-groups", "extensions", "agents")) {
      send(client, "GET", api + "/" + collection, "");
    }
  }

  private static String create(
      HttpClient client, String api, String type, String path, Map<String, Object> values)
      throws Exception {
    String body = Json.text(Map.of(type, values));
    Object made = send(client, "POST", api + "/" + path, body);
    if (made instanceof Map<?, ?> outer
        && outer.get(type) instanceof Map<?, ?> resource
        && resource.get("id") instanceof String id) {
      return id;
    }
    throw new IllegalStateException(type + " has no id: " + made);
  }

  private static Object send(HttpClient client, String method, String url, String body)
      throws IOException, InterruptedException, MalformedJson {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
    Object json = Json.parse(answer.body());
    if (answer.statusCode() >= 300 || json == null) {
      throw new IllegalStateException(method + " " + url + ": " + answer.statusCode());
    }
    return json;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
