package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.json.Json;

/** The pages of the API reference: a function of the {@link OpenApi} document alone. */
public final class ApiReference {

  private static final String INTRODUCTION =
      """
      # API reference

      Made from `/openapi.json` by `./nucleon openapi --markdown`; a test holds it against the declarations.

      Bodies are JSON objects with one member, the resource's name: `{"port": {...}}`, or its plural for lists and for several created
      at once, all or none. Requests carry Keystone's token in `X-Auth-Token`. Lists take the filters named, each repeatable, `fields`,
      `sort_key` and `sort_dir`, `limit`, `marker` and `page_reverse`. A PUT, DELETE or action with `If-Match: revision_number=N` is
      refused with 412 unless the resource is at that revision.

      | Status | When |
      |---|---|
      | 200, 201, 204 | done; 201 for what was created, 204 without a body |
      | 400 | the request is malformed, or a value is not what its attribute takes |
      | 401 | no token, or one that Keystone does not know |
      | 403 | the policy forbids it |
      | 404 | it does not exist, or is not the caller's to see |
      | 409 | it is in use, is there already, or a quota is reached |
      | 412 | another revision than `If-Match` names |
      | 413, 415 | a body too large; one that is not `application/json` |
      | 503 | the database or Keystone does not answer; `Retry-After` says when to try again |

      An error's body is `{"NeutronError": {"type": ..., "message": ..., "detail": ...}}`; nothing is changed then.
      "Policy" names who may set an attribute, or see it, where that is not everyone who may do so with the resource.
      """;

  private final Map<?, ?> schemas;
  private final StringBuilder out = new StringBuilder(INTRODUCTION);

  private ApiReference(Map<?, ?> schemas) {
    this.schemas = schemas;
  }

  /**
   * The reference as Markdown.
   *
   * @param document as {@link OpenApi#document} has it
   */
  public static String markdown(Map<?, ?> document) {
    ApiReference reference = new ApiReference(map(map(document.get("components")).get("schemas")));
    Map<String, Map<String, Map<?, ?>>> collections = new TreeMap<>();
    Map<?, ?> paths = map(document.get("paths"));
    paths.forEach((path, item) ->
        collections
            .computeIfAbsent(page((String) path, paths), c -> new LinkedHashMap<>())
            .put((String) path, map(item)));
    collections.forEach(reference::collection);
    return reference.out.toString();
  }

  private static Map<?, ?> map(@Nullable Object json) {
    return json instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }

  /** The collection whose page a path is described on. */
  private static String page(String path, Map<?, ?> paths) {
    for (String some = path; some.contains("/{"); some = some.substring(0, some.lastIndexOf('/'))) {
      if (makesParts(map(paths.get(some)))) {
        return some;
      }
    }
    int below = path.indexOf("/{");
    return below < 0 ? path : path.substring(0, below);
  }

  /** Whether a path below one resource is a collection of resources that are made there. */
  private static boolean makesParts(Map<?, ?> item) {
    String schema = schema(map(item.get("get")));
    String post = Json.text(map(item.get("post")));
    return !schema.isEmpty() && post.contains("/" + schema + "Create\"");
  }

  private void collection(String path, Map<String, Map<?, ?>> paths) {
    String title = path.substring(path.lastIndexOf('/') + 1).replace('-', ' ').replace('_', ' ');
    out.append("\n## ")
        .append(title.substring(0, 1).toUpperCase(Locale.ROOT))
        .append(title.substring(1))
        .append("\n\n");
    String schema = schema(map(map(paths.get(path)).get("get")));
    Object about = map(schemas.get(schema)).get("description");
    if (about != null) {
      out.append(about).append("\n\n");
    }
    out.append("| Request | |\n|---|---|\n");
    paths.forEach((url, item) -> operations(url, item));
    attributes(schema);
    filters(map(map(paths.get(path)).get("get")));
  }

  private void operations(String url, Map<?, ?> item) {
    for (String method : List.of("get", "post", "put", "delete")) {
      if (item.get(method) instanceof Map<?, ?> operation) {
        row(
            "`" + method.toUpperCase(Locale.ROOT) + " " + url + "`",
            text(operation.get("summary")));
      }
    }
  }

  /** The name of the schema of what a list's rows are; empty if it has none. */
  private static String schema(Map<?, ?> get) {
    Map<?, ?> ok = map(map(get.get("responses")).get("200"));
    Map<?, ?> body = map(map(map(ok.get("content")).get("application/json")).get("schema"));
    for (Object property : map(body.get("properties")).values()) {
      if (map(map(property).get("items")).get("$ref") instanceof String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
      }
    }
    return "";
  }

