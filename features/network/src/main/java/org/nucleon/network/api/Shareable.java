package org.nucleon.network.api;

import java.util.Collection;
import java.util.Set;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;

/**
 * A type of resource that RBAC policies can give access to, or more about one: who uses what it was
 * given. Found by {@link java.util.ServiceLoader}.
 */
public interface Shareable {

  /** The type. */
  ResourceType type();

  /** What policies call the type. */
  default String name() {
    return type().name();
  }

  /** The actions that policies can name. */
  Set<String> actions();

  /**
   * The projects that use a resource as only an owner or an action allows; a policy that they need
   * stays.
   */
  Collection<String> users(View view, Resource object, String action);
}
