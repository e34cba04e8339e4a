package org.nucleon.openvswitch.agent.iptables;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.conntrack.Conntrack;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Iptables;
import org.nucleon.host.iptables.Rule;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Jump;

/**
 * Makes chains and rules, each change set of a version of IP by one iptables-restore. Ours are the
 * chains that begin as Neutron's Open vSwitch agent begins them, and the rules that lead there.
 */
public final class FilterApplier implements Applier<FilterItem> {

  private final Iptables iptables;
  private final NetworkNamespace namespace;
  private final FilterWatch watch;

  /** What is there, as far as it was read and made. */
  private final Map<Object, FilterItem> present = new HashMap<>();

  /**
   * An applier that is not started.
   *
   * @param namespace the host's own
   * @param watch tells of changes by others
   */
  public FilterApplier(NetworkNamespace namespace, FilterWatch watch) {
    this.iptables = Iptables.in(namespace);
    this.namespace = namespace;
    this.watch = watch;
  }

  @Override
  public Class<FilterItem> items() {
    return FilterItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.FILTERS;
  }

  @Override
  public void start(Drift<FilterItem> drift) throws ApplyException {
    watch.start(drift::anywhere);
  }

  @Override
  public Map<Object, FilterItem> read() throws ApplyException {
    Map<Object, FilterItem> items = new HashMap<>();
    for (Ip version : Ip.values()) {
      try {
        iptables
            .save(version)
            .forEach((table, chains) -> {
              if (FilterChange.TABLES.contains(table)) {
                chains.forEach((chain, rules) ->
                    items(version, table, chain, rules)
                        .forEach(item -> items.put(item.key(), item)));
              }
            });
      } catch (IOException e) {
        if (!watch.isNeeded()) {
          return Map.of(); // a kernel that cannot do it has nothing of ours
        }
        throw new ApplyException("the tables of " + version.program() + " cannot be read", e);
      }
    }
    present.clear();
    present.putAll(items);
    return items;
  }

  private static Stream<FilterItem> items(
      Ip version, String table, String chain, List<Rule> rules) {
    Stream<FilterItem> jumps = rules.stream().map(rule -> new Jump(version, table, chain, rule));
    if (!FilterNames.isOurs(chain)) {
      return jumps.filter(jump -> FilterNames.leadsToOurs(((Jump) jump).rule()));
    }
    if (!FilterNames.isShared(chain)) {
      return Stream.of(Chain.of(version, table, chain, rules));
    }
    return Stream.concat(
        jumps.filter(jump -> FilterNames.isOfPort(((Jump) jump).rule())),
        Stream.of(shared(version, table, chain, rules)));
  }

  /** The part of a chain that is not of single ports. */
  private static Chain shared(Ip version, String table, String chain, List<Rule> rules) {
    int end = rules.size();
    while (end > 0 && !FilterNames.isOfPort(rules.get(end - 1))) {
      end--;
    }
    List<Rule> misplaced =
        rules.subList(0, end).stream().filter(rule -> !FilterNames.isOfPort(rule)).toList();
    List<Rule> after = List.copyOf(rules.subList(end, rules.size()));
    return new Chain(version, table, chain, after, misplaced);
  }

  @Override
  public Map<Object, String> apply(Collection<FilterItem> put, Collection<FilterItem> remove) {
    Map<Object, String> failed = new LinkedHashMap<>();
    for (Ip version : Ip.values()) {
      List<FilterItem> puts = of(version, put);
      List<FilterItem> removes = of(version, remove);
      if (!puts.isEmpty() || !removes.isEmpty()) {
        apply(version, puts, removes, failed);
      }
    }
    return failed;
  }

  private static List<FilterItem> of(Ip version, Collection<FilterItem> items) {
    return items.stream().filter(item -> item.version() == version).toList();
  }

  /** What is refused is left out, the rest is done. */
  private void apply(
      Ip version, List<FilterItem> put, List<FilterItem> remove, Map<Object, String> failed) {
    try {
      restore(version, put, remove);
    } catch (IOException e) {
      if (put.size() + remove.size() == 1) {
        Stream.concat(put.stream(), remove.stream())
            .forEach(item -> failed.put(item.key(), String.valueOf(e.getMessage())));
        return;
      }
      FilterChange.inOrder(put).forEach(item -> apply(version, List.of(item), List.of(), failed));
      FilterChange.inOrder(remove)
          .reversed()
          .forEach(item -> apply(version, List.of(), List.of(item), failed));
      return;
    }
    forgetConnections(remove, failed);
  }

  private void restore(Ip version, List<FilterItem> put, List<FilterItem> remove)
      throws IOException {
    List<FilterItem> there =
        remove.stream().filter(item -> present.containsKey(item.key())).toList();
    if (put.isEmpty() && there.isEmpty()) {
      return;
    }
    watch.begin();
    long port = 0;
    try {
      port = iptables.restore(version, new FilterChange(put, there, present).text());
    } finally {
      watch.end(port);
    }
    put.forEach(item -> present.put(item.key(), item));
    there.forEach(item -> present.remove(item.key()));
  }

  /**
   * A zone is given out again some day: its next port must not inherit connections. Until that is
   * certain the zone's rules count as not removed.
   */
  private void forgetConnections(List<FilterItem> removed, Map<Object, String> failed) {
    Map<Object, Integer> zones = new HashMap<>();
    for (FilterItem item : removed) {
      String zone = item instanceof Jump jump ? jump.rule().value("--zone") : null;
      if (zone != null) {
        zones.put(item.key(), Integer.parseInt(zone));
      }
    }
    if (zones.isEmpty()) {
      return;
    }
    try (Conntrack conntrack = Conntrack.open(namespace)) {
      for (int zone : new HashSet<>(zones.values())) {
        conntrack.endZone(zone);
      }
    } catch (IOException e) {
      zones.keySet().forEach(key -> failed.put(key, "connections stay: " + e.getMessage()));
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
