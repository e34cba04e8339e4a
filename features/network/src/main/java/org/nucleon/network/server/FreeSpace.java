package org.nucleon.network.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.nucleon.core.net.IpPrefix;

/**
 * What of some prefixes nobody has, as the largest blocks that it makes up, in order.
 *
 * @param blocks none overlaps another
 */
record FreeSpace(List<IpPrefix> blocks) {

  /** What is left of prefixes. */
  static FreeSpace of(Collection<IpPrefix> prefixes, Collection<IpPrefix> taken) {
    NavigableSet<IpPrefix> outermost = new TreeSet<>();
    for (IpPrefix one : new TreeSet<>(taken)) { // what holds others comes before them
      if (outermost.isEmpty() || !outermost.last().overlaps(one)) {
        outermost.add(one);
      }
    }
    List<IpPrefix> blocks = new ArrayList<>();
    compact(prefixes).forEach(prefix -> collect(prefix, outermost, blocks));
    return new FreeSpace(List.copyOf(blocks));
  }

  private static void collect(IpPrefix prefix, NavigableSet<IpPrefix> taken, List<IpPrefix> free) {
    IpPrefix before = taken.floor(prefix);
    if (before != null && before.overlaps(prefix)) {
      return;
    }
    IpPrefix inside = taken.higher(prefix);
    if (inside == null || !inside.overlaps(prefix)) {
      free.add(prefix);
      return;
    }
    collect(half(prefix, false), taken, free);
    collect(half(prefix, true), taken, free);
  }

  private static IpPrefix half(IpPrefix prefix, boolean upper) {
    int length = prefix.length() + 1;
    return IpPrefix.containing(upper ? prefix.last() : prefix.address(), length);
  }

  /** The same addresses in as few prefixes as can be, in order. */
  static List<IpPrefix> compact(Collection<IpPrefix> prefixes) {
    List<IpPrefix> result = new ArrayList<>();
    for (IpPrefix prefix : new TreeSet<>(prefixes)) {
      if (result.isEmpty() || !result.getLast().overlaps(prefix)) {
        result.add(prefix);
        joinLast(result);
      }
    }
    return List.copyOf(result);
  }

  private static void joinLast(List<IpPrefix> prefixes) {
    while (prefixes.size() > 1) {
      IpPrefix last = prefixes.getLast();
      IpPrefix other = prefixes.get(prefixes.size() - 2);
      if (last.length() != other.length()
          || last.length() == 0
          || last.version() != other.version()
          || !IpPrefix.containing(other.address(), last.length() - 1).contains(last.address())) {
        return;
      }
      prefixes.subList(prefixes.size() - 2, prefixes.size()).clear();
      prefixes.add(IpPrefix.containing(other.address(), last.length() - 1));
    }
  }

  /** Whether all of a block is free. */
  boolean contains(IpPrefix block) {
    return blocks.stream().anyMatch(free -> holds(free, block));
  }

  /** Whether one prefix holds all of another. */
  static boolean holds(IpPrefix outer, IpPrefix inner) {
    return outer.length() <= inner.length() && outer.contains(inner.address());
  }

  /** The first block of a size, from where it leaves the least over. */
  Optional<IpPrefix> first(int length) {
    return blocks.stream()
        .filter(free -> free.length() <= length)
        .max(
            Comparator.comparingInt(IpPrefix::length)
                .thenComparing(Comparator.<IpPrefix>naturalOrder().reversed()))
        .map(free -> IpPrefix.containing(free.address(), length));
  }
}
