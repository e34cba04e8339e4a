package org.nucleon.openvswitch.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.HostSide;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.NumberStore;
import org.nucleon.agent.api.Planner;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.View;

/** As much of an agent as the switch needs: plans everything, applies the difference. */
final class SmallAgent implements HostSide, AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Map<String, String> options;
  private final List<Planner> planners = new ArrayList<>();
  private final List<Applier<?>> appliers = new ArrayList<>();
  private final Map<String, Integer> given = new HashMap<>();
  private final BlockingQueue<String> news = new LinkedBlockingQueue<>();
  private final String host;
  private volatile Facts facts;
  NumberStore store;
  AgentDescription description;
  Map<Object, String> failed = Map.of();

  SmallAgent(String host, Map<String, String> options) throws ApplyException {
    this.host = host;
    this.facts = Facts.none(host);
    this.options = options;
    new OpenvswitchHost().join(this);
    given.putAll(store.read());
    appliers.sort(Comparator.comparing(Applier::stage));
    for (Applier<?> applier : appliers) {
      applier.start(() -> news.add("drift of " + applier.items().getSimpleName()));
    }
  }

  @Override
  public Configuration configuration() {
    return new Configuration() {
      @Override
      public <T> T get(Option<T> option) {
        return option.parser().apply(options.getOrDefault(option.name(), option.defaultText()));
      }
    };
  }

  @Override
  public <T> Collection<T> drivers(Class<T> type) {
    return Drivers.CLASS_PATH.drivers(type);
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public Path stateFolder() {
    throw new UnsupportedOperationException();
  }

  @Override
  public View view() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void role(AgentDescription role) {
    description = role;
  }

  @Override
  public void planner(Planner planner) {
    planners.add(planner);
  }

  @Override
  public void applier(Applier<?> applier) {
    appliers.add(applier);
  }

  @Override
  public void numbers(NumberStore numbers) {
    store = numbers;
  }

  @Override
  public synchronized void facts(String kind, Map<String, ?> changed) {
    facts = facts.with(kind, changed);
    news.add("facts");
  }

  Facts facts() {
    return facts;
  }

  /** Plans and applies until nothing of what was planned from is news. */
  Planned converge(View view) throws ApplyException {
    while (true) {
      Facts planned = facts;
      Planned plan = Planned.all(planners.getFirst(), given, view, planned);
      store.write(given, java.util.Set.of());
      failed = new HashMap<>();
      for (Applier<?> applier : appliers) {
        apply(applier, plan);
      }
      if (facts.equals(planned)) {
        return plan;
      }
    }
  }

  /** How many items would have to be touched. */
  int difference(View view) throws ApplyException {
    Planned plan = Planned.all(planners.getFirst(), given, view, facts);
    int count = 0;
    for (Applier<?> applier : appliers) {
      Difference<?> difference = difference(applier, plan);
      count += difference.put().size() + difference.remove().size();
    }
    return count;
  }

  private record Difference<I>(Collection<I> put, Collection<I> remove) {}

  private static <I extends Item> Difference<I> difference(Applier<I> applier, Planned plan)
      throws ApplyException {
    Map<Object, I> actual = applier.read();
    Map<Object, Item> wanted = plan.byKey();
    List<I> put =
        wanted.values().stream()
            .filter(applier.items()::isInstance)
            .map(applier.items()::cast)
            .filter(item -> !item.equals(actual.get(item.key())))
            .toList();
    List<I> remove =
        actual.values().stream().filter(item -> !wanted.containsKey(item.key())).toList();
    return new Difference<>(put, remove);
  }

  private <I extends Item> void apply(Applier<I> applier, Planned plan) throws ApplyException {
    Difference<I> difference = difference(applier, plan);
    if (!difference.put().isEmpty() || !difference.remove().isEmpty()) {
      failed.putAll(applier.apply(difference.put(), difference.remove()));
    }
  }

  /** Something that is asked for. */
  interface Question {
    boolean isTrue() throws Exception;
  }

  /** Waits until it is true, asking again with each piece of news. */
  void until(String what, Question question) throws Exception {
    while (!question.isTrue()) {
      if (news.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
        throw new AssertionError("waited in vain: " + what);
      }
    }
  }

  /** Waits for a piece of news. */
  void hears(String what) throws InterruptedException {
    String heard;
    do {
      heard = news.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (heard == null) {
        throw new AssertionError("not heard: " + what);
      }
    } while (!heard.equals(what));
  }

  void forgetNews() {
    news.clear();
  }

  @Override
  public void close() {
    appliers.reversed().forEach(Applier::close);
  }
}
