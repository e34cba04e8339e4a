package org.nucleon.server.api;

import static org.nucleon.server.api.OpenApiObjects.answer;
import static org.nucleon.server.api.OpenApiObjects.content;
import static org.nucleon.server.api.OpenApiObjects.id;
import static org.nucleon.server.api.OpenApiObjects.listed;
import static org.nucleon.server.api.OpenApiObjects.nothing;
import static org.nucleon.server.api.OpenApiObjects.object;
import static org.nucleon.server.api.OpenApiObjects.operation;
import static org.nucleon.server.api.OpenApiObjects.parameter;
import static org.nucleon.server.api.OpenApiObjects.reference;
import static org.nucleon.server.api.OpenApiObjects.with;
import static org.nucleon.server.api.OpenApiObjects.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.nucleon.core.feature.Action;
import org.nucleon.core.feature.SubCollection;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Below;
import org.nucleon.core.schema.Standard;

/**
 * Where resources of each type are, and what can be done there.
 *
 * @param actions what a PUT below a resource does, by type and name
 */
record OpenApiPaths(
    Map<ResourceType, Map<String, Action>> actions,
    Map<ResourceType, Map<String, SubCollection>> below) {

  /** What every list takes beside filters. */
  static final List<String> LIST_PARAMETERS =
      List.of("sort_key", "sort_dir", "limit", "marker", "page_reverse", "fields");

  /** Adds the paths of one type, and the schemas that they refer to. */
  void describe(Layout layout, Map<String, Object> paths, Map<String, Object> schemas) {
    ResourceType type = layout.type();
    String name = type.camelCase();
    schemas.put(name, OpenApiSchemas.shown(layout));
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
    Map<String, Object> creates = OpenApiSchemas.settable(layout, Operation.CREATE);
    if (!creates.isEmpty()) {
      schemas.put(name + "Create", creates);
      all.put(
          "post",
          with(
              operation("Creates " + words(type.plural()), answer(201, wrapped(type, name))),
              body(type, name + "Create", true)));
    }
    Map<String, Object> updates = OpenApiSchemas.settable(layout, Operation.UPDATE);
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
}
