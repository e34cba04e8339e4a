package org.nucleon.core.schema;

/** Who may set or see an attribute; the default that policy files override. */
public enum Access {
  /** Whoever may set or see the resource itself. */
  OWNER,
  /** The owner of what the resource is part of: of the network, for a port. */
  PARENT_OWNER,
  /** Administrators. */
  ADMIN
}
