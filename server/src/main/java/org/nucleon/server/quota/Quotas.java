package org.nucleon.server.quota;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Option;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Transaction;

/** How many resources of each type a project may have: its own limits, or the configured ones. */
public final class Quotas {

  /** A project's own limits. */
  static final ResourceType QUOTA =
      new ResourceType(
          "project_quota",
          "project_quotas",
          "A project's own limits.",
          ResourceType.Visibility.INTERNAL);

  /** By name of resource type; -1 for no limit. */
  static final Attribute<Map<String, Object>> LIMITS =
      Attribute.of(QUOTA, "limits", Values.object(65_536))
          .about("How many resources of each type.")
          .defaultsTo(Map.of());

  private static final List<Extension> EXTENSIONS =
      List.of(
          new Extension(
              "quotas",
              "Quota management support",
              "Limits how many resources projects have.",
              "2012-07-29T10:00:00-00:00"),
          new Extension(
              "quota_details",
              "Quota details management support",
              "Tells what of a quota is used.",
              "2017-02-10T10:00:00-00:00"),
          new Extension(
              "quota-check-limit",
              "Quota engine limit check",
              "Refuses a limit below what is used, if asked to.",
              "2021-06-07T10:00:00-00:00"));

  private final Catalog catalog;
  private final Map<ResourceType, Integer> defaults = new LinkedHashMap<>();

  /**
   * With the limits of a configuration.
   *
   * @throws IllegalArgumentException naming the option that is wrong
   */
  public Quotas(Catalog catalog, Configuration configuration) {
    this.catalog = catalog;
    catalog
        .quotas()
        .forEach((type, limit) ->
            defaults.put(
                type,
                configuration.get(
                    Option.integer(
                        "quotas",
                        "quota_" + type.name(),
                        limit,
                        "how many " + type.plural() + " a project may have, -1 for any number"))));
  }

  /** Declares what is stored, and that the API has it. */
  public static void declare(Catalog.Builder catalog) {
    EXTENSIONS.forEach(catalog::extension);
    catalog
        .declare(QUOTA, LIMITS)
        .policy("get_quota", "rule:admin_only")
        .policy("update_quota", "rule:admin_only")
        .policy("delete_quota", "rule:admin_only");
  }

  /** The limits where a project has none of its own. */
  Map<ResourceType, Integer> defaults() {
    return defaults;
  }

  /** The right to be the limits of a project. */
  static Claim of(String project) {
    return new Claim("quota", "", project);
  }

  /** The project's own limits, if it has any. */
  static Optional<Resource> own(View view, String project) {
    return view.owner(of(project)).flatMap(id -> view.find(QUOTA, id));
  }

  /** The limit of a type in a project; -1 for none. */
  int limit(View view, ResourceType type, String project) {
    Object limit = own(view, project).map(own -> own.get(LIMITS).get(type.name())).orElse(null);
    return limit instanceof Number number ? number.intValue() : defaults.getOrDefault(type, -1);
  }

  /**
   * Demands that a project stays within its limit of a type.
   *
   * @throws ApiException 409 OverQuota if it does not
   */
  public void check(Transaction tx, ResourceType type, String project) {
    checkOne(tx, type, project);
    catalog.quotaCompanions(type).forEach(other -> checkOne(tx, other, project));
  }

  private void checkOne(Transaction tx, ResourceType type, String project) {
    if (!defaults.containsKey(type)) {
      return;
    }
    own(tx, project).ifPresent(tx::reliesOn);
    int limit = limit(tx, type, project);
    if (limit >= 0 && !tx.staysWithin(type, project, limit)) {
      throw ApiException.conflict(
          "OverQuota", "Quota exceeded for resources: ['" + type.name() + "'].");
    }
  }
}
