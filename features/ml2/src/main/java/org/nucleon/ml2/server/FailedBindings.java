package org.nucleon.ml2.server;

import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.Ports;

/** Says in the log which ports cannot be bound, and why: once, until the reason is another. */
final class FailedBindings implements BackgroundWork {

  private static final System.Logger LOG = System.getLogger(FailedBindings.class.getName());

  @Override
  public String name() {
    return "failed bindings";
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    // what failed before was told when it failed
  }

  @Override
  public void onChange(ChangeSet set, Picture after, Writer writer) {
    for (Change change : set.changes()) {
      Resource port = change.after();
      if (change.type().equals(Ports.PORT)
          && port != null
          && hasFailed(port)
          && !isTold(change.before(), port)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "port {0} cannot be bound on host {1}: {2}",
            port.id(),
            port.get(Binding.HOST_ID),
            BindingRules.reason(port));
      }
    }
  }

  private static boolean hasFailed(Resource port) {
    return port.get(Binding.VIF_TYPE).equals(Binding.FAILED);
  }

  private static boolean isTold(@Nullable Resource before, Resource port) {
    return before != null
        && hasFailed(before)
        && before.get(Binding.HOST_ID).equals(port.get(Binding.HOST_ID))
        && BindingRules.reason(before).equals(BindingRules.reason(port));
  }
}
