package org.nucleon.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/** The API of the server on this machine, as the command line uses it. */
final class ApiClient {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  ApiClient(int port) {
    base = "http://127.0.0.1:" + port + "/v2.0/";
  }

  /** The one resource that a query finds; null if it finds none. */
  @Nullable Map<?, ?> find(String plural, String query) throws Refusal {
    Object list = send("GET", plural + "?" + query, null).get(plural);
    return list instanceof List<?> found
            && !found.isEmpty()
            && found.getFirst() instanceof Map<?, ?> one
        ? one
        : null;
  }

  /** One resource. */
  Map<?, ?> show(String plural, String name, String id) throws Refusal {
    return (Map<?, ?>) Objects.requireNonNull(send("GET", plural + "/" + id, null).get(name));
  }

  /** Changes a resource. */
  Map<?, ?> update(String plural, String name, String id, Map<String, ?> values) throws Refusal {
    Map<?, ?> answer = send("PUT", plural + "/" + id, Map.of(name, values));
    return (Map<?, ?>) Objects.requireNonNull(answer.get(name));
  }

  private Map<?, ?> send(String method, String path, @Nullable Object body) throws Refusal {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Object answer = Json.parse(response.body());
      if (answer instanceof Map<?, ?> map) {
        if (response.statusCode() < 300) {
          return map;
        }
        if (map.get("NeutronError") instanceof Map<?, ?> error) {
          throw new Refusal(String.valueOf(error.get("message")));
        }
      }
      throw new Refusal("the server answered with status " + response.statusCode());
    } catch (ConnectException e) {
      throw new Refusal("no server answers on " + base + "; 'nucleon up' starts one");
    } catch (IOException | MalformedJson e) {
      throw new Refusal("the server's answer cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted");
    }
  }
}
