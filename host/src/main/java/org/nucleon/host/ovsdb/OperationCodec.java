package org.nucleon.host.ovsdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Operations and their results in the JSON of RFC 7047 section 5.2. */
final class OperationCodec {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OperationCodec() {}

  static ArrayNode encode(String database, List<Operation> operations) {
    ArrayNode params = JSON.arrayNode().add(database);
    operations.forEach(operation -> params.add(encode(operation)));
    return params;
  }

  private static ObjectNode encode(Operation operation) {
    ObjectNode json = JSON.objectNode();
    switch (operation) {
      case Operation.Insert(String table, Map<String, Value> row, String name) -> {
        json.put("op", "insert").put("table", table).set("row", ValueCodec.encode(row));
        if (name != null) {
          json.put("uuid-name", name);
        }
      }
      case Operation.Select(String table, List<Condition> where, List<String> columns) -> {
        json.put("op", "select").put("table", table).set("where", conditions(where));
        if (!columns.isEmpty()) {
          json.set("columns", strings(columns).add("_uuid"));
        }
      }
      case Operation.Update(String table, List<Condition> where, Map<String, Value> row) ->
          json.put("op", "update")
              .put("table", table)
              .set("where", conditions(where))
              .set("row", ValueCodec.encode(row));
      case Operation.Mutate(String table, List<Condition> where, List<Mutation> mutations) ->
          json.put("op", "mutate")
              .put("table", table)
              .set("where", conditions(where))
              .set("mutations", mutations(mutations));
      case Operation.Delete(String table, List<Condition> where) ->
          json.put("op", "delete").put("table", table).set("where", conditions(where));
      case Operation.Wait wait -> {
        ArrayNode rows = JSON.arrayNode();
        wait.rows().forEach(row -> rows.add(ValueCodec.encode(row)));
        json.put("op", "wait").put("table", wait.table()).put("timeout", 0);
        json.put("until", wait.equal() ? "==" : "!=").set("where", conditions(wait.where()));
        json.set("columns", strings(wait.columns()));
        json.set("rows", rows);
      }
      case Operation.Comment(String text) -> json.put("op", "comment").put("comment", text);
      case Operation.Assert(String lock) -> json.put("op", "assert").put("lock", lock);
    }
    return json;
  }

  static ArrayNode conditions(List<Condition> where) {
    ArrayNode all = JSON.arrayNode();
    for (Condition one : where) {
      all.addArray().add(one.column()).add(one.function()).add(ValueCodec.encode(one.value()));
    }
    return all;
  }

  private static ArrayNode mutations(List<Mutation> mutations) {
    ArrayNode all = JSON.arrayNode();
    for (Mutation one : mutations) {
      all.addArray().add(one.column()).add(one.mutator()).add(ValueCodec.encode(one.value()));
    }
    return all;
  }

  static ArrayNode strings(List<String> texts) {
    ArrayNode all = JSON.arrayNode();
    texts.forEach(all::add);
    return all;
  }

  /**
   * Reads the results of a transaction of {@code count} operations.
   *
   * @throws OvsdbException if it failed
   */
  static List<Result> results(JsonNode json, int count) {
    for (int i = 0; i < json.size(); i++) {
      JsonNode error = json.get(i).get("error");
      if (error != null) {
        throw new OvsdbException(i, error.asString(), text(json.get(i), "details"));
      }
    }
    var results = new ArrayList<Result>();
    for (int i = 0; i < count; i++) {
      results.add(result(json.get(i)));
    }
    return results;
  }

  private static Result result(JsonNode json) {
    JsonNode count = json.get("count");
    JsonNode uuid = json.get("uuid");
    JsonNode rows = json.get("rows");
    var found = new ArrayList<Row>();
    if (rows != null) {
      for (JsonNode row : rows) {
        found.add(new Row(uuid(row.get("_uuid")), ValueCodec.decodeRow(row)));
      }
    }
    return new Result(
        count == null ? 0 : count.longValue(), uuid == null ? null : uuid(uuid), found);
  }

  private static UUID uuid(JsonNode json) {
    return UUID.fromString(json.get(1).stringValue());
  }

  private static @Nullable String text(JsonNode json, String property) {
    JsonNode value = json.get(property);
    return value == null ? null : value.asString();
  }
}
