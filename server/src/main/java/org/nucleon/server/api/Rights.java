package org.nucleon.server.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.Sight;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;

/** What a caller may see and change. */
public final class Rights {

  private final Map<ResourceType, List<Sight>> sights;

  /** With what features let callers see beside their own. */
  public Rights(Map<ResourceType, List<Sight>> sights) {
    this.sights = new HashMap<>(sights);
  }

  boolean sees(View view, Caller caller, Resource resource) {
    return switch (resource.type().visibility()) {
      case INTERNAL -> false;
      case ADMIN -> caller.admin();
      case OWNER ->
          caller.owns(resource.project())
              || sights.getOrDefault(resource.type(), List.of()).stream()
                  .anyMatch(sight -> sight.sees(view, caller, resource));
    };
  }

  /** The resource in a path, if the caller may know of it. */
  Resource visible(View view, Caller caller, ResourceType type, String id) {
    return org.nucleon.core.schema.Values.parseUuid(id)
        .flatMap(uuid -> view.find(type, uuid))
        .filter(resource -> sees(view, caller, resource))
        .orElseThrow(() -> NotFound.of(type, id));
  }

  /** The resource in a path, if the caller may change or remove it. */
  Resource changeable(View view, Caller caller, ResourceType type, String id, Operation operation) {
    Resource resource = visible(view, caller, type, id);
    if (!caller.owns(resource.project())) {
      String rule = (operation == Operation.UPDATE ? "update_" : "delete_") + type.name();
      throw ApiException.forbidden(
          "PolicyNotAuthorized", "(rule:" + rule + ") is disallowed by policy");
    }
    return resource;
  }

  /** Checks the attributes given that only the owner of the parent may set. */
  void checkParentOwned(View view, Caller caller, Draft draft, Layout layout, Operation operation) {
    for (Attribute<?> attribute : draft.given()) {
      if (attribute.writeAccess(operation) == Access.PARENT_OWNER
          && !ownsParent(view, caller, draft, layout)) {
        throw BodyParser.notAllowed(layout, attribute, operation);
      }
    }
  }

  private static boolean ownsParent(View view, Caller caller, Attributes child, Layout layout) {
    for (Attribute<?> attribute : layout.indexed()) {
      if (attribute.isParent()) {
        Optional<Resource> parent = parent(view, child, attribute);
        return parent.isEmpty() || caller.owns(parent.get().project());
      }
    }
    return caller.admin();
  }

  private static <T> Optional<Resource> parent(
      View view, Attributes child, Attribute<T> attribute) {
    T value = child.value(attribute);
    java.util.List<Resource> found = new java.util.ArrayList<>(1);
    if (value != null) {
      attribute.type().references(value, (type, id) -> view.find(type, id).ifPresent(found::add));
    }
    return found.stream().findFirst();
  }
}
