package org.nucleon.router.server;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.router.api.Routers;

/** Places each router on the live host with the fewest; there it stays. */
final class RouterScheduler implements BackgroundWork {

  private final Supplier<Set<String>> liveHosts;

  RouterScheduler(Supplier<Set<String>> liveHosts) {
    this.liveHosts = liveHosts;
  }

  @Override
  public String name() {
    return "router-scheduler";
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    picture.list(Routers.HOST, "").forEach(router -> place(router.id(), writer));
  }

  @Override
  public void onChange(ChangeSet set, Picture after, Writer writer) {
    for (Change change : set.changes()) {
      Resource router = change.after();
      if (change.type().equals(Routers.ROUTER)
          && router != null
          && router.get(Routers.HOST).isEmpty()) {
        place(router.id(), writer);
      }
    }
  }

  private void place(UUID id, Writer writer) {
    Set<String> hosts = liveHosts.get();
    if (!hosts.isEmpty()) {
      writer.write(tx -> {
        tx.find(Routers.ROUTER, id)
            .filter(router -> router.get(Routers.HOST).isEmpty())
            .ifPresent(router -> place(tx, router, hosts));
        return true;
      });
    }
  }

  private static void place(Transaction tx, Resource router, Set<String> hosts) {
    Optional<String> least =
        hosts.stream()
            .min(
                Comparator.comparingInt((String h) -> tx.list(Routers.HOST, h).size())
                    .thenComparing(Comparator.naturalOrder()));
    least.ifPresent(host -> tx.update(router, draft -> draft.set(Routers.HOST, host)));
  }
}
