package org.nucleon.agent.api;

import java.util.UUID;

/**
 * A part of a host's plan that is planned as a whole and set aside as a whole.
 *
 * @param kind what it is about: {@code port}, {@code network}, {@code router}, {@code host}
 * @param id the resource's id or a name
 */
public record Group(String kind, String id) {

  /** The group about a resource. */
  public Group(String kind, UUID id) {
    this(kind, id.toString());
  }

  @Override
  public String toString() {
    return kind + " " + id;
  }
}
