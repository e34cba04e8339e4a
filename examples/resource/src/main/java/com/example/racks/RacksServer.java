package com.example.racks;

import org.nucleon.core.ApiException;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Ports;

/** The plugin's rules. */
public final class RacksServer implements ServerFeature {

  @Override
  public String name() {
    return RacksFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(Ports.PORT, new Room());
  }

  /** A rack holds no more ports than it has room for, however many requests come at once. */
  private static final class Room implements ResourceRules {

    @Override
    public void onCreate(Transaction tx, Draft port) {
      port.find(Racks.OF_PORT).ifPresent(rack -> put(tx, rack));
    }

    @Override
    public void onUpdate(Transaction tx, Resource before, Draft port) {
      if (port.isChanged(Racks.OF_PORT)) {
        port.find(Racks.OF_PORT).ifPresent(rack -> put(tx, rack));
      }
    }

    private static void put(Transaction tx, java.util.UUID id) {
      Resource rack =
          tx.find(Racks.RACK, id)
              .orElseThrow(() ->
                  ApiException.notFound("RackNotFound", "Rack " + id + " could not be found."));
      tx.guards(rack); // what is counted next must still be so when this is committed
      if (tx.list(Racks.OF_PORT, id).size() >= rack.get(Racks.CAPACITY)) {
        throw ApiException.conflict("RackFull", "Rack " + id + " has no room for another port.");
      }
    }
  }
}
