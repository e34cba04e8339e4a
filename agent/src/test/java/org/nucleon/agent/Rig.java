package org.nucleon.agent;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Item;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;
import org.nucleon.core.watch.HostUpdate;

/** A plan over a fake host without the agent around it: one step at a time. */
final class Rig {

  final FakeHost host;
  final Mirror mirror = new Mirror(Toy.CATALOG);
  final Map<Class<?>, Engine<?>> engines;
  final HostPlan plan;
  Facts facts = Facts.none("h1");

  Rig(FakeHost host) {
    this.host = host;
    List<Engine<?>> all = new ArrayList<>();
    try {
      for (Applier<? extends Item> applier : host.appliers()) {
        all.add(new Engine<>(applier));
      }
      plan = new HostPlan(List.of(new ToyPlanner()), all, new Numbers(Optional.of(host)));
    } catch (ApplyException e) {
      throw new IllegalStateException(e);
    }
    engines = new java.util.HashMap<>();
    all.forEach(engine -> engines.put(engine.items(), engine));
  }

  /** The first snapshot: all is planned; what may be told afterwards. */
  List<Report> begin(HostUpdate... updates) {
    for (HostUpdate update : updates) {
      mirror.apply(update);
    }
    plan.plan(plan.all(mirror.picture(), facts), mirror.picture(), facts);
    return apply();
  }

  /** A change: what it concerns is planned anew; what may be told afterwards. */
  List<Report> change(HostUpdate update) {
    View before = mirror.picture();
    List<Change> changes = mirror.apply(update);
    View now = mirror.picture();
    plan.plan(plan.affected(changes, before, now, facts), now, facts);
    return apply();
  }

  /** A fact is there now. */
  List<Report> learn(String kind, Map<String, String> read) {
    Set<FactKey> keys = new HashSet<>();
    facts = facts.with(kind, read);
    read.keySet().forEach(id -> keys.add(new FactKey(kind, id)));
    Set<Unit> units = new LinkedHashSet<>(plan.affected(keys, mirror.picture(), facts));
    plan.plan(units, mirror.picture(), facts);
    return apply();
  }

  List<Report> apply() {
    plan.apply();
    return plan.confirmed();
  }
}
