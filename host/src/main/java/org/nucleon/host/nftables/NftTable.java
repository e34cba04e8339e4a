package org.nucleon.host.nftables;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as it should be.
 *
 * @param family which packets it sees
 * @param name unique in its family; not a word of nft's language
 * @param chains in any order
 * @param sets sets and maps, in any order
 */
public record NftTable(Family family, String name, List<NftChain> chains, List<NftSet> sets) {
  /** Checks the name and copies the lists. */
  public NftTable {
    Identifier.check(name);
    chains = List.copyOf(chains);
    sets = List.copyOf(sets);
  }

  /**
   * The commands, one transaction, that make of {@code actual} what this says: elements are added
   * and removed one by one, chains are flushed and filled again only if their rules differ. If the
   * hook of a chain or the type of a set differs, the table is replaced as a whole.
   *
   * @param actual what is there; empty for no such table
   * @return empty if nothing is to be done
   */
  public Optional<String> difference(Optional<TableState> actual) {
    return new TableDifference(this).from(actual);
  }

  /** What the kernel has once this is applied: equal to what is read then. */
  public TableState state() {
    Map<String, TableState.ChainState> chainStates = new HashMap<>();
    for (NftChain chain : chains) {
      chainStates.put(chain.name(), new TableState.ChainState(chain.hook(), chain.hashes()));
    }
    Map<String, TableState.SetState> setStates = new HashMap<>();
    for (NftSet set : sets) {
      setStates.put(
          set.name(),
          new TableState.SetState(set.value() != null, set.type(), set.intervals(), set.texts()));
    }
    return new TableState(chainStates, setStates);
  }

  /** The commands that make this table where there is none. */
  public String text() {
    return difference(Optional.empty()).orElseThrow();
  }

  /** The commands that remove this table; they fail if there is none. */
  public String removal() {
    return "delete table " + qualifiedName() + "\n";
  }

  /** Family and name. */
  String qualifiedName() {
    return family.text() + " " + name;
  }
}
