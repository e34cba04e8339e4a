package org.nucleon.dhcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.NumberStore;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.View;

/** What an agent does with planners and appliers, in its simplest form. */
final class Host implements HostSide, AutoCloseable {
  private final Path state;
  private final List<Planner> planners = new ArrayList<>();
  private final List<Applier<?>> appliers = new ArrayList<>();

  Host(Path state, HostFeature... features) throws Exception {
    this.state = state;
    for (HostFeature feature : features) {
      feature.join(this);
    }
    appliers.sort(Comparator.comparing(Applier::stage));
    for (Applier<?> applier : appliers) {
      applier.start(() -> {});
    }
  }

  /** What one group plans. */
  record Planned(List<Item> items, Set<UUID> reports, List<String> leftOut) implements Plan {
    Planned() {
      this(new ArrayList<>(), new LinkedHashSet<>(), new ArrayList<>());
    }

    @Override
    public void add(Item item) {
      items.add(item);
    }

    @Override
    public void leaveOut(String reason) {
      leftOut.add(reason);
    }

    @Override
    public void report(String type, String kind, UUID id, Map<String, Object> details) {
      reports.add(id);
    }
  }

  record In(View view) implements Planning {
    @Override
    public Facts facts() {
      return Facts.none(Cloud.HOST);
    }

    @Override
    public int number(String kind, String key) {
      throw new UnsupportedOperationException();
    }
  }

  /** What a planner plans for all its groups. */
  static Map<Group, Planned> plan(Planner planner, View view) throws Exception {
    Map<Group, Planned> planned = new LinkedHashMap<>();
    List<Group> groups = new ArrayList<>();
    planner.groups(new In(view), groups::add);
    for (Group group : groups) {
      planned.put(group, plan(planner, view, group));
    }
    return planned;
  }

  static Planned plan(Planner planner, View view, Group group) throws Exception {
    Planned plan = new Planned();
    planner.plan(group, new In(view), plan);
    return plan;
  }

  /** Makes the host as the view says; tells how many items were touched, by class. */
  Map<String, Integer> converge(View view) throws Exception {
    List<Item> wanted = new ArrayList<>();
    for (Planner planner : planners) {
      plan(planner, view).values().forEach(plan -> wanted.addAll(plan.items()));
    }
    Map<String, Integer> touched = new HashMap<>();
    for (Applier<?> applier : appliers) {
      apply(applier, wanted, true, touched);
    }
    for (Applier<?> applier : appliers.reversed()) {
      apply(applier, wanted, false, touched);
    }
    return touched;
  }

  private static <I extends Item> void apply(
      Applier<I> applier, List<Item> all, boolean put, Map<String, Integer> touched)
      throws Exception {
    Map<Object, I> there = applier.read();
    Map<Object, I> wanted = new LinkedHashMap<>();
    all.stream()
        .filter(applier.items()::isInstance)
        .map(applier.items()::cast)
        .forEach(item -> wanted.put(item.key(), item));
    List<I> missing =
        wanted.values().stream().filter(item -> !item.equals(there.get(item.key()))).toList();
    List<I> surplus =
        there.values().stream().filter(item -> !wanted.containsKey(item.key())).toList();
    List<I> changed = put ? missing : surplus;
    if (!changed.isEmpty()) {
      assertThat(put ? applier.apply(changed, List.of()) : applier.apply(List.of(), changed))
          .isEmpty();
      touched.merge(applier.items().getSimpleName(), changed.size(), Integer::sum);
    }
  }

  @Override
  public <T> Collection<T> drivers(Class<T> type) {
    return List.of();
  }

  @Override
  public Configuration configuration() {
    return Configuration.defaults();
  }

  @Override
  public String host() {
    return Cloud.HOST;
  }

  @Override
  public Path stateFolder() {
    return state;
  }

  @Override
  public View view() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void role(AgentDescription description) {}

  @Override
  public void planner(Planner planner) {
    planners.add(planner);
  }

  @Override
  public void applier(Applier<?> applier) {
    appliers.add(applier);
  }

  @Override
  public void numbers(NumberStore store) {}

  @Override
  public void facts(String kind, Map<String, ?> facts) {}

  @Override
  public void close() {
    appliers.reversed().forEach(Applier::close);
  }
}
