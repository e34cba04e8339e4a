package org.nucleon.server.watch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;

/**
 * What the reader of a watch knows of resources. One that skipped what it does not know would see a
 * rule without its remote group, that is, a rule for everybody.
 */
public final class Knowledge {

  private final Map<String, Set<String>> attributes;

  private Knowledge(Map<String, Set<String>> attributes) {
    this.attributes = attributes;
  }

  /** Of a reader that does not act on what it reads. */
  static Knowledge everything() {
    return new Knowledge(Map.of());
  }

  /**
   * Reads what an agent says that it knows: type to names of attributes. A type that is missing is
   * none that it acts on.
   */
  public static Knowledge of(@Nullable Object json) {
    Map<String, Set<String>> attributes = new HashMap<>();
    if (json instanceof Map<?, ?> types) {
      types.forEach((type, names) -> {
        if (names instanceof List<?> list) {
          attributes.put(
              String.valueOf(type), list.stream().map(String::valueOf).collect(Collectors.toSet()));
        }
      });
    }
    return new Knowledge(attributes);
  }

  /** The attributes that are set, matter, and are unknown to the reader. */
  public List<String> unknown(Resource resource) {
    Set<String> known = attributes.get(resource.type().name());
    return known == null
        ? List.of()
        : resource.layout().stored().stream()
            .filter(attribute -> !known.contains(attribute.name()))
            .filter(attribute -> !attribute.isIgnorable() && isSet(resource, attribute))
            .map(Attribute::name)
            .toList();
  }

  /** A document from before the attribute says the same as one with the value for absence. */
  private static <T> boolean isSet(Resource resource, Attribute<T> attribute) {
    T value = resource.value(attribute);
    return value != null && !value.equals(attribute.absent());
  }
}
