package org.nucleon.server.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;

/**
 * What a rule is asked about: a resource as it stands, or one being made. Keys are names of
 * attributes; {@code network:tenant_id} is one of the resource that {@code network_id} names, and
 * {@code ext_parent:tenant_id} one of the resource that this one is part of. What the resource has
 * no attribute for is looked up in the one that it is part of.
 */
final class ResourceTarget implements Target {

  private final View view;
  private final Layout layout;
  private final Attributes of;
  private final String project;
  private final Caller caller;

  private ResourceTarget(View view, Layout layout, Attributes of, String project, Caller caller) {
    this.view = view;
    this.layout = layout;
    this.of = of;
    this.project = project;
    this.caller = caller;
  }

  static Target of(View view, Resource resource, Caller caller) {
    return new ResourceTarget(view, resource.layout(), resource, resource.project(), caller);
  }

  static Target of(View view, Layout layout, Draft draft, Caller caller) {
    return new ResourceTarget(view, layout, draft, draft.project(), caller);
  }

  @Override
  public @Nullable String text(String key) {
    int colon = key.indexOf(':');
    if (colon > 0 && layout.attribute(key).isEmpty()) {
      return other(key.substring(0, colon)).map(t -> t.text(key.substring(colon + 1))).orElse(null);
    }
    if (key.equals("tenant_id") || key.equals("project_id")) {
      return project;
    }
    Optional<Attribute<?>> attribute = layout.attribute(key);
    if (attribute.isEmpty()) {
      return parent().map(t -> t.text(key)).orElse(null);
    }
    Object value = value(attribute.get());
    return value instanceof Boolean flag
        ? flag ? "True" : "False"
        : value == null ? null : value.toString();
  }

  private <T> @Nullable Object value(Attribute<T> attribute) {
    T value =
        of instanceof Resource resource
            ? attribute.in(view, resource, caller)
            : of.value(attribute);
    return value == null ? null : attribute.type().render(value);
  }

  private Optional<Target> other(String name) {
    if (name.startsWith("ext_parent")) {
      return parent();
    }
    return layout.attribute(name + "_id").flatMap(this::referred);
  }

  private Optional<Target> parent() {
    for (Attribute<?> attribute : layout.indexed()) {
      if (attribute.isParent()) {
        return referred(attribute);
      }
    }
    return Optional.empty();
  }

  private <T> Optional<Target> referred(Attribute<T> attribute) {
    T value = of.value(attribute);
    if (value == null) {
      return Optional.empty();
    }
    Target[] found = new Target[1];
    attribute
        .type()
        .references(
            value,
            (type, id) -> view.find(type, id).ifPresent(r -> found[0] = of(view, r, caller)));
    return Optional.ofNullable(found[0]);
  }
}
