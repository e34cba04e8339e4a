package org.nucleon.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Stage;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.View;
import org.nucleon.core.state.Change;

/**
 * The plan of the whole host, kept group by group, and the engines that make it true. One thread
 * uses it.
 */
final class HostPlan {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final List<Planner> planners;
  private final List<Engine<?>> engines;
  private final Numbers numbers;
  private final Map<Unit, Planned> plans = new HashMap<>();
  private final Set<Unit> unconfirmed = new LinkedHashSet<>();
  private final Map<Unit, String> setAside = new HashMap<>();

  HostPlan(List<Planner> planners, List<Engine<?>> engines, Numbers numbers) {
    this.planners = planners;
    this.engines = engines.stream().sorted(java.util.Comparator.comparing(Engine::stage)).toList();
    this.numbers = numbers;
  }

  /** Every unit that there is or was. */
  Set<Unit> all(View view, Facts facts) {
    Set<Unit> units = new LinkedHashSet<>(plans.keySet());
    for (int i = 0; i < planners.size(); i++) {
      addGroups(i, view, facts, units);
    }
    return units;
  }

  private void addGroups(int planner, View view, Facts facts, Set<Unit> into) {
    Planning in = new Input(view, facts, new HashSet<>());
    try {
      planners.get(planner).groups(in, group -> into.add(new Unit(planner, group)));
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          planners.get(planner).name() + " cannot name all its groups; the others go on",
          e);
    }
  }

  /** What a planner cannot tell the effects of may concern all its units, and no other's. */
  private Set<Unit> doubtful(int planner, Object cause, View view, Facts facts, Exception why) {
    LOG.log(
        System.Logger.Level.ERROR,
        planners.get(planner).name() + " cannot tell what " + cause + " concerns: planning all",
        why);
    Set<Unit> units = new LinkedHashSet<>();
    plans.keySet().stream().filter(unit -> unit.planner() == planner).forEach(units::add);
    addGroups(planner, view, facts, units);
    return units;
  }

  /** The units whose plan depends on changed resources. */
  Set<Unit> affected(Collection<Change> changes, View before, View after, Facts facts) {
    Set<Unit> units = new LinkedHashSet<>();
    for (int i = 0; i < planners.size(); i++) {
      int planner = i;
      for (Change change : changes) {
        try {
          planners.get(i).affected(change, before, after, g -> units.add(new Unit(planner, g)));
        } catch (RuntimeException e) {
          units.addAll(doubtful(planner, change.type() + " " + change.id(), after, facts, e));
        }
      }
    }
    return units;
  }

  /** The units whose plan depends on changed facts. */
  Set<Unit> affected(Collection<FactKey> changed, View view, Facts facts) {
    Set<Unit> units = new LinkedHashSet<>();
    for (int i = 0; i < planners.size(); i++) {
      int planner = i;
      for (FactKey fact : changed) {
        try {
          planners.get(i).affected(fact, view, g -> units.add(new Unit(planner, g)));
        } catch (RuntimeException e) {
          units.addAll(doubtful(planner, fact, view, facts, e));
        }
      }
    }
    return units;
  }

  /** Plans units anew. */
  void plan(Set<Unit> units, View view, Facts facts) {
    for (Unit unit : units) {
      Planned after = planned(unit, view, facts);
      Planned earlier = after.isNothing() ? plans.remove(unit) : plans.put(unit, after);
      Planned before = earlier == null ? Planned.NOTHING : earlier;
      if (!before.equals(after)) {
        if (!before.leftOut().equals(after.leftOut())) {
          after
              .leftOut()
              .forEach(reason ->
                  LOG.log(System.Logger.Level.WARNING, "{0}: left out: {1}", unit, reason));
        }
        numbers.ask(unit, after.numbers());
        engines.forEach(engine -> engine.desire(unit, before.items(), after.items()));
        unconfirmed.add(unit);
      }
    }
  }

  private Planned planned(Unit unit, View view, Facts facts) {
    Planned.Collector collector = new Planned.Collector();
    Set<String> asked = new HashSet<>();
    try {
      planners.get(unit.planner()).plan(unit.group(), new Input(view, facts, asked), collector);
      setAside.remove(unit);
      return collector.planned(asked);
    } catch (Unplannable | RuntimeException e) {
      String reason = e instanceof Unplannable ? String.valueOf(e.getMessage()) : e.toString();
      if (!reason.equals(setAside.put(unit, reason))) {
        LOG.log(
            System.Logger.Level.ERROR,
            unit + " is set aside, nothing of it is on the host: " + reason,
            e instanceof Unplannable ? null : e);
      }
      return Planned.refused(reason);
    }
  }

  private final class Input implements Planning {
    private final View view;
    private final Facts facts;
    private final Set<String> asked;

    Input(View view, Facts facts, Set<String> asked) {
      this.view = view;
      this.facts = facts;
      this.asked = asked;
    }

    @Override
    public View view() {
      return view;
    }

    @Override
    public Facts facts() {
      return facts;
    }

    @Override
    public int number(String kind, String key) {
      return numbers.number(kind, key, asked);
    }
  }

  /**
   * Makes the plan true: brings about in the order of stages, removes in the opposite one.
   *
   * @return how many items were touched
   */
  int apply() {
    int touched = 0;
    try {
      numbers.save();
    } catch (ApplyException e) {
      LOG.log(System.Logger.Level.WARNING, "numbers cannot be kept: {0}", e.getMessage());
      engines.forEach(Engine::doubt);
      return 0;
    }
    for (Engine<?> engine : engines) {
      touched +=
          engine.apply(true, engine.stage() == Stage.FLOWS || engine.stage() == Stage.ROUTING);
    }
    for (Engine<?> engine : engines.reversed()) {
      touched += engine.apply(false, true);
    }
    if (hasFailures()) {
      return touched; // what could not be removed may still use its numbers
    }
    try {
      numbers.free();
    } catch (ApplyException e) {
      LOG.log(System.Logger.Level.WARNING, "numbers cannot be freed: {0}", e.getMessage());
    }
    return touched;
  }

  /** What the server can be told of units that are now as planned. */
  List<Report> confirmed() {
    List<Report> reports = new ArrayList<>();
    unconfirmed.removeIf(unit -> {
      Planned plan = plans.get(unit);
      if (plan == null) {
        return true;
      }
      if (plan.refusal() != null || !isTrue(unit, plan)) {
        return false;
      }
      reports.addAll(plan.reports());
      return true;
    });
    return reports;
  }

  private boolean isTrue(Unit unit, Planned plan) {
    for (var item : plan.items()) {
      for (Engine<?> engine : engines) {
        String failure = engine.items().isInstance(item) ? engine.failure(item) : null;
        if (failure != null) {
          if (!failure.equals(setAside.put(unit, failure))) {
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}: {2}", unit, item.key(), failure);
          }
          return false;
        }
      }
    }
    setAside.remove(unit);
    return true;
  }

  /** All reports of units as they are planned, for a server that has just been reached. */
  List<Report> outstanding() {
    List<Report> reports = new ArrayList<>();
    plans.forEach((unit, plan) -> {
      if (!unconfirmed.contains(unit)) {
        reports.addAll(plan.reports());
      }
    });
    return reports;
  }

  boolean hasFailures() {
    return engines.stream().anyMatch(Engine::hasFailed);
  }

  void doubtEverything() {
    engines.forEach(Engine::doubt);
  }

  List<String> difference() {
    List<String> lines = new ArrayList<>();
    for (Engine<?> engine : engines) {
      try {
        lines.addAll(engine.difference());
      } catch (ApplyException e) {
        lines.add("unknown " + engine.items().getSimpleName() + ": " + e.getMessage());
      }
    }
    setAside.forEach((unit, reason) -> lines.add("aside   " + unit + ": " + reason));
    plans.forEach((unit, plan) ->
        plan.leftOut().forEach(reason -> lines.add("aside   " + unit + ": " + reason)));
    return lines;
  }

  List<String> everything() {
    List<String> lines = new ArrayList<>();
    plans.forEach((unit, plan) -> plan.items().forEach(item -> lines.add(unit + "  " + item)));
    return lines.stream().sorted().toList();
  }
}
