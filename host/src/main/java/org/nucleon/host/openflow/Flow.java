package org.nucleon.host.openflow;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One entry of a bridge's flow tables. Without timeouts; two flows are equal exactly when the
 * switch would treat them alike.
 *
 * @param table 0 to 254
 * @param priority 0 to 65535, the highest that matches wins
 * @param match which packets
 * @param actions what is done with them, in order; none drops
 * @param cookie whose flow it is, 64 bits of the owner's choice
 */
public record Flow(int table, int priority, Match match, List<Action> actions, long cookie) {
  /**
   * What makes a flow the same flow: a table holds one of each.
   *
   * @param table 0 to 254
   * @param priority 0 to 65535
   * @param match which packets
   */
  public record Key(int table, int priority, Match match) {}

  /** Takes a copy of the list; refuses numbers out of range and a goto that is not the last. */
  public Flow {
    if (table < 0 || table > 254 || priority < 0 || priority > 0xffff) {
      throw new IllegalArgumentException("table " + table + ", priority " + priority);
    }
    actions = List.copyOf(actions);
    for (int i = 0; i < actions.size() - 1; i++) {
      if (actions.get(i) instanceof Action.GotoTable) {
        throw new IllegalArgumentException("actions behind a goto: " + actions);
      }
    }
  }

  /** The flow's place in its table. */
  public Key key() {
    return new Key(table, priority, match);
  }

  /** In the syntax of ovs-ofctl, tables by number. */
  @Override
  public String toString() {
    return toString(Integer::toString);
  }

  /** In the syntax of ovs-ofctl, tables by the names that {@code tables} gives them. */
  public String toString(IntFunction<String> tables) {
    String conditions = match.toString();
    return (cookie == 0 ? "" : "cookie=0x" + Long.toHexString(cookie) + ", ")
        + "table="
        + tables.apply(table)
        + ", priority="
        + priority
        + (conditions.isEmpty() ? "" : "," + conditions)
        + " actions="
        + ActionText.of(actions, tables);
  }
}
