package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.ComputedCollection;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.json.Json;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Below;
import org.nucleon.core.schema.ResourceType.Visibility;
import org.nucleon.core.schema.Standard;

/** The API's description in OpenAPI 3.1, as the declarations have it and nothing beside them. */
public final class OpenApi {

  /** The member of an attribute's schema that names who may set it, or see it. */
  static final String POLICY = "x-openstack-policy";

  /** What every list takes beside filters. */
  static final List<String> LIST_PARAMETERS =
      List.of("sort_key", "sort_dir", "limit", "marker", "page_reverse", "fields");

  private static final String ERROR = "Error";

  private final Catalog catalog;
  private final Map<ResourceType, Map<String, Action>> actions;
  private final Map<ResourceType, Map<String, SubCollection>> below;
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
    this.actions = actions;
    this.below = below;
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
        describe(layout, paths, schemas);
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

  private void describe(Layout layout, Map<String, Object> paths, Map<String, Object> schemas) {
    ResourceType type = layout.type();
    String name = type.camelCase();
    schemas.put(name, shown(layout));
    String collection = collection(type);
    Below place = type.below();
    String member = collection + (place == null ? "/{id}" : "/{" + memberName(type, place) + "}");
    Map<String, Object> all = new LinkedHashMap<>();
    if (place != null) {
      all.put("parameters", List.of(id()));
    }
    all.put("get", list(layout, name));
    Map<String, Object> one = new LinkedHashMap<>();
    one.put(
        "parameters", place == null ? List.of(id()) : List.of(id(), memberParameter(type, place)));
    one.put("get", operation("Shows one " + words(type.name()), answer(200, wrapped(type, name))));
    Map<String, Object> creates = settable(layout, Operation.CREATE);
    if (!creates.isEmpty()) {
      schemas.put(name + "Create", creates);
      all.put(
          "post",
          with(
              operation("Creates " + words(type.plural()), answer(201, wrapped(type, name))),
              body(type, name + "Create", true)));
    }
    Map<String, Object> updates = settable(layout, Operation.UPDATE);
    if (!updates.isEmpty()) {
      schemas.put(name + "Update", updates);
      one.put(
          "put",
          with(
              operation("Changes one " + words(type.name()), answer(200, wrapped(type, name))),
              body(type, name + "Update", false)));
    }
    one.put("delete", operation("Removes one " + words(type.name()), nothing()));
    paths.put(collection, all);
    paths.put(member, one);
    if (place != null && place.aliased()) {
      paths.put("/v2.0/" + type.aliasPath() + "/{id}", alias(type, name, !updates.isEmpty()));
    }
    if (layout.attribute(Standard.TAGS).isPresent()) {
      paths.put(collection + "/{id}/tags", tags(type));
      paths.put(collection + "/{id}/tags/{tag}", tag(type));
    }
    for (String action : new TreeMap<>(actions.getOrDefault(type, Map.of())).keySet()) {
      Map<String, Object> any = Map.of("type", "object");
      Map<String, Object> put = operation(words(action), answer(200, any));
      put.put("requestBody", content(any));
      paths.put(
          member + "/" + action,
          Map.of("parameters", Objects.requireNonNull(one.get("parameters")), "put", put));
    }
    new TreeMap<>(below.getOrDefault(type, Map.of()))
        .forEach((path, sub) -> below(collection + "/{id}/" + path, sub, paths));
  }

  private static String collection(ResourceType type) {
    return type.below() == null
        ? "/v2.0/" + type.path()
        : collection(type.above()) + "/{id}/" + type.path();
  }

  /** What a path's template calls the part that it names. */
  private static String memberName(ResourceType type, Below below) {
    return below.key().equals("id") ? type.name() + "_id" : below.key();
  }

  private static Map<String, Object> memberParameter(ResourceType type, Below below) {
    return parameter(
        memberName(type, below),
        "path",
        Map.of("type", "string"),
        "Which " + words(type.name()) + ".");
  }

