package com.example.fabric;

import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;
import org.nucleon.network.api.Ports;

/** Has the fabric take every port. */
public final class FabricServer implements ServerFeature {

  @Override
  public String name() {
    return FabricFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    server.rules(Ports.PORT, new FabricPorts());
  }
}
