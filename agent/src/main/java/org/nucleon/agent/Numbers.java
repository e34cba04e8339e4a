package org.nucleon.agent;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.NumberStore;

/**
 * The numbers that the host has given out, each kept before its first use. Freed once no unit asks
 * for it, and only after what used it is gone from the host.
 */
final class Numbers {

  private final Optional<NumberStore> store;
  private final Map<String, Integer> given = new HashMap<>();
  private final Map<String, BitSet> taken = new HashMap<>();
  private final Map<Unit, Set<String>> asked = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, Integer> unsaved = new HashMap<>();

  Numbers(Optional<NumberStore> store) throws ApplyException {
    this.store = store;
    if (store.isPresent()) {
      store.get().read().forEach(this::give);
    }
  }

  private void give(String name, int number) {
    given.put(name, number);
    taken.computeIfAbsent(kind(name), k -> new BitSet()).set(number);
  }

  private static String kind(String name) {
    return name.substring(0, name.indexOf(':'));
  }

  /** The number for something, given out now if it has none; {@code into} notes who asks. */
  int number(String kind, String key, Set<String> into) {
    String name = kind + ":" + key;
    into.add(name);
    Integer number = given.get(name);
    if (number == null) {
      number = taken.computeIfAbsent(kind, k -> new BitSet()).nextClearBit(1);
      give(name, number);
      unsaved.put(name, number);
    }
    return number;
  }

  /** A unit's plan asks for these numbers now. */
  void ask(Unit unit, Set<String> names) {
    Set<String> before = names.isEmpty() ? asked.remove(unit) : asked.put(unit, names);
    names.forEach(name -> uses.merge(name, 1, Integer::sum));
    if (before != null) {
      before.forEach(name -> uses.merge(name, -1, Integer::sum));
    }
  }

  /** Keeps the numbers given out since the last time; to be done before they are used. */
  void save() throws ApplyException {
    if (!unsaved.isEmpty() && store.isPresent()) {
      store.get().write(Map.copyOf(unsaved), Set.of());
    }
    unsaved.clear();
  }

  /** Frees the numbers that no unit asks for any more. */
  void free() throws ApplyException {
    Set<String> unused = new HashSet<>();
    for (String name : given.keySet()) {
      if (uses.getOrDefault(name, 0) <= 0) {
        unused.add(name);
      }
    }
    if (unused.isEmpty()) {
      return;
    }
    if (store.isPresent()) {
      store.get().write(Map.of(), unused);
    }
    for (String name : unused) {
      taken.getOrDefault(kind(name), new BitSet()).clear(given.getOrDefault(name, 0));
      given.remove(name);
      uses.remove(name);
    }
  }
}
