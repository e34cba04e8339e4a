package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.NumberStore;
import org.nucleon.host.ovsdb.Bridge;
import org.nucleon.host.ovsdb.Condition;
import org.nucleon.host.ovsdb.Mutation;
import org.nucleon.host.ovsdb.OvsdbException;
import org.nucleon.host.ovsdb.Transaction;

/**
 * Keeps numbers in the integration bridge's {@code external_ids}, which the switch itself does not
 * read: writing them does not make it look at its ports again. If somebody removes the bridge, what
 * was kept there comes back with it.
 */
final class BridgeNumbers implements NumberStore {

  private static final String PREFIX = "nucleon-number-";

  private final SwitchDatabase database;
  private final String bridge;
  private final Map<String, String> entries = new ConcurrentHashMap<>();

  BridgeNumbers(SwitchDatabase database, String bridge) {
    this.database = database;
    this.bridge = bridge;
  }

  /** Whether a key of {@code external_ids} is a number's. */
  static boolean isNumber(String key) {
    return key.startsWith(PREFIX);
  }

  /** The bridge that keeps them. */
  String bridge() {
    return bridge;
  }

  /** The keys and values in {@code external_ids}. */
  Map<String, String> entries() {
    return Map.copyOf(entries);
  }

  @Override
  public Map<String, Integer> read() throws ApplyException {
    Bridge row = database.now().bridge(bridge);
    Map<String, Integer> numbers = new TreeMap<>();
    if (row != null) {
      for (Map.Entry<String, String> entry : row.externalIds().entrySet()) {
        if (isNumber(entry.getKey())) {
          numbers.put(entry.getKey().substring(PREFIX.length()), number(entry));
          entries.put(entry.getKey(), entry.getValue());
        }
      }
    }
    return numbers;
  }

  private int number(Map.Entry<String, String> entry) throws ApplyException {
    try {
      return Integer.parseInt(entry.getValue());
    } catch (NumberFormatException e) {
      throw new ApplyException(
          "external_ids of " + bridge + ": " + entry + " is no number; was it changed by hand?", e);
    }
  }

  @Override
  public void write(Map<String, Integer> added, Set<String> removed) throws ApplyException {
    Map<String, String> inserted = new TreeMap<>();
    added.forEach((key, number) -> inserted.put(PREFIX + key, number.toString()));
    // Of a thousand keys each mutation takes the database a while: only what is there is taken out.
    Set<String> replaced = new HashSet<>(inserted.keySet());
    replaced.retainAll(entries.keySet());
    removed.forEach(key -> replaced.add(PREFIX + key));
    entries.keySet().removeAll(replaced);
    entries.putAll(inserted);
    if (database.now().bridge(bridge) == null) {
      return; // without the bridge no number can be used; it is made with all of them
    }
    List<Mutation> mutations = new ArrayList<>();
    if (!replaced.isEmpty()) {
      mutations.add(Mutation.deleteKeys("external_ids", replaced));
    }
    if (!inserted.isEmpty()) {
      mutations.add(Mutation.insert("external_ids", inserted));
    }
    try {
      database
          .client()
          .transact(
              new Transaction()
                  .demand("Bridge", bridge)
                  .mutate("Bridge", Condition.name(bridge), mutations.toArray(Mutation[]::new)));
    } catch (IOException | OvsdbException e) {
      throw new ApplyException("numbers could not be kept in external_ids of " + bridge, e);
    }
  }
}
