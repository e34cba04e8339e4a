package org.nucleon.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.Stage;

/**
 * One applier with what is desired of it and what is known to be there: the difference is applied.
 */
final class Engine<I extends Item> {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final Applier<I> applier;
  private final Map<Object, Map<Unit, I>> desired = new HashMap<>();
  private final Map<Object, I> actual = new HashMap<>();
  private final Set<Object> dirty = new HashSet<>();
  private final Map<Object, String> failed = new HashMap<>();
  private boolean known;

  Engine(Applier<I> applier) {
    this.applier = applier;
  }

  Class<I> items() {
    return applier.items();
  }

  Stage stage() {
    return applier.stage();
  }

  /**
   * Begins to follow the host.
   *
   * @param later runs what it is given on the thread that applies
   */
  void start(Consumer<Runnable> later) throws ApplyException {
    applier.start(
        new Drift<>() {
          @Override
          public void anywhere() {
            later.accept(Engine.this::doubt);
          }

          @Override
          public void at(Map<Object, Optional<I>> now) {
            later.accept(() -> find(now));
          }
        });
  }

  /** Replaces what a unit desires. */
  void desire(Unit unit, Collection<? extends Item> before, Collection<? extends Item> after) {
    for (Item item : before) {
      if (applier.items().isInstance(item)) {
        Map<Unit, I> wanted = desired.get(item.key());
        if (wanted != null && wanted.remove(unit) != null && wanted.isEmpty()) {
          desired.remove(item.key());
        }
        dirty.add(item.key());
      }
    }
    for (Item item : after) {
      if (applier.items().isInstance(item)) {
        desired
            .computeIfAbsent(item.key(), k -> new LinkedHashMap<>())
            .put(unit, applier.items().cast(item));
        dirty.add(item.key());
      }
    }
  }

  /** Nothing is known of the host any more: it is read before the next difference is applied. */
  void doubt() {
    known = false;
  }

  /** Takes note of what has changed on the host. */
  private void find(Map<Object, Optional<I>> now) {
    now.forEach((key, item) -> {
      item.ifPresentOrElse(there -> actual.put(key, there), () -> actual.remove(key));
      dirty.add(key);
    });
  }

  /** Reads the host if need be; everything that differs becomes a matter of the next difference. */
  private void read() throws ApplyException {
    if (!known) {
      Map<Object, I> read = applier.read();
      actual.clear();
      actual.putAll(read);
      dirty.clear();
      dirty.addAll(actual.keySet());
      dirty.addAll(desired.keySet());
      known = true;
    }
  }

  private @Nullable I wanted(Object key) {
    Map<Unit, I> byUnit = desired.get(key);
    return byUnit == null ? null : byUnit.values().iterator().next();
  }

  /**
   * Applies the difference, or half of it.
   *
   * @param put whether to bring about what is missing
   * @param remove whether to remove what is too much
   * @return how many items were touched
   */
  int apply(boolean put, boolean remove) {
    List<I> missing = new ArrayList<>();
    List<I> surplus = new ArrayList<>();
    try {
      read();
      for (Object key : dirty) {
        I wanted = wanted(key);
        I present = actual.get(key);
        if (wanted != null && !wanted.equals(present)) {
          missing.add(wanted);
        } else if (wanted == null && present != null) {
          surplus.add(present);
        } else {
          failed.remove(key);
        }
      }
      List<I> toPut = put ? missing : List.of();
      List<I> toRemove = remove ? surplus : List.of();
      if (toPut.isEmpty() && toRemove.isEmpty()) {
        settle(put && remove || missing.isEmpty() && surplus.isEmpty());
        return 0;
      }
      Map<Object, String> reasons = applier.apply(toPut, toRemove);
      for (I item : toPut) {
        if (!reasons.containsKey(item.key())) {
          actual.put(item.key(), item);
          failed.remove(item.key());
        }
      }
      for (I item : toRemove) {
        if (!reasons.containsKey(item.key())) {
          actual.remove(item.key());
          failed.remove(item.key());
        }
      }
      failed.putAll(reasons);
      settle(missing.size() == toPut.size() && surplus.size() == toRemove.size());
      return toPut.size() + toRemove.size();
    } catch (ApplyException | RuntimeException e) {
      known = false;
      String reason = e instanceof ApplyException ? String.valueOf(e.getMessage()) : e.toString();
      dirty.forEach(key -> failed.put(key, reason));
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", applier.items().getSimpleName(), reason);
      return 0;
    }
  }

  /** Once the whole difference has been tried, only what failed is still a matter. */
  private void settle(boolean whole) {
    if (whole) {
      dirty.clear();
      dirty.addAll(failed.keySet());
    }
  }

  /** Why the item is not there as desired; null if it is. */
  @Nullable String failure(Item item) {
    String reason = failed.get(item.key());
    if (reason != null) {
      return reason;
    }
    return known && item.equals(actual.get(item.key())) ? null : "not confirmed";
  }

  boolean hasFailed() {
    return !known || !failed.isEmpty();
  }

  /** What is asked and is not there, or is there and not asked; read from the host now. */
  Collection<String> difference() throws ApplyException {
    Map<Object, I> present = applier.read();
    Collection<String> lines = new TreeSet<>();
    desired
        .keySet()
        .forEach(key -> {
          I wanted = wanted(key);
          I there = present.get(key);
          if (wanted != null && !wanted.equals(there)) {
            lines.add("asked   " + wanted);
            if (there != null) {
              lines.add("actual  " + there);
            }
          }
        });
    present.forEach((key, there) -> {
      if (!desired.containsKey(key)) {
        lines.add("actual  " + there);
      }
    });
    return lines;
  }

  void close() {
    applier.close();
  }
}
