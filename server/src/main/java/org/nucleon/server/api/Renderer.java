package org.nucleon.server.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.json.Json;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.server.policy.Policy;

/** Shows one caller resources of a view, as their declarations and the policy say. */
final class Renderer {

  private final View view;
  private final Caller caller;
  private final Policy policy;
  private @Nullable Layout layout;
  private @Nullable List<Attribute<?>> shown;

  Renderer(View view, Caller caller, Policy policy) {
    this.view = view;
    this.caller = caller;
    this.policy = policy;
  }

  /** The resource as JSON text, all attributes that the caller sees. */
  byte[] bytes(Resource resource) {
    if (resource.layout().derives()) {
      return Json.bytes(map(resource, Set.of()));
    }
    return resource.rendering(shown(resource), () -> Json.bytes(map(resource, Set.of())));
  }

  /**
   * The resource as a JSON object.
   *
   * @param fields the attributes asked for, empty for all
   */
  Map<String, @Nullable Object> map(Resource resource, Set<String> fields) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Attribute<?> attribute : shown(resource)) {
      if (attribute.isShownOf(resource)
          && (fields.isEmpty() || fields.contains(attribute.name()))) {
        map.put(attribute.name(), render(resource, attribute));
      }
    }
    return map;
  }

  private List<Attribute<?>> shown(Resource resource) {
    List<Attribute<?>> known = shown;
    if (known == null || layout != resource.layout() || !policy.showsAlike(resource.layout())) {
      known = policy.shown(view, resource, caller);
      shown = known;
      layout = resource.layout();
    }
    return known;
  }

  private <T> @Nullable Object render(Resource resource, Attribute<T> attribute) {
    T value = attribute.in(view, resource, caller);
    return value == null ? null : attribute.type().render(value);
  }
}
