package org.nucleon.core;

import java.util.Map;
import java.util.Set;

/**
 * Who asks for something.
 *
 * @param project the project in whose name
 * @param admin whether as an administrator, as the policy's {@code context_is_admin} decides
 * @param roles names of roles in that project, lower case
 * @param credentials what else is known and policies ask for, such as {@code user_id} and {@code
 *     domain_id}
 */
public record Caller(
    String project, boolean admin, Set<String> roles, Map<String, String> credentials) {

  /** The server itself, at work in the background. */
  public static final Caller SYSTEM = new Caller("", true);

  /** A caller of whom nothing else is known. */
  public Caller(String project, boolean admin) {
    this(project, admin, admin ? Set.of("admin") : Set.of(), Map.of());
  }

  /** Whether a resource of that project is the caller's own, or the caller an administrator. */
  public boolean owns(String ofProject) {
    return admin || project.equals(ofProject);
  }
}
