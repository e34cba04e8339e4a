package org.nucleon.metering.api;

import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;

/** Metering labels and rules: what is to be counted. */
public final class MeteringFeature implements Feature {

  /** Its name. */
  public static final String NAME = "metering";

  /** Only administrators write; whoever may read in a project sees the project's. */
  private static final String READ = "rule:admin_only or (role:reader and rule:owner)";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void declare(Catalog.Builder catalog) {
    Metering.declare(catalog);
    for (String type : new String[] {Metering.LABEL.name(), Metering.RULE.name()}) {
      catalog
          .policy("create_" + type, "rule:admin_only")
          .policy("get_" + type, READ)
          .policy("update_" + type, "rule:admin_only")
          .policy("delete_" + type, "rule:admin_only");
    }
  }
}
