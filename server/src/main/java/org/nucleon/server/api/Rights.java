package org.nucleon.server.api;

import java.util.Optional;
import java.util.function.Supplier;
import org.nucleon.core.ApiException;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.server.policy.Policy;

/** What a caller may see and change, as the policy says, and how a refusal is answered. */
public final class Rights {

  private final Supplier<Policy> policy;

  /** By the policy as it is whenever it is asked for. */
  public Rights(Supplier<Policy> policy) {
    this.policy = policy;
  }

  Policy policy() {
    return policy.get();
  }

  boolean sees(View view, Caller caller, Resource resource) {
    return policy.get().may("get_" + resource.type().policyName(), view, resource, caller);
  }

  /** What the resources of a place are parts of, if the caller may know of that. */
  Optional<Resource> whole(View view, Caller caller, Place place) {
    Place.Whole whole = place.whole();
    return whole == null
        ? Optional.empty()
        : Optional.of(visible(view, caller, whole.type(), whole.id()));
  }

  /** The resource of that type and id, if the caller may know of it. */
  private Resource visible(View view, Caller caller, ResourceType type, String id) {
    return Values.parseUuid(id)
        .flatMap(uuid -> view.find(type, uuid))
        .filter(resource -> sees(view, caller, resource))
        .orElseThrow(() -> NotFound.of(type, id));
  }

  /** The resource in a path, if the caller may know of it. */
  Resource visible(View view, Caller caller, Place place, String id) {
    Optional<Resource> whole = whole(view, caller, place);
    if (whole.isEmpty()) {
      return visible(view, caller, place.type(), id);
    }
    return place
        .pick(place.of(view, whole.get()), id)
        .filter(part -> sees(view, caller, part))
        .orElseThrow(() -> NotFound.of(place, id));
  }

  /**
   * The resource in a path, if the caller may do something with it.
   *
   * @param action the rule's name: {@code delete_port}, {@code add_router_interface}
   */
  Resource changeable(View view, Caller caller, Place place, String id, String action) {
    Resource resource = visible(view, caller, place, id);
    if (!policy.get().may(action, view, resource, caller)) {
      throw refused(action);
    }
    return resource;
  }

  /** Checks that the caller may make the resource, and set what the request gives. */
  void checkCreate(View view, Caller caller, Draft draft, Layout layout, BodyParser.Body body) {
    if (!policy.get().mayCreate(view, layout, draft, caller)) {
      throw refused("create_" + layout.type().policyName());
    }
    checkGiven(view, caller, draft, layout, body, Operation.CREATE);
  }

  /** Checks that the caller may set what the request gives. */
  void checkGiven(
      View view,
      Caller caller,
      Draft draft,
      Layout layout,
      BodyParser.Body body,
      Operation operation) {
    if (caller.admin()) {
      return;
    }
    for (Attribute<?> attribute : draft.given()) {
      if (operation == Operation.CREATE && attribute.isFree(body.values().get(attribute))) {
        continue;
      }
      Optional<String> rule =
          policy
              .get()
              .refusal(view, layout, draft, attribute, body.members(attribute), operation, caller);
      if (rule.isPresent()) {
        String whole = rule.get().substring(0, rule.get().indexOf(':'));
        throw refused(whole + " and rule:" + rule.get());
      }
    }
  }

  private static ApiException refused(String rule) {
    return ApiException.forbidden(
        "PolicyNotAuthorized", "(rule:" + rule + ") is disallowed by policy");
  }
}
