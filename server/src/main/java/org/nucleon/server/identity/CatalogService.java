package org.nucleon.server.identity;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.RemoteService;
import org.nucleon.core.json.Json;

/** A service of Keystone's catalog, spoken to with a token of an account's. */
public final class CatalogService implements RemoteService {

  private static final int MAX_ANSWER = 1 << 24;
  private static final int UNAUTHORIZED = 401;

  private final Keystone keystone;
  private final String type;
  private final String face;
  private final Duration timeout;
  private final HttpClient http;

  private CatalogService(KeystoneAccount account, String type, String face) {
    this.keystone = new Keystone(account);
    this.type = type;
    this.face = face;
    this.timeout = Duration.ofSeconds(account.seconds());
    this.http = account.trust().client(timeout);
  }

  /**
   * The service as a section names it.
   *
   * @param type the service's type in the catalog
   * @throws IllegalArgumentException naming the option that is missing or wrong; none is while
   *     {@code auth_url} is empty
   */
  public static CatalogService of(Configuration configuration, String section, String type) {
    KeystoneAccount account =
        KeystoneAccount.of(
            configuration,
            section,
            Option.integer(
                section, "timeout", 60, "seconds that the service or Keystone may take to answer"));
    if (!account.authUrl().isEmpty()) {
      account.check();
    }
    return new CatalogService(account, type, configuration.get(face(section)));
  }

  private static Option<String> face(String section) {
    return Option.parsed(
        section,
        "endpoint_type",
        "public",
        "public, internal or admin",
        "which of the service's endpoints is used: public, internal or admin",
        text ->
            switch (text) {
              case "public", "publicURL" -> "public";
              case "internal", "internalURL" -> "internal";
              case "admin", "adminURL" -> "admin";
              default -> throw new IllegalArgumentException("public, internal or admin expected");
            });
  }

  @Override
  public Reply post(String path, Map<String, String> headers, @Nullable Object json)
      throws IOException, InterruptedException {
    byte[] body = Json.bytes(json);
    for (int attempt = 0; ; attempt++) {
      String token = keystone.token();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(endpoint(token, path))
              .timeout(timeout)
              .header("Content-Type", "application/json")
              .header("Accept", "application/json")
              .header("X-Auth-Token", token)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      headers.forEach(request::header);
      HttpResponse<byte[]> answer =
          http.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
      if (answer.statusCode() != UNAUTHORIZED || attempt > 0) {
        return new Reply(answer.statusCode(), answer.body());
      }
      keystone.forget(token); // it ended, or was withdrawn
    }
  }

  /** The catalog comes with the token: one that does not have the service is asked for anew. */
  private URI endpoint(String token, String path) throws IOException, InterruptedException {
    String base = keystone.endpoint(type, face).orElse("");
    try {
      URI found = URI.create(base.replaceAll("/+$", "") + path);
      if ("http".equals(found.getScheme()) || "https".equals(found.getScheme())) {
        return found;
      }
    } catch (IllegalArgumentException e) {
      keystone.forget(token);
      throw new IOException("Keystone's catalog has no URL for " + face + " " + type, e);
    }
    keystone.forget(token);
    throw new IOException("Keystone's catalog has no " + face + " endpoint of type " + type);
  }
}
