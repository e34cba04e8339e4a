package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;

/** Reads the bodies of POST and PUT as the declarations say; pure. */
final class BodyParser {

  private BodyParser() {}

  /**
   * What a request says of one resource.
   *
   * @param project the project named, or the caller's
   * @param values the attributes given, null where null was given
   * @param given the names of members that an attribute's objects have, where it matters
   */
  record Body(
      String project,
      Map<Attribute<?>, @Nullable Object> values,
      Map<Attribute<?>, Set<String>> given) {

    /** The names of members that the attribute's objects have, where rights depend on them. */
    Set<String> members(Attribute<?> attribute) {
      return given.getOrDefault(attribute, Set.of());
    }

    /** Puts the values into a draft as given by the request. */
    void giveTo(Draft draft) {
      values.forEach((attribute, value) -> give(draft, attribute, value));
    }

    @SuppressWarnings("unchecked") // the value is what the attribute's own type gave
    private static <T> void give(Draft draft, Attribute<T> attribute, @Nullable Object value) {
      draft.give(attribute, (T) value);
    }
  }

  /** The resources of a POST: one, or several under the plural name. */
  record Creates(List<Body> bodies, boolean bulk) {}

  static Creates creates(Layout layout, byte[] body, Caller caller) {
    String name = layout.type().name();
    String plural = layout.type().plural();
    Map<?, ?> outer = Bodies.object(body, name);
    if (!outer.containsKey(plural)) {
      return new Creates(
          List.of(one(layout, Bodies.inner(outer, name), Operation.CREATE, caller)), false);
    }
    if (!(outer.get(plural) instanceof List<?> items) || items.isEmpty()) {
      throw Bodies.bad("Resources required");
    }
    List<Body> bodies = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof Map<?, ?> map)) {
        throw Bodies.bad("Object '" + plural + "' contains invalid data");
      }
      Map<?, ?> bare = map.size() == 1 && map.containsKey(name) ? Bodies.inner(map, name) : map;
      bodies.add(one(layout, bare, Operation.CREATE, caller));
    }
    return new Creates(bodies, true);
  }

  /** The changes of a PUT. */
  static Body update(Place place, byte[] body, Caller caller) {
    Layout layout = place.layout();
    String name = place.wrapper();
    Map<?, ?> outer = Bodies.object(body, name);
    if (outer.containsKey(layout.type().plural())) {
      throw Bodies.bad("Bulk operation not supported");
    }
    return one(layout, Bodies.inner(outer, name), Operation.UPDATE, caller);
  }

  private static Body one(Layout layout, Map<?, ?> given, Operation operation, Caller caller) {
    List<String> unknown = new ArrayList<>();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    given.forEach((key, value) -> {
      String name = String.valueOf(key);
      if (layout.attribute(name).filter(a -> !a.isHidden()).isEmpty()) {
        unknown.add(org.nucleon.core.schema.Values.quoted(name).replace("'", ""));
      }
      members.put(name, value);
    });
    if (!unknown.isEmpty()) {
      throw Bodies.bad("Unrecognized attribute(s) '" + String.join(", ", unknown) + "'");
    }
    String project = project(layout, members, operation, caller);
    Map<Attribute<?>, @Nullable Object> values = new LinkedHashMap<>();
    Map<Attribute<?>, Set<String>> memberNames = new HashMap<>();
    for (Attribute<?> attribute : layout.attributes()) {
      String name = attribute.name();
      if (!members.containsKey(name)) {
        if (operation == Operation.CREATE && attribute.isRequired()) {
          throw Bodies.bad(
              "Failed to parse request. Required attribute '" + name + "' not specified");
        }
        continue;
      }
      if (!attribute.isSettable(operation)) {
        throw Bodies.bad(
            operation == Operation.CREATE
                ? "Attribute '" + name + "' not allowed in POST"
                : "Cannot update read-only attribute " + name);
      }
      @Nullable Object json = members.get(name);
      values.put(attribute, value(attribute, json));
      if (!attribute.memberAccess(operation).isEmpty()) {
        memberNames.put(attribute, names(json));
      }
    }
    return new Body(project, values, memberNames);
  }

  /** Both spellings are taken out of the members: the project is no stored attribute. */
  private static String project(
      Layout layout, Map<String, @Nullable Object> members, Operation operation, Caller caller) {
    boolean named = false;
    String project = caller.project();
    for (String spelling : List.of("project_id", "tenant_id")) {
      if (!members.containsKey(spelling)) {
        continue;
      }
      if (operation == Operation.UPDATE) {
        throw Bodies.bad("Cannot update read-only attribute " + spelling);
      }
      Attribute<?> attribute = layout.attribute(spelling).orElseThrow();
      String given = String.valueOf(value(attribute, members.remove(spelling)));
      if (named && !given.equals(project)) {
        throw Bodies.bad("'project_id' and 'tenant_id' do not match");
      }
      project = given;
      named = true;
    }
    if (!caller.owns(project)) {
      throw Bodies.bad(
          "Specifying 'project_id' or 'tenant_id' other than the authenticated project in"
              + " request requires admin privileges");
    }
    return project;
  }

  private static Set<String> names(@Nullable Object json) {
    Set<String> names = new LinkedHashSet<>();
    for (Object object : json instanceof List<?> list ? list : Collections.singletonList(json)) {
      if (object instanceof Map<?, ?> map) {
        map.keySet().forEach(name -> names.add(String.valueOf(name)));
      }
    }
    return names;
  }

  private static @Nullable Object value(Attribute<?> attribute, @Nullable Object json) {
    if (json == null) {
      if (attribute.isNullable()) {
        return null;
      }
      if (attribute.isClearedByNull()) {
        return attribute.defaultValue();
      }
    }
    try {
      return attribute.type().parse(json == null ? "None" : json);
    } catch (InvalidValue e) {
      throw invalid(attribute, e);
    }
  }

  static ApiException invalid(Attribute<?> attribute, InvalidValue e) {
    if (e.type().isPresent()) {
      return ApiException.badRequest(e.type().get(), String.valueOf(e.getMessage()));
    }
    return e.isConversion()
        ? ApiException.invalidInput(attribute.name() + ": " + e.getMessage())
        : Bodies.bad("Invalid input for " + attribute.name() + ". Reason: " + e.getMessage() + ".");
  }
}
