package org.nucleon.server.api;

import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.Parts;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.Below;

/**
 * Resources of one type as a path names them: all there are, the parts of one other resource, or
 * parts of any.
 *
 * @param layout their type
 * @param whole what they are parts of, null where the path does not say so
 * @param isAlias whether they are parts that are reached without what they are parts of
 * @param parts how they are kept
 */
record Place(Layout layout, @Nullable Whole whole, boolean isAlias, Parts parts) {

  /** A resource of that type and id. */
  record Whole(ResourceType type, String id) {}

  /** A collection of its own: {@code /networks}. */
  static Place of(Layout layout) {
    return new Place(layout, null, false, Parts.STORED);
  }

  /** The parts of one resource: {@code /qos/policies/{id}/bandwidth_limit_rules}. */
  static Place below(Layout whole, String id, Layout layout, Parts parts) {
    return new Place(layout, new Whole(whole.type(), id), false, parts);
  }

  /** Parts of any resource, one by one: {@code /qos/alias-bandwidth-limit-rules/{id}}. */
  static Place alias(Layout layout) {
    return new Place(layout, null, true, Parts.STORED);
  }

  ResourceType type() {
    return layout.type();
  }

  /** The wrapper of one resource. */
  String wrapper() {
    return isAlias ? type().alias() : type().name();
  }

  /** The policy rule of what is done: {@code update_port}. */
  String rule(String verb) {
    return verb + "_" + (isAlias ? type().alias() : type().policyName());
  }

  /** The collection's path below the version. */
  String path() {
    return whole == null ? type().path() : whole.type.path() + "/" + whole.id + "/" + type().path();
  }

  /** The parts of a resource. */
  Collection<Resource> of(View view, Resource resource) {
    return parts.list(view, resource, layout);
  }

  /** The one of the parts that a path names. */
  Optional<Resource> pick(Collection<Resource> among, String key) {
    Below below = type().below();
    Optional<Attribute<?>> attribute =
        below == null ? Optional.empty() : layout.attribute(below.key());
    return among.stream()
        .filter(part ->
            attribute.filter(Attribute::isStored).isPresent()
                ? String.valueOf(part.value(attribute.get())).equals(key)
                : part.id().toString().equalsIgnoreCase(key))
        .findFirst();
  }
}
