package org.nucleon.server.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.server.http.Request;

/**
 * Who calls, without an identity service: an administrator of a fixed project, or whoever the
 * {@code X-Project-Id} and {@code X-Roles} headers name.
 */
final class Callers {

  /** The project of resources that are made without naming one. */
  static final String DEFAULT_PROJECT = "00000000000000000000000000000001";

  private Callers() {}

  static Caller of(Request request) {
    String project = request.header("X-Project-Id");
    if (project == null) {
      project = request.header("X-Tenant-Id");
    }
    return new Caller(
        project == null || project.isBlank() ? DEFAULT_PROJECT : project,
        isAdmin(request.header("X-Roles")));
  }

  private static boolean isAdmin(@Nullable String roles) {
    return roles == null
        || Arrays.stream(roles.split(",")).anyMatch(r -> r.strip().equalsIgnoreCase("admin"));
  }
}
