package org.nucleon.ml2.server;

import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import org.nucleon.core.feature.Option;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Transaction;

/**
 * A range of segmentation ids that tenants' networks are given.
 *
 * @param scope a physical network, empty for overlays
 * @param first the first id
 * @param last the last id; below {@code first} for an empty range
 */
record NumberRange(String scope, int first, int last) {

  /** Reads {@code physnet} or {@code physnet:min:max}. */
  static NumberRange ofPhysicalNetwork(Option<?> option, String text, int min, int max) {
    String[] parts = text.split(":", -1);
    if (parts.length == 1 && !parts[0].isBlank()) {
      return new NumberRange(parts[0], 1, 0);
    }
    if (parts.length == 3 && !parts[0].isBlank()) {
      return checked(option, text, parts[0], parts[1], parts[2], min, max);
    }
    throw new IllegalArgumentException(option + ": physnet:min:max expected, not " + text);
  }

  /** Reads {@code min:max}. */
  static NumberRange of(Option<?> option, String text, int min, int max) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(option + ": min:max expected, not " + text);
    }
    return checked(option, text, "", parts[0], parts[1], min, max);
  }

  private static NumberRange checked(
      Option<?> option, String text, String scope, String from, String to, int min, int max) {
    try {
      int first = Integer.parseInt(from.strip());
      int last = Integer.parseInt(to.strip());
      if (min <= first && first <= last && last <= max) {
        return new NumberRange(scope, first, last);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + ": no numbers in " + text, e);
    }
    throw new IllegalArgumentException(
        option + ": " + text + " is not within " + min + " to " + max);
  }

  Optional<Integer> claimFirstFree(Transaction tx, UUID network, LongFunction<Claim> claim) {
    long position =
        tx.claimFirstFree(offset -> claim.apply(first + offset), last - first + 1L, network);
    return position < 0 ? Optional.empty() : Optional.of((int) (first + position));
  }
}
