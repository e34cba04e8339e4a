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
    return of(type, clean(id), "");
  }

  /** That a resource has no such part. */
  static ApiException of(Place place, String key) {
    Place.Whole whole = place.whole();
    return of(
        place.type(),
        clean(key),
        whole == null ? "" : " for " + whole.type().name() + " " + clean(whole.id()));
  }

  private static ApiException of(ResourceType type, String id, String where) {
    ResourceType.Title title = type.called();
    String words =
        title != null
            ? title.words()
            : WORDS.getOrDefault(
                type.name(),
                type.name().substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                    + type.name().substring(1).replace('_', ' '));
    return ApiException.notFound(
        type.errorName() + "NotFound",
        type.name().startsWith("security_group")
            ? words + " " + id + " does not exist"
            : words + " " + id + where + " could not be found.");
  }

  private static String clean(String id) {
    return id.length() > 64 ? id.substring(0, 64) + "..." : id;
  }
}
