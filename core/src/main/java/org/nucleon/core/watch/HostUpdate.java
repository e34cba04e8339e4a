package org.nucleon.core.watch;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.ResourceType;

/**
 * What one change set means to one host: all of it or nothing.
 *
 * @param number the change number
 * @param put resources that are new to the host or changed
 * @param forgotten resources that are gone or no longer concern it
 * @param aside resources that the host's agent cannot understand whole, and must not act on
 */
public record HostUpdate(
    long number, List<Resource> put, List<Forgotten> forgotten, List<Aside> aside) {

  /** One that is understood whole. */
  public HostUpdate(long number, List<Resource> put, List<Forgotten> forgotten) {
    this(number, put, forgotten, List.of());
  }

  /** Whether it says nothing but its number: a bookmark. */
  public boolean isEmpty() {
    return put.isEmpty() && forgotten.isEmpty() && aside.isEmpty();
  }

  /** A resource to forget. */
  public record Forgotten(ResourceType type, UUID id) {}

  /**
   * A resource to act on in no way.
   *
   * @param which the resource
   * @param reason what about it is not understood, for people
   */
  public record Aside(Forgotten which, String reason) {}
}
