package org.nucleon.core.state;

import java.util.Comparator;
import java.util.UUID;

/** The order of keys in pictures: ids by their text, everything else by its own order. */
final class Ids {

  private Ids() {}

  static int compare(UUID a, UUID b) {
    int upper = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return upper != 0
        ? upper
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }

  /** Orders the keys of one index, which are all of one class. */
  @SuppressWarnings("unchecked")
  static final Comparator<Object> KEYS =
      (a, b) ->
          a instanceof UUID first && b instanceof UUID second
              ? compare(first, second)
              : ((Comparable<Object>) a).compareTo(b);
}
