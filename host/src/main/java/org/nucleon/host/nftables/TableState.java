package org.nucleon.host.nftables;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel has of a table, as far as it is compared.
 *
 * @param chains by name
 * @param sets sets and maps, by name; unnamed ones inside rules are not among them
 */
public record TableState(Map<String, ChainState> chains, Map<String, SetState> sets) {
  static final TableState EMPTY = new TableState(Map.of(), Map.of());

  /** Copies the maps. */
  public TableState {
    chains = Map.copyOf(chains);
    sets = Map.copyOf(sets);
  }

  /**
   * A chain.
   *
   * @param hook null if it has none, or one that has no type here
   * @param rules the comments of its rules in order, empty for a rule without one
   */
  public record ChainState(@Nullable Hook hook, List<String> rules) {
    /** Copies the list. */
    public ChainState {
      rules = List.copyOf(rules);
    }
  }

  /**
   * A set or map.
   *
   * @param map whether it is a map
   * @param type as nft writes it: {@code ipv4_addr : ipv4_addr}
   * @param intervals whether keys may be networks
   * @param elements by key; values are empty in a set
   */
  public record SetState(
      boolean map, String type, boolean intervals, Map<String, String> elements) {
    /** Copies the map. */
    public SetState {
      elements = Map.copyOf(elements);
    }
  }
}
