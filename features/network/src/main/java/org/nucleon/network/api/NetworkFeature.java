package org.nucleon.network.api;

import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;

/** Networks, subnets and ports: what every backend shares. */
public final class NetworkFeature implements Feature {

  /** Its name. */
  public static final String NAME = "network";

  private static final Extension[] ALWAYS = {
    extension("project-id", "project_id field enabled", "Resources have project_id."),
    extension("standard-attr-description", "standard-attr-description", "Descriptions."),
    extension("standard-attr-timestamp", "Resource timestamps", "created_at and updated_at."),
    extension("standard-attr-revisions", "Resource revision numbers", "revision_number."),
    extension("standard-attr-tag", "Tag support for resources with standard attribute", "tags."),
    extension("tag-ports-during-bulk-creation", "Tag Ports During Bulk Creation", "tags in POST."),
    extension("revision-if-match", "If-Match constraints based on revision_number", "If-Match."),
    extension("pagination", "Pagination support", "limit, marker and page_reverse."),
    extension("sorting", "Sorting support", "sort_key and sort_dir."),
    extension("filter-validation", "Filter parameters validation", "Unknown filters are refused."),
    extension("availability_zone", "Availability Zone", "Where agents are."),
    extension("availability_zone_filter", "Availability Zone Filter", "Filters of zones."),
    extension("network-ip-availability", "Network IP Availability", "Addresses used and free."),
    extension("empty-string-filtering", "Empty String Filtering Extension", "name= filters."),
  };

  private static Extension extension(String alias, String name, String description) {
    return new Extension(alias, name, description, "2018-01-01T00:00:00-00:00");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    for (Extension extension : ALWAYS) {
      catalog.extension(extension);
    }
    Networks.declare(catalog);
    RbacPolicies.declare(catalog);
    AddressScopes.declare(catalog);
    SubnetPools.declare(catalog);
    Subnets.declare(catalog);
    Ports.declare(catalog);
    Binding.declare(catalog);
    Agents.declare(catalog);
    catalog
        .quota(Networks.NETWORK, 100)
        .quota(Subnets.SUBNET, 100)
        .quota(Ports.PORT, 500)
        .policy("get_availability_zone", "")
        .policy("get_network_ip_availability", "rule:admin_only")
        .policy(
            "get_network",
            "rule:admin_or_project_reader or rule:shared or rule:external"
                + " or rule:context_is_advsvc")
        .policy("create_subnet", "rule:admin_or_network_owner")
        .policy(
            "get_subnet",
            "rule:admin_or_project_reader or rule:network_owner_reader or rule:shared")
        .policy("update_subnet", "rule:admin_or_network_owner")
        .policy("delete_subnet", "rule:admin_or_network_owner")
        .policy(
            "get_port",
            "rule:admin_or_project_reader or rule:network_owner_reader"
                + " or rule:context_is_advsvc")
        .policy("update_port", "rule:admin_or_project_member or rule:context_is_advsvc")
        .policy(
            "delete_port",
            "rule:admin_or_project_member or rule:network_owner_member"
                + " or rule:context_is_advsvc");
  }
}
