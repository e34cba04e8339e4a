package org.nucleon.network.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.AgentRegistry;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Agents;

/** Keeps the agents that OpenStack's tools see: one resource for each role of a host. */
final class AgentLedger implements AgentRegistry {

  @Override
  public void connected(Transaction tx, String host, List<AgentDescription> agents) {
    for (AgentDescription agent : agents) {
      Optional<Resource> present =
          tx.list(Agents.HOST, host).stream()
              .filter(a -> a.get(Agents.TYPE).equals(agent.type()))
              .findFirst();
      if (present.isPresent()) {
        tx.update(present.get(), draft -> describe(tx, draft, agent));
      } else {
        Draft draft = tx.draft(Agents.AGENT, "");
        draft
            .set(Agents.TYPE, agent.type())
            .set(Agents.HOST, host)
            .set(Agents.CREATED_AT, Agents.time(tx.now()));
        describe(tx, draft, agent);
        tx.claim(Agents.claim(host, agent.type()), draft.id());
        tx.create(draft);
      }
    }
  }

  private static void describe(Transaction tx, Draft draft, AgentDescription agent) {
    String now = Agents.time(tx.now());
    Map<String, Object> configurations = new LinkedHashMap<>(agent.configurations());
    Object zone = configurations.remove(Agents.AVAILABILITY_ZONE.name());
    draft
        .set(Agents.BINARY, agent.binary())
        .set(Agents.TOPIC, agent.topic())
        .set(Agents.CONFIGURATIONS, configurations)
        .set(
            Agents.AVAILABILITY_ZONE,
            zone instanceof String text && text.length() <= 255 ? text : null)
        .set(Agents.ALIVE, true)
        .set(Agents.STARTED_AT, now)
        .set(Agents.LAST_SEEN, now);
  }

  @Override
  public void lost(Transaction tx, String host) {
    tx.list(Agents.HOST, host).forEach(agent -> lost(tx, agent));
  }

  @Override
  public void allLost(Transaction tx) {
    tx.all(Agents.AGENT).stream()
        .filter(agent -> agent.get(Agents.ALIVE))
        .forEach(agent -> lost(tx, agent));
  }

  private static void lost(Transaction tx, Resource agent) {
    tx.update(
        agent,
        draft -> draft.set(Agents.ALIVE, false).set(Agents.LAST_SEEN, Agents.time(tx.now())));
  }
}
