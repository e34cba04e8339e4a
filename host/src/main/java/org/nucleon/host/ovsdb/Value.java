package org.nucleon.host.ovsdb;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A column's value (RFC 7047 section 5.1): an atom, a set or a map. Canonical: a set of one is its
 * atom, so that equal content is equal whichever way the server writes it.
 */
public sealed interface Value {
  /** A value that is not made of others. */
  sealed interface Atom extends Value {}

  /** A string. */
  record Text(String value) implements Atom {}

  /** An integer. */
  record Int(long value) implements Atom {}

  /** A real number. */
  record Real(double value) implements Atom {}

  /** A boolean. */
  record Bool(boolean value) implements Atom {}

  /** A reference to a row. */
  record Uuid(UUID value) implements Atom {}

  /** A reference to a row that the same transaction inserts under this name. */
  record Named(String name) implements Atom {}

  /** A set of no or of several atoms; a set of one is the atom itself. */
  record Many(Set<Atom> atoms) implements Value {
    /** Takes a copy; refuses a set of one. */
    public Many {
      atoms = Set.copyOf(atoms);
      if (atoms.size() == 1) {
        throw new IllegalArgumentException("a set of one is its atom");
      }
    }
  }

  /** A map. */
  record Dictionary(Map<Atom, Atom> entries) implements Value {
    /** Takes a copy. */
    public Dictionary {
      entries = Map.copyOf(entries);
    }
  }

  /** The empty set. */
  static Value none() {
    return new Many(Set.of());
  }

  /** A string. */
  static Value of(String value) {
    return new Text(value);
  }

  /** An integer. */
  static Value of(long value) {
    return new Int(value);
  }

  /** A boolean. */
  static Value of(boolean value) {
    return new Bool(value);
  }

  /** A reference to a row. */
  static Value of(UUID value) {
    return new Uuid(value);
  }

  /** A map of strings. */
  static Value of(Map<String, String> entries) {
    var atoms = new LinkedHashMap<Atom, Atom>();
    entries.forEach((key, value) -> atoms.put(new Text(key), new Text(value)));
    return new Dictionary(atoms);
  }

  /** A set of strings. */
  static Value texts(Collection<String> values) {
    return set(values.stream().map(Text::new).collect(Collectors.toSet()));
  }

  /** A set of atoms. */
  static Value set(Collection<? extends Atom> atoms) {
    var distinct = new LinkedHashSet<Atom>(atoms);
    return distinct.size() == 1 ? distinct.getFirst() : new Many(distinct);
  }

  /**
   * This value as a set of atoms: itself alone if it is an atom.
   *
   * @throws IllegalStateException if it is a map
   */
  default Set<Atom> asSet() {
    return switch (this) {
      case Atom atom -> Set.of(atom);
      case Many(Set<Atom> atoms) -> atoms;
      case Dictionary map -> throw new IllegalStateException("not a set: " + map);
    };
  }
}
