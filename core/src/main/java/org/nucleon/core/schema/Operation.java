package org.nucleon.core.schema;

/** The requests in which an attribute can be set. */
public enum Operation {
  /** POST of a new resource. */
  CREATE,
  /** PUT on an existing one. */
  UPDATE
}
