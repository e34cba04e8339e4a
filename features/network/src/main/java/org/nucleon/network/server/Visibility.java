package org.nucleon.network.server;

import org.nucleon.core.Caller;
import org.nucleon.core.resource.Resource;
import org.nucleon.network.api.Networks;

/** Who may know of a network. */
final class Visibility {

  private Visibility() {}

  static boolean isVisible(Caller caller, Resource network) {
    return caller.owns(network.project())
        || network.get(Networks.SHARED)
        || network.get(Networks.EXTERNAL);
  }
}
