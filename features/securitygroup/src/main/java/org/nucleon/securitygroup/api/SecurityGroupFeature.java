package org.nucleon.securitygroup.api;

import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.network.api.NetworkFeature;

/** Security groups, port security and allowed address pairs. */
public final class SecurityGroupFeature implements Feature {

  /** Its name. */
  public static final String NAME = "securitygroup";

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
    SecurityGroups.declare(catalog);
    SecurityGroupRules.declare(catalog);
    PortSecurity.declare(catalog);
    catalog
        .quota(SecurityGroups.SECURITY_GROUP, 10)
        .quota(SecurityGroupRules.RULE, 100)
        .quotaWith(SecurityGroups.SECURITY_GROUP, SecurityGroupRules.RULE)
        .policy("sg_owner", "tenant_id:%(security_group:tenant_id)s")
        .policy("shared_security_groups", "field:security_groups:shared=True")
        .policy("get_security_group", "rule:admin_or_project_reader or rule:shared_security_groups")
        .policy("get_security_group_rule", "rule:admin_or_project_reader or rule:sg_owner");
  }
}
