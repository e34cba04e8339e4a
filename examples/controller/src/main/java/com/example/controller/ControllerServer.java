package com.example.controller;

import java.net.URI;
import org.nucleon.core.feature.ServerFeature;
import org.nucleon.core.feature.ServerSide;

/** Has the controller told. */
public final class ControllerServer implements ServerFeature {

  @Override
  public String name() {
    return ControllerFeature.NAME;
  }

  @Override
  public void serve(ServerSide server) {
    URI controller = URI.create(server.configuration().get(ControllerFeature.URL));
    server.delivery(new Mirror(controller));
  }
}
