package org.nucleon.openvswitch.agent.iptables;

import java.util.Arrays;
import java.util.List;
import org.nucleon.agent.api.Item;
import org.nucleon.host.iptables.Ip;
import org.nucleon.host.iptables.Rule;

/** A part of the filter. */
public sealed interface FilterItem extends Item {

  /** The version of IP whose packets it sees. */
  Ip version();

  /** The table that it is in. */
  String table();

  /** The chain. */
  String chain();

  /**
   * A chain of ours. In one that ports share these are the rules that come after theirs.
   *
   * @param rules in order
   * @param misplaced of a chain as it was found: rules that stand before a port's, where they do
   *     not do what they are there for
   */
  record Chain(Ip version, String table, String chain, List<Rule> rules, List<Rule> misplaced)
      implements FilterItem {

    /** A chain as it should be. */
    public static Chain of(Ip version, String table, String chain, List<Rule> rules) {
      return new Chain(version, table, chain, List.copyOf(rules), List.of());
    }

    /** A chain of the table that decides. */
    public static Chain of(Ip version, String chain, List<Rule> rules) {
      return of(version, FilterNames.FILTER, chain, rules);
    }

    /** The same, of rules as iptables reads them. */
    public static Chain of(Ip version, String chain, String... rules) {
      return of(version, chain, Arrays.stream(rules).map(Rule::of).toList());
    }

    @Override
    public Object key() {
      return version.program() + " " + table + " " + chain;
    }
  }

  /**
   * One rule of a port, in a chain that ports share; or the way from one of the kernel's chains to
   * ours. Its place among others of its kind does not matter.
   */
  record Jump(Ip version, String table, String chain, Rule rule) implements FilterItem {
    @Override
    public Object key() {
      return version.program() + " " + table + " " + chain + " " + String.join(" ", rule.options());
    }
  }
}
