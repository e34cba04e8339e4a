package org.nucleon.host.ovsdb;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.host.ovsdb.Value.Atom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values in the JSON of RFC 7047 section 5.1. */
final class ValueCodec {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ValueCodec() {}

  static JsonNode encode(Value value) {
    return switch (value) {
      case Value.Text(String text) -> JSON.stringNode(text);
      case Value.Int(long number) -> JSON.numberNode(number);
      case Value.Real(double number) -> JSON.numberNode(number);
      case Value.Bool(boolean flag) -> JSON.booleanNode(flag);
      case Value.Uuid(UUID uuid) -> JSON.arrayNode().add("uuid").add(uuid.toString());
      case Value.Named(String name) -> JSON.arrayNode().add("named-uuid").add(name);
      case Value.Many(Set<Atom> atoms) -> {
        ArrayNode members = JSON.arrayNode();
        atoms.forEach(atom -> members.add(encode(atom)));
        yield JSON.arrayNode().add("set").add(members);
      }
      case Value.Dictionary(Map<Atom, Atom> entries) -> {
        ArrayNode pairs = JSON.arrayNode();
        entries.forEach(
            (key, entry) -> pairs.add(JSON.arrayNode().add(encode(key)).add(encode(entry))));
        yield JSON.arrayNode().add("map").add(pairs);
      }
    };
  }

  static ObjectNode encode(Map<String, Value> row) {
    ObjectNode object = JSON.objectNode();
    row.forEach((column, value) -> object.set(column, encode(value)));
    return object;
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Value decode(JsonNode json) {
    if (json.isArray() && json.size() == 2 && json.get(0).isString()) {
      JsonNode content = json.get(1);
      switch (json.get(0).stringValue()) {
        case "set" -> {
          var atoms = new HashSet<Atom>();
          content.forEach(member -> atoms.add(atom(member)));
          return Value.set(atoms);
        }
        case "map" -> {
          var entries = new LinkedHashMap<Atom, Atom>();
          content.forEach(pair -> entries.put(atom(pair.get(0)), atom(pair.get(1))));
          return new Value.Dictionary(entries);
        }
        default -> {}
      }
    }
    return atom(json);
  }

  static Map<String, Value> decodeRow(JsonNode json) {
    var row = new LinkedHashMap<String, Value>();
    json.properties().forEach(entry -> row.put(entry.getKey(), decode(entry.getValue())));
    return row;
  }

  private static Atom atom(JsonNode json) {
    if (json.isString()) {
      return new Value.Text(json.stringValue());
    } else if (json.isIntegralNumber()) {
      return new Value.Int(json.longValue());
    } else if (json.isNumber()) {
      return new Value.Real(json.doubleValue());
    } else if (json.isBoolean()) {
      return new Value.Bool(json.booleanValue());
    } else if (json.isArray() && json.size() == 2 && json.get(1).isString()) {
      String text = json.get(1).stringValue();
      return switch (json.get(0).stringValue()) {
        case "uuid" -> new Value.Uuid(UUID.fromString(text));
        case "named-uuid" -> new Value.Named(text);
        default -> throw new IllegalArgumentException("not an atom: " + json);
      };
    }
    throw new IllegalArgumentException("not an atom: " + json);
  }
}
