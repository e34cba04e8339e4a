package org.nucleon.router.server;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nucleon.core.feature.BackgroundWork;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.AgentScheduling;
import org.nucleon.network.api.Agents;
import org.nucleon.router.api.Routers;

/**
 * Places each router on the host with the fewest whose agent takes work; there it stays until the
 * agent is lost, switched off or removed.
 */
final class RouterScheduler implements BackgroundWork {

  private static final Option<Boolean> FAILOVER =
      Option.bool(
          "DEFAULT",
          "allow_automatic_l3agent_failover",
          true,
          "Whether routers of lost L3 agents are given to others");

  private final AgentScheduling scheduling;

  RouterScheduler(AgentScheduling scheduling) {
    this.scheduling = scheduling;
  }

  static boolean failover(Configuration configuration) {
    return configuration.get(FAILOVER);
  }

  @Override
  public String name() {
    return "router-scheduler";
  }

  @Override
  public Duration period() {
    return scheduling.period();
  }

  @Override
  public void onPicture(Picture picture, Writer writer) {
    Set<String> losing = scheduling.losing(picture, serving(picture));
    for (Resource router : picture.all(Routers.ROUTER)) {
      if (isUnplaced(router) || losing.contains(router.get(Routers.HOST))) {
        place(router.id(), losing, writer);
      }
    }
  }

  private static Set<String> serving(View view) {
    return view.all(Routers.ROUTER).stream()
        .map(router -> router.get(Routers.HOST))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toSet());
  }

  private static boolean isUnplaced(Resource router) {
    return router.get(Routers.HOST).isEmpty() && !router.get(Routers.TAKEN_AWAY);
  }

  @Override
  public void onChange(ChangeSet set, Picture after, Writer writer) {
    for (Change change : set.changes()) {
      Resource resource = change.after();
      if (change.type().equals(Routers.ROUTER) && resource != null && isUnplaced(resource)) {
        place(resource.id(), Set.of(), writer);
      }
    }
    if (set.changes().stream().anyMatch(change -> change.type().equals(Agents.AGENT))) {
      onPicture(after, writer);
    }
  }

  private void place(UUID id, Set<String> losing, Writer writer) {
    writer.write(tx -> {
      tx.find(Routers.ROUTER, id)
          .filter(router -> isUnplaced(router) || losing.contains(router.get(Routers.HOST)))
          .ifPresent(router -> place(tx, router, losing));
      return true;
    });
  }

  /** Where there is no other host, a lost one keeps its routers: it may come back. */
  private void place(Transaction tx, Resource router, Set<String> losing) {
    String before = router.get(Routers.HOST);
    List<String> zones = router.get(Routers.ZONE_HINTS);
    List<String> hosts =
        scheduling.eligible(tx).stream()
            .filter(host -> !losing.contains(host))
            .filter(host -> zones.isEmpty() || isIn(tx, host, zones))
            .toList();
    Optional<String> least =
        hosts.stream().min(Comparator.comparingInt(host -> tx.list(Routers.HOST, host).size()));
    if (least.isPresent()) {
      tx.update(router, draft -> draft.set(Routers.HOST, least.get()));
    } else if (!before.isEmpty() && scheduling.isReleased(tx, before)) {
      tx.update(router, draft -> draft.set(Routers.HOST, ""));
    }
  }

  private static boolean isIn(View view, String host, List<String> zones) {
    return Agents.zone(view, host, Routers.AGENT_TYPE).filter(zones::contains).isPresent();
  }
}
