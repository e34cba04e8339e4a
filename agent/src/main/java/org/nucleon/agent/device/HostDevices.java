package org.nucleon.agent.device;

import java.io.IOException;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.host.namespace.EventLoop;

/** Brings namespaces, and what is in them, about for all features that plan such items. */
public final class HostDevices implements HostFeature {

  /** Goes with networks, which are always there. */
  @Override
  public String name() {
    return "network";
  }

  @Override
  public void join(HostSide host) throws ApplyException {
    try {
      EventLoop loop = EventLoop.start();
      Namespaces namespaces = new Namespaces(loop);
      host.applier(new NamespaceApplier(namespaces));
      host.applier(new DeviceApplier(namespaces, loop));
      // Translation goes before the addresses: whose connections have ended is still answered for.
      host.applier(new NatApplier(namespaces));
      host.applier(new AddressApplier(namespaces));
      host.applier(new RouteApplier(namespaces));
      host.applier(new NeighbourApplier(namespaces));
      host.applier(new ProgramApplier(ProgramItem.folders(host.stateFolder()), namespaces, loop));
    } catch (IOException e) {
      throw new ApplyException("use namespaces: is this root?", e);
    }
  }
}