  /** A part that is reached without what it is a part of. */
  private static Map<String, Object> alias(ResourceType type, String schema, boolean hasUpdates) {
    String words = words(type.name());
    Map<String, Object> shown = object(type.alias(), reference(schema));
    Map<String, Object> path = new LinkedHashMap<>();
    path.put("parameters", List.of(id()));
    path.put("get", operation("Shows one " + words, answer(200, shown)));
    if (hasUpdates) {
      Map<String, Object> change = object(type.alias(), reference(schema + "Update"));
      path.put("put", with(operation("Changes one " + words, answer(200, shown)), content(change)));
    }
    path.put("delete", operation("Removes one " + words, nothing()));
    return path;
  }

  private void below(String path, SubCollection sub, Map<String, Object> paths) {
    ResourceType members = sub.members();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("parameters", List.of(id()));
    all.put(
        "get",
        operation(
            "Lists " + words(members.plural()),
            answer(200, listed(members.plural(), reference(members.camelCase())))));
    if (sub.isWritable()) {
      Map<String, Object> post =
          operation("Adds one " + words(members.name()), answer(201, Map.of()));
      post.put("requestBody", content(Map.of("type", "object")));
      all.put("post", post);
      paths.put(
          path + "/{member}",
          Map.of(
              "parameters",
              List.of(id(), parameter("member", "path", Map.of("type", "string"), "Its id.")),
              "delete",
              operation("Takes one " + words(members.name()) + " away", nothing())));
    }
    paths.put(path, all);
  }

