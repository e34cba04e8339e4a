package org.nucleon.server.api;

import java.util.Map;
import org.nucleon.core.ApiException;
import org.nucleon.core.schema.ResourceType;

/** The 404 of each resource type, in Neutron's words. */
final class NotFound {

  private static final Map<String, String> WORDS =
      Map.of(
          "floatingip",
          "Floating IP",
          "security_group",
          "Security group",
          "subnetpool",
          "Subnet pool",
          "rbac_policy",
          "RBAC policy");

  private NotFound() {}

  static ApiException of(ResourceType type, String id) {
    String words =
        WORDS.getOrDefault(
            type.name(),
            type.name().substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + type.name().substring(1).replace('_', ' '));
    String clean = id.length() > 64 ? id.substring(0, 64) + "..." : id;
    return ApiException.notFound(
        type.camelCase() + "NotFound",
        type.name().startsWith("security_group")
            ? words + " " + clean + " does not exist"
            : words + " " + clean + " could not be found.");
  }
}
