package org.nucleon.host.nftables;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain of rules.
 *
 * @param name unique in its table; not a word of nft's language
 * @param hook where packets enter it; null if only other chains jump to it
 * @param rules in order
 */
public record NftChain(String name, @Nullable Hook hook, List<NftRule> rules) {
  /** Checks the name and copies the list. */
  public NftChain {
    Identifier.check(name);
    rules = List.copyOf(rules);
  }

  /** The hashes of its rules, as they are found in the kernel. */
  List<String> hashes() {
    return rules.stream().map(NftRule::hash).toList();
  }
}
