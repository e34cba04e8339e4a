package org.nucleon.server;

import java.util.Collection;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.ml2.api.MechanismDriver;
import org.nucleon.ml2.api.Segment;

/** Can nothing. */
public final class NowhereDriver implements MechanismDriver {

  @Override
  public String name() {
    return "nowhere";
  }

  @Override
  public void initialize(Configuration configuration) {}

  @Override
  public Result bind(Attributes port, Segment segment, Collection<Resource> agents) {
    return new Refused("it binds nothing");
  }
}
