package org.nucleon.core.schema;

/** Who may set or see an attribute; the default that policy files override. */
public enum Access {
  /** Whoever may set or see the resource itself. */
  OWNER,
  /** The owner of the network that the resource is on, and administrators. */
  NETWORK_OWNER,
  /** Administrators. */
  ADMIN
}
