package org.nucleon.core.schema;

/**
 * Who may set or see an attribute, or do something with a resource: a rule in oslo.policy's
 * language, the default that policy files override.
 *
 * @param rule empty for whoever may set or see the resource itself
 */
public record Access(String rule) {

  /** Whoever may set or see the resource itself. */
  public static final Access OWNER = new Access("");

  /** The owner of what the resource is part of, of the network for a port, and administrators. */
  public static final Access PARENT_OWNER =
      new Access("rule:context_is_advsvc or rule:admin_or_parent_owner");

  /** Administrators. */
  public static final Access ADMIN = new Access("rule:admin_only");

  /** A rule of its own, such as {@code role:data_plane_integrator or rule:admin_only}. */
  public static Access of(String rule) {
    return new Access(rule);
  }

  /** Whether it asks for more than the right to the resource itself. */
  public boolean restricts() {
    return !rule.isEmpty();
  }
}
