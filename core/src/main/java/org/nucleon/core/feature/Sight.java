package org.nucleon.core.feature;

import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;

/** Whether a caller may see a resource that is not its own. */
@FunctionalInterface
public interface Sight {
  /** True if it may. */
  boolean sees(View view, Caller caller, Resource resource);
}
