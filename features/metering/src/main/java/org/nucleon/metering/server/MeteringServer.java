package org.nucleon.metering.server;

import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.metering.api.Metering;
import org.nucleon.metering.api.MeteringFeature;

/** The rules of metering labels and of their rules. */
public final class MeteringServer implements ServerFeature {

  @Override
  public String name() {
    return MeteringFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(Metering.LABEL, new LabelRules());
    server.rules(Metering.RULE, new LabelRuleRules());
  }

  /** A label's rules go with it. */
  private static final class LabelRules implements ResourceRules {
    @Override
    public void onDelete(Transaction tx, Resource label) {
      tx.guards(label);
      tx.list(Metering.LABEL_ID, label.id()).forEach(tx::delete);
    }
  }
}
