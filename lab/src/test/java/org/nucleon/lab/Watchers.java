package org.nucleon.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows everything that anybody changes on a host, from outside of the agent. */
final class Watchers {

  private static final String OVSDB = "unix:/run/openvswitch/db.sock";

  private final LabHost host;
  private final List<Daemon> watching = new ArrayList<>();
  private final Set<Daemon> tellsAtStart = new HashSet<>();
  private final Map<Daemon, Integer> seen = new LinkedHashMap<>();
  private static int started;

  private Watchers(LabHost host) {
    this.host = host;
  }

  /** Begins to follow flows, switch rows, links, addresses, routes and rule sets. */
  static Watchers on(LabHost host) {
    Watchers watchers = new Watchers(host);
    for (String bridge : host.ovs().bridges()) {
      watchers.start("ovs-ofctl", "-O", "OpenFlow15", "monitor", bridge, "watch:!initial");
    }
    watchers.startTelling("Bridge", "name,ports,external_ids");
    watchers.startTelling("Interface", "name,type,options,external_ids");
    watchers.start("ip", "monitor", "link", "address", "route", "rule");
    watchers.start("nft", "monitor");
    for (String namespace : namespaces(host)) {
      watchers.start("ip", "-n", namespace, "monitor", "link", "address", "route", "rule");
      watchers.start("ip", "netns", "exec", namespace, "nft", "monitor");
    }
    watchers.settle();
    return watchers;
  }

  static List<String> namespaces(LabHost host) {
    return host.machine()
        .exec("ip", "netns", "list")
        .lines()
        .map(l -> l.split(" ")[0])
        .sorted()
        .toList();
  }

  private void start(String... command) {
    watching.add(host.machine().start("watch" + ++started, command));
  }

  /** Follows a table of the switch's database, which begins with what there is. */
  private void startTelling(String table, String columns) {
    start("ovsdb-client", "monitor", OVSDB, "Open_vSwitch", table, columns);
    tellsAtStart.add(watching.getLast());
  }

  /** What is told at the start is not a change. */
  private void settle() {
    for (Daemon watcher : watching) {
      int[] before = {-1};
      Eventually.within(
          Duration.ofSeconds(10),
          watcher.name() + " follows",
          () -> {
            int lines = lines(watcher);
            boolean begun = lines > 0 || !tellsAtStart.contains(watcher);
            boolean still = begun && lines == before[0] && watcher.alive();
            before[0] = lines;
            return still;
          });
      seen.put(watcher, lines(watcher));
    }
  }

  private static int lines(Daemon watcher) {
    return told(watcher).size();
  }

  /** Without the heading that ovs-ofctl writes when it likes to. */
  private static List<String> told(Daemon watcher) {
    return watcher
        .log()
        .lines()
        .filter(l -> !l.isBlank() && !l.startsWith("OFPST_FLOW_MONITOR reply"))
        .toList();
  }

  /** What has been changed since the start. */
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    seen.forEach((watcher, lines) ->
        told(watcher).stream().skip(lines).forEach(l -> changes.add(watcher.name() + ": " + l)));
    return changes;
  }
}
