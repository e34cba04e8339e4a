package org.nucleon.agent.device;

import java.io.IOException;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.RouteMonitor;
import org.nucleon.host.netlink.RouteMonitor.Group;
import org.nucleon.host.nftables.NftEvent;
import org.nucleon.host.nftables.NftMonitor;
import org.nucleon.host.nftables.Nftables;

/** A namespace held open, with the sockets by which it is read, changed and watched. */
final class HeldNamespace implements AutoCloseable {
  private final NetworkNamespace namespace;
  private final EventLoop loop;
  private final Runnable nftChanged;
  private final Netlink netlink;
  private final RouteMonitor routes;
  private @Nullable Nftables nftables;
  private @Nullable NftMonitor nftMonitor;

  /**
   * Opens a namespace that exists.
   *
   * @param happened told what changes in it, on the loop's thread
   * @param nftChanged run when others have changed our table of nftables
   */
  HeldNamespace(String name, EventLoop loop, Consumer<NetlinkEvent> happened, Runnable nftChanged)
      throws IOException {
    this.loop = loop;
    this.nftChanged = nftChanged;
    this.namespace = NetworkNamespace.open(name);
    this.routes =
        RouteMonitor.watch(
            loop,
            namespace,
            EnumSet.of(
                Group.LINK,
                Group.IPV4_ADDRESS,
                Group.IPV6_ADDRESS,
                Group.IPV4_ROUTE,
                Group.IPV6_ROUTE),
            happened);
    this.netlink = Netlink.open(namespace);
  }

  NetworkNamespace namespace() {
    return namespace;
  }

  Netlink netlink() {
    return netlink;
  }

  /** Its nftables, opened and watched from the first use on. */
  Nftables nftables() throws IOException {
    Nftables open = nftables;
    if (open == null) {
      open = Nftables.open(namespace);
      nftables = open;
      int port = open.port();
      nftMonitor = NftMonitor.watch(loop, namespace, event -> judge(event, port));
    }
    return open;
  }

  private void judge(NftEvent event, int ownPort) {
    boolean drift =
        switch (event) {
          case NftEvent.Overrun() -> true;
          case NftEvent.TableChanged changed ->
              changed.family() == NatItem.FAMILY
                  && changed.name().equals(NatItem.TABLE)
                  && (ownPort == 0 || changed.port() != ownPort);
        };
    if (drift) {
      nftChanged.run();
    }
  }

  @Override
  public void close() throws IOException {
    routes.close();
    netlink.close();
    if (nftMonitor != null) {
      nftMonitor.close();
    }
    if (nftables != null) {
      nftables.close();
    }
    namespace.close();
  }
}
