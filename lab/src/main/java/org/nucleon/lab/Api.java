package org.nucleon.lab;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The Networking API v2.0 as a scenario sees it: plain HTTP and JSON, nothing of Nucleon's own
 * classes. Resource types are named by their wrapper in the singular, such as {@code
 * security_group}.
 */
public final class Api implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client;
  private final URI base;
  private final List<String> headers;

  private Api(HttpClient client, URI base, List<String> headers) {
    this.client = client;
    this.base = base;
    this.headers = headers;
  }

  /**
   * An answer as it came.
   *
   * @param status the HTTP status
   * @param body the JSON body, missing if there was none
   */
  public record Answer(int status, JsonNode body) {}

  /**
   * An admin's client of a server without identity.
   *
   * @param base where the server listens, without a path
   * @return the client
   */
  public static Api at(URI base) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    return new Api(client, base, List.of());
  }

  /**
   * A client of the server that listens on a machine's own loopback.
   *
   * @param machine where the server runs
   * @param port where it listens there
   * @return the client
   */
  public static Api on(Machine machine, int port) {
    return at(URI.create("http://127.0.0.1:" + machine.reach(port)));
  }

  /**
   * The same client in another's name.
   *
   * @param project the project's id
   * @param roles the caller's roles, separated by commas
   * @return a client that shares this one's connections
   */
  public Api as(String project, String roles) {
    return new Api(client, base, List.of("X-Project-Id", project, "X-Roles", roles));
  }

  /**
   * Creates a resource.
   *
   * @param type its type, such as {@code network}
   * @param attributes what is asked for
   * @return the resource as answered, without its wrapper
   * @throws ApiError if the answer is not 2xx
   */
  public JsonNode create(String type, Map<String, ?> attributes) {
    return expect("POST", collection(type), Map.of(type, attributes)).required(type);
  }

  /**
   * Reads a resource.
   *
   * @param type its type
   * @param id its id
   * @return the resource as answered, without its wrapper
   * @throws ApiError if the answer is not 2xx
   */
  public JsonNode show(String type, String id) {
    return expect("GET", collection(type) + "/" + id, Map.of()).required(type);
  }

  /**
   * Reads a collection.
   *
   * @param type its resources' type
   * @param filters attributes and what they must be
   * @return the resources as answered, without their wrapper
   * @throws ApiError if the answer is not 2xx
   */
  public List<JsonNode> list(String type, Map<String, String> filters) {
    String query =
        filters.entrySet().stream()
            .map(filter -> encoded(filter.getKey()) + "=" + encoded(filter.getValue()))
            .collect(Collectors.joining("&"));
    JsonNode body = expect("GET", collection(type) + "?" + query, Map.of());
    return new ArrayList<>(body.required(plural(type)).values());
  }

  /**
   * Changes a resource.
   *
   * @param type its type
   * @param id its id
   * @param attributes what is to change
   * @return the resource as answered, without its wrapper
   * @throws ApiError if the answer is not 2xx
   */
  public JsonNode update(String type, String id, Map<String, ?> attributes) {
    return expect("PUT", collection(type) + "/" + id, Map.of(type, attributes)).required(type);
  }

  /**
   * Calls an action of a resource.
   *
   * @param type its type
   * @param id its id
   * @param action the action, such as {@code add_router_interface}
   * @param body the whole body
   * @return the whole body of the answer
   * @throws ApiError if the answer is not 2xx
   */
  public JsonNode action(String type, String id, String action, Map<String, ?> body) {
    return expect("PUT", collection(type) + "/" + id + "/" + action, body);
  }

  /**
   * Deletes a resource.
   *
   * @param type its type
   * @param id its id
   * @throws ApiError if the answer is not 2xx
   */
  public void delete(String type, String id) {
    expect("DELETE", collection(type) + "/" + id, Map.of());
  }

  /**
   * Sends a request and takes any answer.
   *
   * @param method GET, POST, PUT or DELETE; the first and the last send no body
   * @param path the path from the root on, with its query
   * @param body the whole body
   * @return the answer
   * @throws LabException if there is none
   */
  public Answer send(String method, String path, Map<String, ?> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
    boolean bodiless = method.equals("GET") || method.equals("DELETE");
    request
        .header("Content-Type", "application/json")
        .method(
            method,
            bodiless
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      String text = answer.body();
      return new Answer(
          answer.statusCode(), text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text));
    } catch (IOException e) {
      throw new LabException(method + " " + path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(method + " " + path + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private JsonNode expect(String method, String path, Map<String, ?> body) {
    Answer answer = send(method, path, body);
    if (answer.status() / 100 != 2) {
      throw new ApiError(method + " " + path, answer);
    }
    return answer.body();
  }

  private static String collection(String type) {
    return "/v2.0/" + plural(type).replace('_', '-');
  }

  private static String plural(String type) {
    return type.endsWith("y") ? type.substring(0, type.length() - 1) + "ies" : type + "s";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
