package org.nucleon.core.transaction;

import java.util.List;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;

/**
 * What a feature demands of, and does with, resources of one type. Rules run inside the
 * transaction, in the order in which features need each other (backwards on delete), and may run
 * more than once for one request: no input or output, no clock, no randomness but the transaction's
 * own. They refuse by throwing {@link org.nucleon.core.ApiException}.
 */
public interface ResourceRules {

  /** Additional demands where a client, not another rule, asks for the resource to be made. */
  default void onCreateRequest(Transaction tx, Draft draft) {}

  /**
   * Additional demands on several resources that a client asks for in one request; each is asked
   * about by itself as well.
   */
  default void onBulkRequest(Transaction tx, List<Draft> drafts) {}

  /** A resource is being made: check it, fill it in, claim what it needs. */
  default void onCreate(Transaction tx, Draft draft) {}

  /** Additional demands where a client, not another rule, asks for the change. */
  default void onUpdateRequest(Transaction tx, Draft draft) {}

  /** A resource is being changed; {@link Draft#before} is how it was. */
  default void onUpdate(Transaction tx, Resource before, Draft draft) {}

  /** Additional demands where a client, not another rule, asks for the removal. */
  default void onDeleteRequest(Transaction tx, Resource resource) {}

  /** A resource is being removed: refuse it, or remove what goes with it. */
  default void onDelete(Transaction tx, Resource resource) {}

  /** A resource was made and is in the transaction: make what goes with it. */
  default void afterCreate(Transaction tx, Resource resource) {}

  /** A resource was changed, as the transaction shows: change what goes with it. */
  default void afterUpdate(Transaction tx, Resource before, Resource after) {}

  /** A resource is no longer in the transaction: change what goes on without it. */
  default void afterDelete(Transaction tx, Resource resource) {}
}
