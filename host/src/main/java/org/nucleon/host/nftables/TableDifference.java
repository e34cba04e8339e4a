package org.nucleon.host.nftables;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From what is there to what should be, in commands. Their order is that of what refers to what.
 */
final class TableDifference {
  /**
   * Strangers' elements may be of kinds that have no text here; they are removed with all others.
   */
  private static final Pattern WORD = Pattern.compile("\"?[A-Za-z0-9_.:/@-]*\"?");

  private final NftTable desired;
  private final String table;
  private final Map<String, NftChain> chains;
  private final Map<String, NftSet> sets;
  private final StringBuilder commands = new StringBuilder();

  TableDifference(NftTable desired) {
    this.desired = desired;
    this.table = desired.qualifiedName();
    this.chains = byName(desired.chains(), NftChain::name);
    this.sets = byName(desired.sets(), NftSet::name);
  }

  Optional<String> from(Optional<TableState> actual) {
    TableState now = actual.orElse(TableState.EMPTY);
    if (actual.isEmpty()) {
      command("add table", "");
    } else if (shapesDiffer(now)) {
      commands.append(desired.removal());
      command("add table", "");
      now = TableState.EMPTY;
    }
    List<NftChain> refilled = new ArrayList<>();
    removeChains(now, refilled);
    removeSets(now);
    addSets(now);
    addChains(now);
    for (NftChain chain : refilled) {
      for (NftRule rule : chain.rules()) {
        command("add rule", chain.name() + " " + rule.text());
      }
    }
    return commands.isEmpty() ? Optional.empty() : Optional.of(commands.toString());
  }

  private boolean shapesDiffer(TableState now) {
    return desired.chains().stream()
            .anyMatch(chain -> {
              TableState.ChainState there = now.chains().get(chain.name());
              return there != null && !Objects.equals(there.hook(), chain.hook());
            })
        || desired.sets().stream()
            .anyMatch(set -> {
              TableState.SetState there = now.sets().get(set.name());
              return there != null
                  && (there.map() != (set.value() != null)
                      || there.intervals() != set.intervals()
                      || !there.type().equals(set.type()));
            });
  }

  /** Flushes first, all of them: a chain or set can be removed only when no rule names it. */
  private void removeChains(TableState now, List<NftChain> refilled) {
    List<String> unwanted = new ArrayList<>();
    sorted(now.chains())
        .forEach((name, there) -> {
          NftChain chain = chains.get(name);
          if (chain == null) {
            unwanted.add(name);
          }
          if (chain == null || !chain.hashes().equals(there.rules())) {
            command("flush chain", name);
          }
        });
    unwanted.forEach(name -> command("delete chain", name));
    for (NftChain chain : chains.values()) {
      TableState.ChainState there = now.chains().get(chain.name());
      if (there == null || !chain.hashes().equals(there.rules())) {
        refilled.add(chain);
      }
    }
  }

  private void removeSets(TableState now) {
    sorted(now.sets())
        .forEach((name, there) -> {
          if (!sets.containsKey(name)) {
            command(there.map() ? "delete map" : "delete set", name);
          }
        });
  }

  private void addSets(TableState now) {
    for (NftSet set : sets.values()) {
      TableState.SetState there = now.sets().get(set.name());
      if (there == null) {
        String flags = set.intervals() ? " flags interval;" : "";
        command("add " + set.kind(), set.name() + " { type " + set.type() + ";" + flags + " }");
      }
      elements(set, there == null ? Map.of() : there.elements());
    }
  }

  /** Of a changed value the old one is removed first: the kernel keeps one value per key. */
  private void elements(NftSet set, Map<String, String> there) {
    Map<String, String> gone = without(there, set.texts());
    Map<String, String> missing = without(set.texts(), there);
    boolean inWords =
        Stream.concat(gone.keySet().stream(), gone.values().stream())
            .allMatch(text -> WORD.matcher(text).matches());
    if (!inWords) {
      command("flush " + set.kind(), set.name());
      missing = set.texts();
    } else if (!gone.isEmpty()) {
      command("delete element", set.name() + elements(gone));
    }
    if (!missing.isEmpty()) {
      command("add element", set.name() + elements(missing));
    }
  }

  private void addChains(TableState now) {
    for (NftChain chain : chains.values()) {
      if (!now.chains().containsKey(chain.name())) {
        Hook hook = chain.hook();
        command("add chain", chain.name() + (hook == null ? "" : " { " + hook.text() + " }"));
      }
    }
  }

  private void command(String what, String operands) {
    commands.append(what).append(' ').append(table);
    if (!operands.isEmpty()) {
      commands.append(' ').append(operands);
    }
    commands.append('\n');
  }

  private static String elements(Map<String, String> elements) {
    return elements.entrySet().stream()
        .map(e -> e.getValue().isEmpty() ? e.getKey() : e.getKey() + " : " + e.getValue())
        .collect(Collectors.joining(", ", " { ", " }"));
  }

  private static Map<String, String> without(Map<String, String> all, Map<String, String> some) {
    Map<String, String> rest = new TreeMap<>(all);
    rest.entrySet().removeAll(some.entrySet());
    return rest;
  }

  private static <T> Map<String, T> sorted(Map<String, T> map) {
    return new TreeMap<>(map);
  }

  private static <T> Map<String, T> byName(Collection<T> items, Function<T, String> name) {
    return items.stream()
        .collect(
            Collectors.toMap(
                name,
                Function.identity(),
                (one, other) -> {
                  throw new IllegalArgumentException("twice: " + name.apply(one));
                },
                TreeMap::new));
  }
}
