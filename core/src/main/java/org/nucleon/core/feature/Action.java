package org.nucleon.core.feature;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;

/** What a PUT on a resource's sub-path does, in a transaction. */
@FunctionalInterface
public interface Action {

  /**
   * Runs the action; may run more than once for one request.
   *
   * @param target the resource in the path, which the caller may change
   * @param body the request's JSON object
   * @return the answer's JSON, in most cases an object; members of it that are resources are shown
   *     as the caller sees them
   */
  Object run(Transaction tx, Resource target, Map<String, @Nullable Object> body);
}
