package org.nucleon.core.resource;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Claim;

/**
 * Reading of the state at one moment: of a picture, or of a picture and what a transaction changed.
 */
public interface View {

  /** The resource of that type and id. */
  Optional<Resource> find(ResourceType type, UUID id);

  /**
   * The resources that are found under a key of an indexed attribute, in order of id. For a
   * reference the key is the target's id: {@code list(Ports.FIXED_IPS, subnetId)} are the ports
   * with an address there.
   */
  Collection<Resource> list(Attribute<?> attribute, Object key);

  /** All resources of a type in order of id. */
  Collection<Resource> all(ResourceType type);

  /** Whose the claim is. */
  Optional<UUID> owner(Claim claim);

  /**
   * A resource that is known to exist because another one refers to it.
   *
   * @throws IllegalStateException if it does not: a fault of ours, never of a client
   */
  default Resource get(ResourceType type, UUID id) {
    return find(type, id).orElseThrow(() -> new IllegalStateException("no " + type + " " + id));
  }
}
