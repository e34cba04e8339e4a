package org.nucleon.server.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.server.http.Request;

/**
 * Callers by their {@code X-Auth-Token}. What Keystone says of a token is used for a while; while
 * Keystone is away it is used until the token ends, and tokens not seen before get 503. No other
 * header says who calls.
 */
final class KeystoneIdentity implements Identity {

  private static final System.Logger LOG = System.getLogger("nucleon.identity");
  private static final int MAX_TOKENS = 20_000;
  private static final int MAX_TOKEN_LENGTH = 8_192;

  /** After a failure Keystone is left alone for that long, so that nobody waits in line for it. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Keystone keystone;
  private final String uri;
  private final Duration cacheTime;
  private final Set<String> serviceRoles;
  private final Map<String, Known> cache =
      Collections.synchronizedMap(
          new LinkedHashMap<>(256, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
              return size() > MAX_TOKENS;
            }
          });
  private final Map<String, ReentrantLock> asking = new ConcurrentHashMap<>();
  private volatile Instant awayUntil = Instant.MIN;

  /** What Keystone said of a token; null if it is none. */
  private record Known(Keystone.@Nullable Token token, Instant since) {}

  KeystoneIdentity(Keystone keystone, String uri, int cacheSeconds, List<String> serviceRoles) {
    this.keystone = keystone;
    this.uri = uri;
    this.cacheTime = Duration.ofSeconds(Math.max(0, cacheSeconds));
    this.serviceRoles =
        serviceRoles.stream()
            .map(role -> role.toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Caller caller(Request request) {
    String token = request.header("X-Auth-Token");
    if (token == null || token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
      throw unauthorized();
    }
    Keystone.Token known = known(token, isService(request.header("X-Service-Token")));
    if (!known.scoped()) {
      throw ApiException.forbidden("InvalidScope", "A token for a project is needed.");
    }
    return known.caller();
  }

  /** A service that goes on with a user's request may do so when the user's token has ended. */
  private boolean isService(@Nullable String token) {
    if (token == null) {
      return false;
    }
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw unauthorized();
    }
    return known(token, false).caller().roles().stream().anyMatch(serviceRoles::contains);
  }

  private Keystone.Token known(String token, boolean allowExpired) {
    String key = (allowExpired ? "expired " : "") + digest(token);
    Known known = cache.get(key);
    if (known == null || known.since.plus(cacheTime).isBefore(Instant.now())) {
      known = ask(key, token, allowExpired);
    }
    Keystone.Token found = known.token;
    if (found == null || !allowExpired && found.expires().isBefore(Instant.now())) {
      throw unauthorized();
    }
    return found;
  }

  /** One question at a time about one token. */
  private Known ask(String key, String token, boolean allowExpired) {
    ReentrantLock lock = asking.computeIfAbsent(key, k -> new ReentrantLock());
    lock.lock();
    try {
      Known known = cache.get(key);
      if (known != null && known.since.plus(cacheTime).isAfter(Instant.now())) {
        return known;
      }
      if (awayUntil.isAfter(Instant.now())) {
        return stale(known);
      }
      Optional<Keystone.Token> answer = keystone.validate(token, allowExpired);
      Known fresh = new Known(answer.orElse(null), Instant.now());
      cache.put(key, fresh);
      return fresh;
    } catch (IOException e) {
      awayUntil = Instant.now().plus(PAUSE);
      LOG.log(System.Logger.Level.WARNING, "Keystone at {0}: {1}", uri, e.toString());
      return stale(cache.get(key));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    } finally {
      lock.unlock();
      asking.remove(key, lock);
    }
  }

  private static Known stale(@Nullable Known known) {
    if (known == null || known.token == null) {
      throw unavailable();
    }
    return known;
  }

  private static ApiException unavailable() {
    return ApiException.unavailable(
        "ServiceUnavailable", "The identity service cannot be reached; try again.");
  }

  private static ApiException unauthorized() {
    return new ApiException(
        401, "HTTPUnauthorized", "The request you have made requires authentication.");
  }

  private static String digest(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isProven() {
    return true;
  }

  @Override
  public String challenge() {
    return "Keystone uri=\"" + uri + "\"";
  }
}
