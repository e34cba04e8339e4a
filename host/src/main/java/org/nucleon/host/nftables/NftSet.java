package org.nucleon.host.nftables;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named set, or a map if it has a type of values.
 *
 * @param name unique in its table; not a word of nft's language
 * @param key what its keys are
 * @param value what its values are; null for a set
 * @param intervals whether keys may be networks
 * @param elements by key; each with a value in a map, none with one in a set
 */
public record NftSet(
    String name,
    DataType key,
    @Nullable DataType value,
    boolean intervals,
    Map<Data, Optional<Data>> elements) {
  /**
   * Checks the name and the values, and copies the map.
   *
   * @throws IllegalArgumentException if an element of a map lacks a value, or one of a set has one
   */
  public NftSet {
    Identifier.check(name);
    elements = Map.copyOf(elements);
    boolean map = value != null;
    if (elements.values().stream().anyMatch(to -> to.isPresent() != map)) {
      throw new IllegalArgumentException("values are for maps: " + name);
    }
  }

  /** A set of single values. */
  public static NftSet set(String name, DataType key, Collection<? extends Data> elements) {
    return new NftSet(name, key, null, false, keys(elements));
  }

  /** A set of networks, which must not overlap. */
  public static NftSet networks(String name, DataType key, Collection<Data.Network> elements) {
    return new NftSet(name, key, null, true, keys(elements));
  }

  /** A map from single values. */
  public static NftSet map(
      String name, DataType key, DataType value, Map<? extends Data, ? extends Data> elements) {
    Map<Data, Optional<Data>> typed = new LinkedHashMap<>();
    elements.forEach((from, to) -> typed.put(from, Optional.of(to)));
    return new NftSet(name, key, value, false, typed);
  }

  private static Map<Data, Optional<Data>> keys(Collection<? extends Data> elements) {
    Map<Data, Optional<Data>> typed = new LinkedHashMap<>();
    elements.forEach(element -> typed.put(element, Optional.empty()));
    return typed;
  }

  /** The elements as nft writes them, empty values in a set. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    elements.forEach((from, to) -> texts.put(from.text(), to.map(Data::text).orElse("")));
    return texts;
  }

  /** {@code set} or {@code map}. */
  String kind() {
    return value == null ? "set" : "map";
  }

  /** The types, to be compared with what is there. */
  String type() {
    return value == null ? key.text() : key.text() + " : " + value.text();
  }
}
