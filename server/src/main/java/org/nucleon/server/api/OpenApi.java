package org.nucleon.server.api;

import static org.nucleon.server.api.OpenApiObjects.ERROR;
import static org.nucleon.server.api.OpenApiObjects.answer;
import static org.nucleon.server.api.OpenApiObjects.content;
import static org.nucleon.server.api.OpenApiObjects.listed;
import static org.nucleon.server.api.OpenApiObjects.nothing;
import static org.nucleon.server.api.OpenApiObjects.object;
import static org.nucleon.server.api.OpenApiObjects.operation;
import static org.nucleon.server.api.OpenApiObjects.parameter;
import static org.nucleon.server.api.OpenApiObjects.words;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.json.Json;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Visibility;

/** The API's description in OpenAPI 3.1, as the declarations have it and nothing beside them. */
public final class OpenApi {

  private final Catalog catalog;
  private final OpenApiPaths resources;
  private final List<ComputedCollection> computed;
  private byte @Nullable [] bytes;

  /**
   * Describes what a catalog declares, and what else features serve.
   *
   * @param actions what a PUT below a resource does, by type and name
   */
  public OpenApi(
      Catalog catalog,
      Map<ResourceType, Map<String, Action>> actions,
      Map<ResourceType, Map<String, SubCollection>> below,
      List<ComputedCollection> computed) {
    this.catalog = catalog;
    this.resources = new OpenApiPaths(actions, below);
    this.computed = computed;
  }

  /** The document as JSON text in UTF-8, the same at all times. */
  synchronized byte[] bytes() {
    byte[] made = bytes;
    if (made == null) {
      made = Json.bytes(document());
      bytes = made;
    }
    return made;
  }

  /** The whole document as JSON. */
  public Map<String, Object> document() {
    Map<String, Object> paths = new LinkedHashMap<>();
    Map<String, Object> schemas = new LinkedHashMap<>();
    schemas.put(ERROR, error());
    for (Layout layout : catalog.layouts()) {
      if (layout.type().visibility() != Visibility.INTERNAL) {
        resources.describe(layout, paths, schemas);
      }
    }
    computed.forEach(collection -> paths.put("/v2.0/" + collection.path(), computed(collection)));
    quotas(paths);
    extensions(paths);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        Map.of(
            "title",
            "Networking API",
            "version",
            "v2.0",
            "summary",
            "OpenStack Networking, as Nucleon serves it"));
    document.put("paths", paths);
    document.put(
        "components",
        Map.of(
            "schemas",
            schemas,
            "securitySchemes",
            Map.of("token", Map.of("type", "apiKey", "in", "header", "name", "X-Auth-Token"))));
    document.put("security", List.of(Map.of("token", List.of())));
    return document;
  }

  private static void quotas(Map<String, Object> paths) {
    Map<String, Object> limits =
        Map.of(
            "type",
            "object",
            "description",
            "A limit for each type of resource; -1 for none.",
            "additionalProperties",
            Map.of("type", "integer", "minimum", -1));
    Map<String, Object> quota = object("quota", limits);
    Map<String, Object> put = operation("Sets limits of a project", answer(200, quota));
    put.put("requestBody", content(quota));
    Map<String, Object> one = new LinkedHashMap<>();
    one.put(
        "parameters",
        List.of(parameter("project_id", "path", Map.of("type", "string"), "The project.")));
    Map<String, Object> defaults = new LinkedHashMap<>(one);
    Map<String, Object> details = new LinkedHashMap<>(one);
    one.put("get", operation("Shows the limits of a project", answer(200, quota)));
    one.put("put", put);
    one.put("delete", operation("Sets a project's limits back to the defaults", nothing()));
    defaults.put("get", operation("Shows the default limits", answer(200, quota)));
    Map<String, Object> use =
        Map.of(
            "type",
            "object",
            "additionalProperties",
            Map.of("type", "object", "description", "limit, used and reserved"));
    details.put(
        "get",
        operation(
            "Shows the limits of a project and what is used", answer(200, object("quota", use))));
    paths.put(
        "/v2.0/quotas",
        Map.of(
            "get",
            operation(
                "Lists the projects that have limits of their own",
                answer(200, listed("quotas", limits)))));
    paths.put("/v2.0/quotas/{project_id}", one);
    paths.put("/v2.0/quotas/{project_id}/default", defaults);
    paths.put("/v2.0/quotas/{project_id}/details", details);
  }

  private static void extensions(Map<String, Object> paths) {
    Map<String, Object> extension = Map.of("type", "object");
    paths.put(
        "/v2.0/extensions",
        Map.of(
            "get",
            operation(
                "Lists what is here beyond the core",
                answer(200, listed("extensions", extension)))));
    Map<String, Object> one = new LinkedHashMap<>();
    one.put(
        "parameters", List.of(parameter("alias", "path", Map.of("type", "string"), "Its alias.")));
    one.put("get", operation("Shows one extension", answer(200, object("extension", extension))));
    paths.put("/v2.0/extensions/{alias}", one);
  }

  private static Map<String, Object> computed(ComputedCollection collection) {
    Map<String, Object> row = Map.of("type", "object");
    return Map.of(
        "get",
        operation(
            "Lists " + words(collection.plural()), answer(200, listed(collection.plural(), row))));
  }

  private static Map<String, Object> error() {
    Map<String, Object> text = Map.of("type", "string");
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of(
            "NeutronError",
            Map.of(
                "type",
                "object",
                "properties",
                Map.of("type", text, "message", text, "detail", text))));
  }
}
