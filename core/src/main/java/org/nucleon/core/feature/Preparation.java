package org.nucleon.core.feature;

import org.nucleon.core.Caller;
import org.nucleon.core.resource.View;
import org.nucleon.core.transaction.Transaction;

/**
 * What a project has from the moment on that it looks for it, such as its default security group.
 * Made for the caller's own project only, whatever the request's filters name (CVE-2022-3277).
 */
public interface Preparation {

  /** Whether something is to be made for the caller's project. */
  boolean isNeeded(View view, Caller caller);

  /** Makes it, if it is still missing. */
  void make(Transaction tx);
}
