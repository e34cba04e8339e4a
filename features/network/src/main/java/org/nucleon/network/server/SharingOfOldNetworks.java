package org.nucleon.network.server;

import java.util.concurrent.atomic.AtomicBoolean;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.RbacPolicies;

/**
 * Writes down the RBAC policies of networks that were shared or external before there were any.
 * They mean the same without.
 */
final class SharingOfOldNetworks implements BackgroundWork {

  private final AtomicBoolean done = new AtomicBoolean();

  @Override
  public String name() {
    return "sharing-of-old-networks";
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    if (done.get()) {
      return;
    }
    for (Resource network : picture.all(Networks.NETWORK)) {
      if (lacksShared(picture, network) || lacksExternal(picture, network)) {
        writer.write(tx -> {
          tx.find(Networks.NETWORK, network.id()).ifPresent(now -> complete(tx, now));
          return true;
        });
      }
    }
    done.set(true);
  }

  @Override
  public void onChange(ChangeSet set, Picture after, Writer writer) {
    // what is made from now on has its policies
  }

  private static boolean lacksShared(View view, Resource network) {
    return network.get(Networks.SHARED)
        && view.owner(
                RbacPolicies.claim(
                    network.id(), RbacPolicies.ACCESS_AS_SHARED, RbacPolicies.EVERYONE))
            .isEmpty();
  }

  private static boolean lacksExternal(View view, Resource network) {
    return network.get(Networks.EXTERNAL)
        && Networks.externalPolicies(view, network.id()).isEmpty();
  }

  private static void complete(Transaction tx, Resource network) {
    if (lacksExternal(tx, network)) {
      give(tx, network, RbacPolicies.ACCESS_AS_EXTERNAL);
    }
    if (lacksShared(tx, network)) {
      give(tx, network, RbacPolicies.ACCESS_AS_SHARED);
    }
  }

  private static void give(Transaction tx, Resource network, String action) {
    RbacPolicies.giveEveryone(tx, Networks.NETWORK.name(), network.id(), network.project(), action);
  }
}
