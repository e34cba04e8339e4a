package org.nucleon.openvswitch.agent.iptables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.nucleon.host.iptables.Rule;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Chain;
import org.nucleon.openvswitch.agent.iptables.FilterItem.Jump;

/**
 * A change of one version's tables, as iptables-restore reads it.
 *
 * @param put what is to be there
 * @param remove what is to be there no more
 * @param present what is there, by key
 */
record FilterChange(
    List<FilterItem> put, List<FilterItem> remove, Map<Object, FilterItem> present) {

  /** Zones are told before what passes is. */
  static final List<String> TABLES = List.of(FilterNames.RAW, FilterNames.FILTER);

  /** So that each finds what it leads to: chains that lead nowhere, those that do, rules. */
  static List<FilterItem> inOrder(List<FilterItem> items) {
    return items.stream().sorted(Comparator.comparingInt(FilterChange::rank)).toList();
  }

  private static int rank(FilterItem item) {
    return switch (item) {
      case Chain chain when FilterNames.isShared(chain.chain()) -> 1;
      case Chain chain -> chain.rules().stream().anyMatch(FilterNames::leadsToOurs) ? 2 : 0;
      case Jump jump -> FilterNames.isOurs(jump.chain()) ? 3 : 4;
    };
  }

  /** The text. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (String table : TABLES) {
      List<String> lines = lines(table);
      if (!lines.isEmpty()) {
        text.append('*').append(table).append('\n');
        lines.forEach(line -> text.append(line).append('\n'));
        text.append("COMMIT\n");
      }
    }
    return text.toString();
  }

  private List<String> lines(String table) {
    List<String> declared = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (FilterItem item : put) {
      if (item.table().equals(table)) {
        switch (item) {
          case Chain chain -> put(chain, declared, lines);
          case Jump jump -> lines.add("-I " + jump.chain() + " 1 " + jump.rule());
        }
      }
    }
    List<String> emptied = new ArrayList<>();
    List<String> ended = new ArrayList<>();
    for (FilterItem item : remove) {
      if (item.table().equals(table)) {
        switch (item) {
          case Chain chain -> {
            emptied.add("-F " + chain.chain());
            ended.add("-X " + chain.chain());
          }
          case Jump jump -> lines.add("-D " + jump.chain() + " " + jump.rule());
        }
      }
    }
    declared.addAll(lines);
    declared.addAll(emptied);
    declared.addAll(ended);
    return declared;
  }

  /** Declaring a chain empties it, which in one that ports share would take their rules away. */
  private void put(Chain chain, List<String> declared, List<String> lines) {
    if (FilterNames.isShared(chain.chain()) && present.get(chain.key()) instanceof Chain there) {
      there.misplaced().forEach(rule -> lines.add("-D " + chain.chain() + " " + rule));
      there.rules().forEach(rule -> lines.add("-D " + chain.chain() + " " + rule));
    } else {
      declared.add(":" + chain.chain() + " - [0:0]");
    }
    for (Rule rule : chain.rules()) {
      lines.add("-A " + chain.chain() + " " + rule);
    }
  }
}
