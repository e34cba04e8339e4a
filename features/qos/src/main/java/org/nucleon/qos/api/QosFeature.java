package org.nucleon.qos.api;

import java.util.Set;
import org.nucleon.core.feature.Feature;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.network.api.NetworkFeature;

/** Quality of service: policies of rules for the traffic of ports. */
public final class QosFeature implements Feature {

  /** Its name. */
  public static final String NAME = "qos";

  private static final Extension TYPE_DETAILS =
      new Extension(
          "qos-rule-type-details",
          "Details of QoS rule types",
          "Which driver takes which rules.",
          "2017-06-22T10:00:00-00:00");

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
    QosPolicies.declare(catalog);
    QosRules.declare(catalog);
    catalog.extension(TYPE_DETAILS).policy("get_rule_type", "");
  }
}
