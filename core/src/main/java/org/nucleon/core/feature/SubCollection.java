package org.nucleon.core.feature;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.transaction.Transaction;

/**
 * Resources that are shown below another, such as the routers of an agent: {@code GET
 * /v2.0/agents/{id}/l3-routers}, and if it says so POST there and DELETE of one. The rules that say
 * who may are {@code get_l3-routers}, {@code create_l3-router} and {@code delete_l3-router}; the
 * feature declares them.
 */
public interface SubCollection {

  /** The type of what is listed. */
  ResourceType members();

  /** What there is, in the order in which it is shown. */
  Collection<Resource> list(View view, Resource parent);

  /** The policy rule that says who may list a collection of that name. */
  static String listRule(String name) {
    return "get_" + name;
  }

  /** The policy rule that says who may add to a collection of that name. */
  static String addRule(String name) {
    return "create_" + name.substring(0, name.length() - 1);
  }

  /** The policy rule that says who may remove from a collection of that name. */
  static String removeRule(String name) {
    return "delete_" + name.substring(0, name.length() - 1);
  }

  /** Whether members can be added and removed. */
  default boolean isWritable() {
    return false;
  }

  /**
   * Adds a member; may run more than once for one request.
   *
   * @param body the request's JSON object
   */
  default void add(Transaction tx, Resource parent, Map<String, @Nullable Object> body) {
    throw new UnsupportedOperationException();
  }

  /** Removes a member; may run more than once for one request. */
  default void remove(Transaction tx, Resource parent, UUID member) {
    throw new UnsupportedOperationException();
  }
}
