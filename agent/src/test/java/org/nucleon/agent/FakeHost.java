package org.nucleon.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.NumberStore;
import org.nucleon.agent.api.Stage;

/**
 * A host in memory: it notes each step, can refuse items, and can let the agent die at any step.
 */
final class FakeHost implements NumberStore {

  /** The agent's process is gone. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  final Map<Class<?>, Map<Object, Item>> there = new ConcurrentHashMap<>();
  final List<String> journal = new ArrayList<>();
  final Map<Class<?>, Runnable> drift = new HashMap<>();

  /** Tells of an item by its key. */
  final Map<Class<?>, Consumer<Object>> driftAt = new HashMap<>();

  final Map<Class<?>, Integer> reads = new HashMap<>();

  /** Keys of items that cannot be brought about, changed or removed. */
  final Set<Object> refused = ConcurrentHashMap.newKeySet();

  /** Classes whose engine does not answer; the value says whether by a bug. */
  final Map<Class<?>, Boolean> down = new ConcurrentHashMap<>();

  final Map<String, Integer> numbers = new TreeMap<>();
  boolean numbersDown;
  int stepsToLive = Integer.MAX_VALUE;
  Runnable afterStep = () -> {};

  /** All appliers, on purpose not in the order of their stages. */
  List<Applier<? extends Item>> appliers() {
    return List.of(
        applier(Toy.Entry.class, Stage.ENTRIES),
        applier(Toy.Flow.class, Stage.FLOWS),
        applier(Toy.Link.class, Stage.LINKS),
        applier(Toy.Program.class, Stage.PROGRAMS),
        applier(Toy.Plug.class, Stage.SWITCH),
        applier(Toy.Route.class, Stage.ROUTING));
  }

  /** Everything that is there. */
  Map<Class<?>, Map<Object, Item>> everything() {
    Map<Class<?>, Map<Object, Item>> copy = new HashMap<>();
    there.forEach((type, items) -> {
      if (!items.isEmpty()) {
        copy.put(type, Map.copyOf(items));
      }
    });
    return copy;
  }

  Map<Object, Item> of(Class<?> type) {
    return there.computeIfAbsent(type, t -> new ConcurrentHashMap<>());
  }

  private void step(String what) {
    if (stepsToLive == 0) {
      throw new Killed();
    }
    stepsToLive--;
    journal.add(what);
  }

  @Override
  public Map<String, Integer> read() {
    return Map.copyOf(numbers);
  }

  @Override
  public void write(Map<String, Integer> added, Set<String> removed) throws ApplyException {
    if (numbersDown) {
      throw new ApplyException("numbers: full");
    }
    step("numbers +" + added.keySet() + " -" + removed);
    numbers.putAll(added);
    numbers.keySet().removeAll(removed);
    afterStep.run();
  }

  private <I extends Item> Applier<I> applier(Class<I> type, Stage stage) {
    return new Applier<>() {
      @Override
      public Class<I> items() {
        return type;
      }

      @Override
      public Stage stage() {
        return stage;
      }

      @Override
      public void start(Drift<I> told) {
        drift.put(type, told::anywhere);
        driftAt.put(
            type,
            key -> told.at(Map.of(key, Optional.ofNullable(of(type).get(key)).map(type::cast))));
      }

      private void answer() throws ApplyException {
        if (down.containsKey(type)) {
          if (Boolean.TRUE.equals(down.get(type))) {
            throw new IllegalStateException("a bug in the engine");
          }
          throw new ApplyException(type.getSimpleName() + ": no answer");
        }
      }

      @Override
      public Map<Object, I> read() throws ApplyException {
        answer();
        reads.merge(type, 1, Integer::sum);
        Map<Object, I> read = new HashMap<>();
        of(type).forEach((key, item) -> read.put(key, type.cast(item)));
        return read;
      }

      @Override
      public Map<Object, String> apply(Collection<I> put, Collection<I> remove)
          throws ApplyException {
        answer();
        Map<Object, String> reasons = new HashMap<>();
        boolean atomic = stage == Stage.FLOWS;
        if (atomic) {
          step("bundle");
        }
        for (I item : put) {
          one(item, "+", reasons, atomic);
        }
        for (I item : remove) {
          one(item, "-", reasons, atomic);
        }
        afterStep.run();
        return reasons;
      }

      private void one(I item, String sign, Map<Object, String> reasons, boolean atomic) {
        if (refused.contains(item.key())) {
          reasons.put(item.key(), "refused");
          return;
        }
        if (atomic) {
          journal.add(sign + item);
        } else {
          step(sign + item);
        }
        if (sign.equals("+")) {
          of(type).put(item.key(), item);
        } else {
          of(type).remove(item.key());
        }
        if (!atomic) {
          afterStep.run();
        }
      }

      @Override
      public void close() {}
    };
  }
}
