package org.nucleon.core.watch;

import java.util.UUID;

/** Who takes an interest: a host, or a topic on behalf of all that follow it. */
public sealed interface Follower {

  /**
   * A host.
   *
   * @param name as in {@code binding:host_id}
   */
  record Host(String name) implements Follower {}

  /**
   * A set of resources that hosts are concerned with together, such as all that belongs to one
   * network.
   *
   * @param kind what of it: {@code network}, {@code members}
   * @param id what it is about: a resource's id or a host's name
   */
  record Topic(String kind, String id) implements Follower {
    /** A topic about a resource. */
    public Topic(String kind, UUID id) {
      this(kind, id.toString());
    }
  }
}
