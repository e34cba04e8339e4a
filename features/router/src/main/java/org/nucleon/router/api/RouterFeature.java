package org.nucleon.router.api;

import java.util.List;
import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.network.api.NetworkFeature;

/** Routers and floating IPs. */
public final class RouterFeature implements Feature {

  private static final Extension SERVICE_TYPE =
      new Extension(
          "service-type",
          "Neutron Service Type Management",
          "API for retrieving service providers for Neutron advanced services",
          "2013-01-20T00:00:00-00:00");

  /** Its name. */
  public static final String NAME = "router";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    Routers.declare(catalog);
    FloatingIps.declare(catalog);
    catalog.quota(Routers.ROUTER, 10).quota(FloatingIps.FLOATING_IP, 50);
    for (String action :
        List.of(
            "add_router_interface",
            "remove_router_interface",
            "add_extraroutes",
            "remove_extraroutes")) {
      catalog.policy(action, "rule:admin_or_project_member");
    }
    catalog
        .extension(SERVICE_TYPE)
        .policy("get_floatingip_pool", "rule:regular_user")
        .policy("get_service_provider", "rule:regular_user");
    for (String rule :
        List.of("get_l3-routers", "create_l3-router", "delete_l3-router", "get_l3-agents")) {
      catalog.policy(rule, "rule:admin_only");
    }
  }
}
