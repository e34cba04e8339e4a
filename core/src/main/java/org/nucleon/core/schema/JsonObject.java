package org.nucleon.core.schema;

import static org.nucleon.core.schema.InvalidValue.because;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object of known members, as value types of records do. */
public final class JsonObject {

  private final Map<?, ?> members;

  private JsonObject(Map<?, ?> members) {
    this.members = members;
  }

  /**
   * The object in {@code json}, which has only members of the given names.
   *
   * @throws InvalidValue if it is no object or has others
   */
  public static JsonObject of(Object json, Set<String> known) throws InvalidValue {
    if (!(json instanceof Map<?, ?> map)) {
      throw because(Values.quoted(json) + " is not a dictionary");
    }
    String unknown =
        map.keySet().stream()
            .filter(k -> !known.contains(k))
            .map(k -> Values.quoted(k))
            .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      throw because("Unexpected keys supplied: " + unknown);
    }
    return new JsonObject(map);
  }

  /** The JSON Schema of an object that has members of these types and no others. */
  public static Map<String, Object> schema(Map<String, ValueType<?>> members) {
    Map<String, Object> properties = new TreeMap<>();
    members.forEach((name, type) -> properties.put(name, type.schema()));
    return Map.of("type", "object", "properties", properties, "additionalProperties", false);
  }

  /** Whether the member is there, null included. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** The member's value; null if it is absent or null. */
  public <T> @Nullable T optional(String name, ValueType<T> type) throws InvalidValue {
    Object json = members.get(name);
    return json == null ? null : type.parse(json);
  }

  /**
   * The member's value.
   *
   * @throws InvalidValue if it is absent or null
   */
  public <T> T required(String name, ValueType<T> type) throws InvalidValue {
    Object json = members.get(name);
    if (json == null) {
      throw because("'" + name + "' is required");
    }
    return type.parse(json);
  }
}
