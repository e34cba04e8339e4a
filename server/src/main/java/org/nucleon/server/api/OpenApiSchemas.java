package org.nucleon.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.Operation;

/** What a resource is like, and what can be sent to make or change it, as its attributes say. */
final class OpenApiSchemas {

  /** The member of an attribute's schema that names who may set it, or see it. */
  static final String POLICY = "x-openstack-policy";

  private OpenApiSchemas() {}

  /** As it is shown. */
  static Map<String, Object> shown(Layout layout) {
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

  /** What can be sent; empty for nothing. */
  static Map<String, Object> settable(Layout layout, Operation operation) {
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
}
