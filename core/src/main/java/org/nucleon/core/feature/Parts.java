package org.nucleon.core.feature;

import java.util.Collection;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.transaction.Transaction;

/**
 * How the parts that clients see of resources are kept, for a type below another: as resources of
 * their own, unless a feature says otherwise. Changes may run more than once for one request.
 */
public interface Parts {

  /** Each is a resource of its own. */
  Parts STORED = new Parts() {};

  /** The parts of a resource. */
  default Collection<Resource> list(View view, Resource whole, Layout parts) {
    return view.list(parts.parent().orElseThrow(), whole.id());
  }

  /** Makes a part; what it is afterwards. */
  default Resource create(Transaction tx, Draft part) {
    return tx.create(part);
  }

  /** Changes a part; what it is afterwards. */
  default Resource update(Transaction tx, Draft part) {
    return tx.update(part);
  }

  /** Removes a part. */
  default void delete(Transaction tx, Resource part) {
    tx.delete(part);
  }
}
