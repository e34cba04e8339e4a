package org.nucleon.core.feature;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;

/** Takes what a host reports about a resource that its data plane has confirmed. */
@FunctionalInterface
public interface ReportHandler {

  /**
   * Writes the report down, or ignores it if the resource is no longer the host's matter.
   *
   * @param host the host, as its credential names it
   * @param resource the resource as it is now
   * @param report the rest of the report, such as {@code status}
   * @return whether the host may report on the resource at all
   */
  boolean report(
      Transaction tx, String host, Resource resource, Map<String, @Nullable Object> report);
}
