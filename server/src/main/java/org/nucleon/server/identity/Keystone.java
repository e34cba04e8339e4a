package org.nucleon.server.identity;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.json.Json;
import org.nucleon.core.json.MalformedJson;

/** Keystone's Identity API v3, as one of its users. */
public final class Keystone {

  private static final String TOKENS = "/auth/tokens";

  private final KeystoneAccount account;
  private final HttpClient http;
  private volatile @Nullable Session session;

  /** This service's own token and the endpoints that came with it. */
  private record Session(String token, Map<?, ?> body) {}

  /**
   * What Keystone says of a token.
   *
   * @param caller in the token's project, not yet judged by a policy
   * @param expires when it ends
   * @param scoped whether it is for a project
   */
  record Token(Caller caller, Instant expires, boolean scoped) {}

  /** Asks in the name of an account. */
  public Keystone(KeystoneAccount account) {
    this.account = account;
    this.http = account.trust().client(Duration.ofSeconds(account.seconds()));
  }

  /**
   * Asks about a token.
   *
   * @param allowExpired whether one that ended not long ago is good, for a service that goes on
   *     with a user's request
   * @return empty if it is none, or ended
   * @throws IOException if Keystone does not answer, or not as it should
   */
  Optional<Token> validate(String token, boolean allowExpired)
      throws IOException, InterruptedException {
    String query = "?nocatalog" + (allowExpired ? "&allow_expired=1" : "");
    for (int attempt = 0; ; attempt++) {
      Session own = session();
      HttpResponse<byte[]> answer =
          send(
              request(TOKENS + query)
                  .header("X-Auth-Token", own.token)
                  .header("X-Subject-Token", token)
                  .GET());
      switch (answer.statusCode()) {
        case 200 -> {
          return Optional.of(read(answer.body()));
        }
        case 404 -> {
          return Optional.empty();
        }
        case 401 -> {
          forget(own.token);
          if (attempt > 0) {
            throw new IOException("Keystone does not accept the token that it gave this service");
          }
        }
        default -> throw new IOException("Keystone answered " + answer.statusCode());
      }
    }
  }

  /**
   * A token of the account's own.
   *
   * @throws IOException if Keystone does not give one
   */
  public String token() throws IOException, InterruptedException {
    return session().token;
  }

  /** The token is no longer good: the next is asked for anew. */
  public synchronized void forget(String token) {
    Session known = session;
    if (known != null && known.token.equals(token)) {
      session = null;
    }
  }

  /**
   * Where a service of the catalog is, such as {@code compute}.
   *
   * @param face {@code public}, {@code internal} or {@code admin}
   */
  public Optional<String> endpoint(String serviceType, String face)
      throws IOException, InterruptedException {
    for (Object service : list(session().body.get("catalog"))) {
      if (service instanceof Map<?, ?> map && serviceType.equals(map.get("type"))) {
        for (Object each : list(map.get("endpoints"))) {
          if (each instanceof Map<?, ?> endpoint
              && face.equals(endpoint.get("interface"))
              && (account.region().isEmpty() || account.region().equals(endpoint.get("region")))) {
            return Optional.of(String.valueOf(endpoint.get("url")));
          }
        }
      }
    }
    return Optional.empty();
  }

  private Session session() throws IOException, InterruptedException {
    Session known = session;
    return known == null ? login() : known;
  }

  private synchronized Session login() throws IOException, InterruptedException {
    Session known = session;
    if (known != null) {
      return known;
    }
    HttpResponse<byte[]> answer =
        send(
            request(TOKENS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(account.body()))));
    if (answer.statusCode() != 201) {
      throw new IOException(
          "Keystone refused " + account + " (" + account.section() + "): " + answer.statusCode());
    }
    String token =
        answer
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow(() -> new IOException("Keystone gave no token"));
    Session made = new Session(token, object(parse(answer.body()).get("token")));
    session = made;
    return made;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(account.v3() + path))
        .header("Accept", "application/json")
        .timeout(Duration.ofSeconds(account.seconds()));
  }

  /** Once more if a kept connection turns out to be closed: the client itself does so for GET. */
  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (HttpTimeoutException | ConnectException e) {
      throw e;
    } catch (IOException e) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static Token read(byte[] body) throws IOException {
    Map<?, ?> token = object(parse(body).get("token"));
    Map<?, ?> user = object(token.get("user"));
    Map<?, ?> project = object(token.get("project"));
    Map<String, String> credentials = new LinkedHashMap<>();
    put(credentials, "user_id", user.get("id"));
    put(credentials, "user_name", user.get("name"));
    put(credentials, "user_domain_id", object(user.get("domain")).get("id"));
    put(credentials, "project_name", project.get("name"));
    put(credentials, "project_domain_id", object(project.get("domain")).get("id"));
    put(credentials, "domain_id", object(token.get("domain")).get("id"));
    Set<String> roles = new HashSet<>();
    for (Object role : list(token.get("roles"))) {
      roles.add(String.valueOf(object(role).get("name")).toLowerCase(Locale.ROOT));
    }
    Object id = project.get("id");
    return new Token(
        new Caller(id == null ? "" : id.toString(), false, Set.copyOf(roles), credentials),
        expires(token),
        id != null);
  }

  private static Instant expires(Map<?, ?> token) throws IOException {
    try {
      return Instant.parse(String.valueOf(token.get("expires_at")));
    } catch (java.time.format.DateTimeParseException e) {
      throw new IOException("Keystone's answer has no time at which the token ends", e);
    }
  }

  private static void put(Map<String, String> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value.toString());
    }
  }

  private static Map<?, ?> parse(byte[] body) throws IOException {
    try {
      return object(Json.parse(body));
    } catch (MalformedJson e) {
      throw new IOException("Keystone's answer is no JSON", e);
    }
  }

  private static Map<?, ?> object(@Nullable Object json) {
    return json instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }
}
