package org.nucleon.metadata.agent;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.RouteMonitor;
import org.nucleon.network.api.LinkLocalMetadata;

/**
 * A socket that listens in a namespace. It belongs to that namespace for its life, and so does what
 * it accepts: nobody who runs in the namespace is needed, and the namespace lasts at least as long.
 */
final class Listener implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("nucleon.metadata");
  private static final int PORT = 80;

  /** One guest cannot keep the others of its network or router from being answered. */
  private static final int MAX_OF_SOURCE = 16;

  private static final int MAX = 512;

  private final ListenerItem item;
  private final Object namespace;
  private final int link;
  private final @Nullable RouteMonitor watch;
  private final ServerSocketChannel server;
  private final Consumer<SocketChannel> serve;
  private final Map<SocketChannel, InetAddress> open = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> ofSource = new ConcurrentHashMap<>();

  private Listener(
      ListenerItem item,
      Object namespace,
      int link,
      @Nullable RouteMonitor watch,
      ServerSocketChannel server,
      Consumer<SocketChannel> serve) {
    this.item = item;
    this.namespace = namespace;
    this.link = link;
    this.watch = watch;
    this.server = server;
    this.serve = serve;
  }

  /**
   * Begins to listen.
   *
   * @param loop tells when the link's device goes
   * @param lost called when it has gone; must not block
   * @param serve answers on a connection and closes it; run by a virtual thread for each
   * @throws IOException if there is no such namespace or device, or it has not got the address
   */
  static Listener open(
      ListenerItem item, EventLoop loop, Runnable lost, Consumer<SocketChannel> serve)
      throws IOException {
    Object identity =
        NetworkNamespace.identity(item.namespace())
            .orElseThrow(() -> new IOException("there is no namespace " + item.namespace()));
    try (NetworkNamespace namespace = NetworkNamespace.open(item.namespace())) {
      int link = item.isOfLink() ? link(namespace, item.device()) : 0;
      ServerSocketChannel server =
          namespace.call(() ->
              item.isOfLink()
                  ? bind(
                      StandardProtocolFamily.INET6,
                      Inet6Address.getByAddress(null, LinkLocalMetadata.ADDRESS.bytes(), link))
                  : bind(StandardProtocolFamily.INET, IsolatedMetadata.ADDRESS.toInetAddress()));
      RouteMonitor watch = null;
      if (item.isOfLink()) {
        try {
          watch = watch(namespace, link, loop, lost);
        } catch (IOException e) {
          server.close();
          throw e;
        }
      }
      Listener listener = new Listener(item, identity, link, watch, server, serve);
      Thread.ofVirtual().name("metadata-" + item.namespace()).start(listener::accept);
      return listener;
    }
  }

  private static RouteMonitor watch(
      NetworkNamespace namespace, int link, EventLoop loop, Runnable lost) throws IOException {
    return RouteMonitor.watch(
        loop,
        namespace,
        Set.of(RouteMonitor.Group.LINK),
        event -> {
          if (event instanceof NetlinkEvent.Overrun
              || event instanceof NetlinkEvent.Gone(Link gone) && gone.index() == link) {
            lost.run();
          }
        });
  }

  private static int link(NetworkNamespace namespace, String device) throws IOException {
    try (Netlink netlink = Netlink.open(namespace)) {
      return netlink.links().stream()
          .filter(link -> link.name().equals(device))
          .findFirst()
          .orElseThrow(() -> new IOException("there is no device " + device))
          .index();
    }
  }

  private static ServerSocketChannel bind(StandardProtocolFamily family, InetAddress address)
      throws IOException {
    ServerSocketChannel server;
    try {
      server = ServerSocketChannel.open(family);
    } catch (UnsupportedOperationException e) {
      throw new IOException("this host has no IPv6", e);
    }
    try {
      return server.bind(new InetSocketAddress(address, PORT));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  ListenerItem item() {
    return item;
  }

  /** Whether its namespace still has its name, and its link's device is still the same. */
  boolean isThere() {
    if (!NetworkNamespace.identity(item.namespace()).equals(Optional.of(namespace))) {
      return false;
    }
    if (!item.isOfLink()) {
      return true;
    }
    try (NetworkNamespace own = NetworkNamespace.open(item.namespace())) {
      return link(own, item.device()) == link;
    } catch (IOException e) {
      return false;
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        begin(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "{0}: {1}", item.namespace(), e.getMessage());
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1)); // no descriptors are left, it may be
      }
    }
  }

  private void begin(SocketChannel channel) throws IOException {
    InetAddress source = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
    if (open.size() >= MAX || ofSource.getOrDefault(source, 0) >= MAX_OF_SOURCE) {
      channel.close();
      return;
    }
    ofSource.merge(source, 1, Integer::sum);
    open.put(channel, source);
    Thread.ofVirtual()
        .name("metadata-guest")
        .start(() -> {
          try {
            serve.accept(channel);
          } finally {
            open.remove(channel);
            ofSource.computeIfPresent(source, (address, n) -> n == 1 ? null : n - 1);
          }
        });
  }

  /** Ends it with all its connections, so that nothing of it keeps the namespace. */
  @Override
  public void close() {
    if (watch != null) {
      close(watch);
    }
    close(server);
    open.keySet().forEach(Listener::close);
  }

  private static void close(AutoCloseable channel) {
    try {
      channel.close();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.DEBUG, "closing a socket", e);
    }
  }
}
