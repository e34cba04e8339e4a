package org.nucleon.dhcp.api;

import java.util.List;
import java.util.Set;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.network.api.NetworkFeature;

/** DHCP for the ports of networks. */
public final class DhcpFeature implements Feature {

  /** Its name. */
  public static final String NAME = "dhcp";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> needs() {
    return Set.of(NetworkFeature.NAME);
  }

  @Override
  public void compute(Catalog.Builder catalog, Configuration configuration) {
    DnsNames.declareAssignment(catalog, configuration.get(DnsNames.DOMAIN));
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    Dhcp.declare(catalog);
    ExtraDhcpOption.declare(catalog);
    DnsNames.declare(catalog);
    for (String rule :
        List.of(
            "get_dhcp-networks", "create_dhcp-network", "delete_dhcp-network", "get_dhcp-agents")) {
      catalog.policy(rule, "rule:admin_only");
    }
  }
}