  private void attributes(String schema) {
    Map<?, ?> shown = properties(schema);
    Map<?, ?> created = properties(schema + "Create");
    Map<?, ?> updated = properties(schema + "Update");
    List<?> required = list(map(schemas.get(schema + "Create")).get("required"));
    Map<Object, Object> all = new LinkedHashMap<>(shown);
    created.forEach(all::putIfAbsent);
    updated.forEach(all::putIfAbsent);
    if (all.isEmpty()) {
      return;
    }
    out.append("\n| Attribute | Type | POST | PUT | Policy | |\n|---|---|---|---|---|---|\n");
    all.forEach((name, described) ->
        row(
            "`" + name + "`" + (shown.containsKey(name) ? "" : " (not shown)"),
            type(map(described)),
            created.containsKey(name)
                ? onCreate(map(created.get(name)), required.contains(name))
                : "",
            updated.containsKey(name) ? "may" : "",
            policy(map(shown.get(name)), map(created.get(name)), map(updated.get(name))),
            text(map(described).get("description")) + extension(map(described))));
  }

  private Map<?, ?> properties(String schema) {
    return map(map(schemas.get(schema)).get("properties"));
  }

  private static String onCreate(Map<?, ?> described, boolean required) {
    if (required) {
      return "must";
    }
    Object value = described.get("default");
    return value == null ? "may" : "may; `" + Json.text(value) + "`";
  }

  private static String policy(Map<?, ?> shown, Map<?, ?> created, Map<?, ?> updated) {
    List<String> rules = new ArrayList<>();
    Object see = shown.get(OpenApiSchemas.POLICY);
    Object create = created.get(OpenApiSchemas.POLICY);
    Object update = updated.get(OpenApiSchemas.POLICY);
    if (see != null) {
      rules.add("see: `" + see + "`");
    }
    if (create != null && create.equals(update)) {
      rules.add("set: `" + create + "`");
    } else {
      if (create != null) {
        rules.add("POST: `" + create + "`");
      }
      if (update != null) {
        rules.add("PUT: `" + update + "`");
      }
    }
    return String.join("; ", rules);
  }

  private static String extension(Map<?, ?> described) {
    Object alias = described.get("x-openstack-extension");
    return alias == null ? "" : " (`" + alias + "`)";
  }

  private static String type(Map<?, ?> schema) {
    if (schema.get("anyOf") instanceof List<?> any) {
      return any.stream().map(one -> type(map(one))).distinct().collect(Collectors.joining(" or "));
    }
    if (schema.get("enum") instanceof List<?> values) {
      return values.stream().map(Json::text).collect(Collectors.joining(", "));
    }
    String type =
        schema.get("type") instanceof List<?> types
            ? types.stream().map(String::valueOf).collect(Collectors.joining(" or "))
            : (schema.get("type") == null ? "any" : text(schema.get("type")));
    if (type.equals("array")) {
      return "list of " + type(map(schema.get("items")));
    }
    return type + bounds(schema);
  }

  private static String bounds(Map<?, ?> schema) {
    StringBuilder bounds = new StringBuilder();
    if (schema.get("format") != null) {
      bounds.append(", ").append(schema.get("format"));
    }
    if (schema.get("minimum") != null || schema.get("maximum") != null) {
      bounds
          .append(", ")
          .append(text(schema.get("minimum")))
          .append("..")
          .append(text(schema.get("maximum")));
    }
    if (schema.get("maxLength") != null) {
      bounds.append(", up to ").append(schema.get("maxLength")).append(" characters");
    }
    return bounds.toString();
  }

  private void filters(Map<?, ?> get) {
    List<String> filters = new ArrayList<>();
    List<String> sorted = new ArrayList<>();
    for (Object one : list(get.get("parameters"))) {
      Map<?, ?> parameter = map(one);
      String name = text(parameter.get("name"));
      Map<?, ?> items = map(map(parameter.get("schema")).get("items"));
      if (name.equals("sort_key")) {
        list(items.get("enum")).forEach(key -> sorted.add("`" + key + "`"));
      } else if (!OpenApiPaths.LIST_PARAMETERS.contains(name)) {
        filters.add("`" + name + "`");
      }
    }
    if (!filters.isEmpty()) {
      out.append("\nFilters: ").append(String.join(", ", filters)).append(".\n");
    }
    if (!sorted.isEmpty()) {
      out.append("\nSorted by: ").append(String.join(", ", sorted)).append(".\n");
    }
  }

  private void row(String... cells) {
    out.append("| ");
    for (String cell : cells) {
      out.append(cell.replace("|", "\\|").replace("\n", " ")).append(" | ");
    }
    out.setLength(out.length() - 1);
    out.append('\n');
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }
}
