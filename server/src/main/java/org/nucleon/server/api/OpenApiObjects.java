package org.nucleon.server.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The objects that OpenAPI's document is made of. */
final class OpenApiObjects {

  /** The schema of what a refusal says. */
  static final String ERROR = "Error";

  private OpenApiObjects() {}

  static Map<String, Object> id() {
    return parameter("id", "path", Map.of("type", "string", "format", "uuid"), "The id.");
  }

  static Map<String, Object> parameter(
      String name, String in, Map<String, Object> schema, String about) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("in", in);
    parameter.put("description", about);
    if (in.equals("path")) {
      parameter.put("required", true);
    }
    parameter.put("schema", schema);
    return parameter;
  }

  static Map<String, Object> operation(String summary, Map<String, Object> good) {
    Map<String, Object> responses = new LinkedHashMap<>(good);
    Map<String, Object> refused = new LinkedHashMap<>();
    refused.put("description", "Refused, and nothing changed.");
    refused.put("content", json(reference(ERROR)));
    responses.put("default", refused);
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put(
        "summary", summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1));
    operation.put("responses", responses);
    return operation;
  }

  static Map<String, Object> with(Map<String, Object> operation, Map<String, Object> requestBody) {
    operation.put("requestBody", requestBody);
    return operation;
  }

  static Map<String, Object> answer(int status, Map<String, Object> schema) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("description", "Done.");
    answer.put("content", json(schema));
    return Map.of(Integer.toString(status), answer);
  }

  static Map<String, Object> nothing() {
    return Map.of("204", Map.of("description", "Done."));
  }

  static Map<String, Object> json(Map<String, Object> schema) {
    return Map.of("application/json", Map.of("schema", schema));
  }

  static Map<String, Object> content(Map<String, Object> schema) {
    return Map.of("required", true, "content", json(schema));
  }

  static Map<String, Object> listed(String name, Map<String, Object> items) {
    return object(name, Map.of("type", "array", "items", items));
  }

  static Map<String, Object> object(String name, Map<String, Object> member) {
    return Map.of("type", "object", "properties", Map.of(name, member), "required", List.of(name));
  }

  static Map<String, Object> reference(String schema) {
    return Map.of("$ref", "#/components/schemas/" + schema);
  }

  static String words(String name) {
    return name.replace('_', ' ').replace('-', ' ');
  }
}
