package org.nucleon.server.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;

/** Shows resources as their declarations say. */
final class Renderer {

  private Renderer() {}

  /** The resource as JSON text, all attributes that the caller sees. */
  static byte[] bytes(View view, Resource resource, Caller caller) {
    if (resource.layout().derives()) {
      return Json.bytes(map(view, resource, caller, Set.of()));
    }
    return resource.rendering(
        caller.admin(), () -> Json.bytes(map(view, resource, caller, Set.of())));
  }

  /**
   * The resource as a JSON object.
   *
   * @param fields the attributes asked for, empty for all
   */
  static Map<String, @Nullable Object> map(
      View view, Resource resource, Caller caller, Set<String> fields) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Attribute<?> attribute : resource.layout().attributes()) {
      if (sees(caller, attribute) && (fields.isEmpty() || fields.contains(attribute.name()))) {
        map.put(attribute.name(), render(view, resource, attribute));
      }
    }
    return map;
  }

  static boolean sees(Caller caller, Attribute<?> attribute) {
    return !attribute.isHidden() && (caller.admin() || attribute.readAccess() != Access.ADMIN);
  }

  private static <T> @Nullable Object render(View view, Resource resource, Attribute<T> attribute) {
    T value = attribute.in(view, resource);
    return value == null ? null : attribute.type().render(value);
  }
}
