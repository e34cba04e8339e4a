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
 */
public record HostUpdate(long number, List<Resource> put, List<Forgotten> forgotten) {

  /** A resource to forget. */
  public record Forgotten(ResourceType type, UUID id) {}
}