  private Map<String, Object> shown(Layout layout) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Attribute<?> attribute : layout.attributes()) {
      if (!attribute.isHidden()) {
        properties.put(attribute.name(), restricted(attribute.readAccess(), described(attribute)));
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", layout.type().about());
    schema.put("type", "object");
    schema.put("properties", properties);
    return schema;
  }

  private static Map<String, Object> settable(Layout layout, Operation operation) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Attribute<?> attribute : layout.attributes()) {
      if (attribute.isSettable(operation)) {
        Map<String, Object> described =
            restricted(attribute.writeAccess(operation), described(attribute));
        if (operation == Operation.CREATE && !attribute.isRequired()) {
          defaulted(attribute, described);
        }
        properties.put(attribute.name(), described);
        if (operation == Operation.CREATE && attribute.isRequired()) {
          required.add(attribute.name());
        }
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (properties.isEmpty()) {
      return schema;
    }
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("additionalProperties", false);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static <T> void defaulted(Attribute<T> attribute, Map<String, Object> described) {
    @Nullable T value = attribute.defaultValue();
    if (value != null) {
      described.put("default", attribute.type().render(value));
    }
  }

  private static Map<String, Object> described(Attribute<?> attribute) {
    Map<String, Object> schema = new LinkedHashMap<>(attribute.type().schema());
    if (attribute.isNullable()) {
      Map<String, Object> value = Map.copyOf(schema);
      schema.clear();
      schema.put("anyOf", List.of(value, Map.of("type", "null")));
    }
    schema.put("description", attribute.about() + " " + sentence(attribute.type().about()));
    Extension extension = attribute.extension();
    if (extension != null) {
      schema.put("x-openstack-extension", extension.alias());
    }
    return schema;
  }

  private static Map<String, Object> restricted(Access access, Map<String, Object> described) {
    if (access.restricts()) {
      described.put(POLICY, access.rule());
    }
    return described;
  }

  private static String sentence(String about) {
    return about.substring(0, 1).toUpperCase(Locale.ROOT) + about.substring(1) + ".";
  }

  private Map<String, Object> list(Layout layout, String name) {
    List<Object> parameters = new ArrayList<>();
    List<String> sorted = new ArrayList<>();
    for (Attribute<?> attribute : layout.attributes()) {
      if (attribute.isHidden()) {
        continue;
      }
      if (attribute.isFilter()) {
        Map<String, Object> texts = Map.of("type", "array", "items", Map.of("type", "string"));
        parameters.add(parameter(attribute.name(), "query", texts, attribute.about()));
      }
      if (attribute.isSort()) {
        sorted.add(attribute.name());
      }
    }
    Map<String, Object> keys = Map.of("type", "string", "enum", sorted);
    Map<String, Object> directions = Map.of("type", "string", "enum", List.of("asc", "desc"));
    Map<String, Object> number = Map.of("type", "integer", "minimum", 0);
    Map<String, Object> text = Map.of("type", "string");
    Map<String, Object> texts = Map.of("type", "array", "items", text);
    if (!sorted.isEmpty()) {
      parameters.add(
          parameter("sort_key", "query", Map.of("type", "array", "items", keys), "Repeatable."));
      parameters.add(
          parameter(
              "sort_dir", "query", Map.of("type", "array", "items", directions), "One a key."));
    }
    parameters.add(parameter("limit", "query", number, "The most of one page; 0 for all."));
    parameters.add(
        parameter("marker", "query", text, "The id of the last one of the page before."));
    parameters.add(parameter("page_reverse", "query", Map.of("type", "boolean"), "Backwards."));
    parameters.add(parameter("fields", "query", texts, "Shows only these attributes."));
    ResourceType type = layout.type();
    Map<String, Object> get =
        operation(
            "Lists " + words(type.plural()), answer(200, listed(type.plural(), reference(name))));
    get.put("parameters", parameters);
    return get;
  }

  private static Map<String, Object> computed(ComputedCollection collection) {
    Map<String, Object> row = Map.of("type", "object");
    return Map.of(
        "get",
        operation(
            "Lists " + words(collection.plural()), answer(200, listed(collection.plural(), row))));
  }

  private static Map<String, Object> tags(ResourceType type) {
    Map<String, Object> tags = listed("tags", Map.of("type", "string", "maxLength", 255));
    Map<String, Object> put =
        operation("Sets the tags of one " + words(type.name()), answer(200, tags));
    put.put("requestBody", content(tags));
    Map<String, Object> path = new LinkedHashMap<>();
    path.put("parameters", List.of(id()));
    path.put("get", operation("Lists the tags of one " + words(type.name()), answer(200, tags)));
    path.put("put", put);
    path.put("delete", operation("Removes all tags of one " + words(type.name()), nothing()));
    return path;
  }

  private static Map<String, Object> tag(ResourceType type) {
    Map<String, Object> path = new LinkedHashMap<>();
    path.put(
        "parameters",
        List.of(id(), parameter("tag", "path", Map.of("type", "string"), "The tag.")));
    path.put("get", operation("Tells whether one " + words(type.name()) + " has it", nothing()));
    path.put("put", operation("Adds it to one " + words(type.name()), answer(201, Map.of())));
    path.put("delete", operation("Removes it from one " + words(type.name()), nothing()));
    return path;
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

  private static String words(String name) {
    return name.replace('_', ' ').replace('-', ' ');
  }

  private static Map<String, Object> id() {
    return parameter("id", "path", Map.of("type", "string", "format", "uuid"), "The id.");
  }

  private static Map<String, Object> parameter(
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

  private static Map<String, Object> operation(String summary, Map<String, Object> good) {
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

  private static Map<String, Object> with(
      Map<String, Object> operation, Map<String, Object> requestBody) {
    operation.put("requestBody", requestBody);
    return operation;
  }

  private static Map<String, Object> answer(int status, Map<String, Object> schema) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("description", "Done.");
    answer.put("content", json(schema));
    return Map.of(Integer.toString(status), answer);
  }

  private static Map<String, Object> nothing() {
    return Map.of("204", Map.of("description", "Done."));
  }

  private static Map<String, Object> json(Map<String, Object> schema) {
    return Map.of("application/json", Map.of("schema", schema));
  }

  private static Map<String, Object> content(Map<String, Object> schema) {
    return Map.of("required", true, "content", json(schema));
  }

  private static Map<String, Object> body(ResourceType type, String schema, boolean many) {
    Map<String, Object> one = object(type.name(), reference(schema));
    if (!many) {
      return content(one);
    }
    return content(Map.of("oneOf", List.of(one, listed(type.plural(), reference(schema)))));
  }

  private static Map<String, Object> wrapped(ResourceType type, String schema) {
    return object(type.name(), reference(schema));
  }

  private static Map<String, Object> listed(String name, Map<String, Object> items) {
    return object(name, Map.of("type", "array", "items", items));
  }

  private static Map<String, Object> object(String name, Map<String, Object> member) {
    return Map.of("type", "object", "properties", Map.of(name, member), "required", List.of(name));
  }

  private static Map<String, Object> reference(String schema) {
    return Map.of("$ref", "#/components/schemas/" + schema);
  }
}
