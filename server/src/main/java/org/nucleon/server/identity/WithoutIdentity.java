package org.nucleon.server.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.server.http.Request;

/**
 * Who calls, without an identity service: an administrator of a fixed project, or whoever the
 * {@code X-Project-Id}, {@code X-User-Id} and {@code X-Roles} headers name.
 */
public final class WithoutIdentity implements Identity {

  /** The project of resources that are made without naming one. */
  static final String DEFAULT_PROJECT = "00000000000000000000000000000001";

  @Override
  public Caller caller(Request request) {
    String project = request.header("X-Project-Id");
    if (project == null) {
      project = request.header("X-Tenant-Id");
    }
    String user = request.header("X-User-Id");
    return new Caller(
        project == null || project.isBlank() ? DEFAULT_PROJECT : project,
        false,
        roles(request.header("X-Roles")),
        user == null ? Map.of() : Map.of("user_id", user));
  }

  private static Set<String> roles(@Nullable String header) {
    return header == null
        ? Set.of("admin")
        : Arrays.stream(header.split(","))
            .map(role -> role.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public boolean isProven() {
    return false;
  }
}
