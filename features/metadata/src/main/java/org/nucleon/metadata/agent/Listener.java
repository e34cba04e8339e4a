package org.nucleon.metadata.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.nucleon.dhcp.api.IsolatedMetadata;
import org.nucleon.host.namespace.NetworkNamespace;

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
  private final ServerSocketChannel server;
  private final Consumer<SocketChannel> serve;
  private final Map<SocketChannel, InetAddress> open = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> ofSource = new ConcurrentHashMap<>();

  private Listener(
      ListenerItem item,
      Object namespace,
      ServerSocketChannel server,
      Consumer<SocketChannel> serve) {
    this.item = item;
    this.namespace = namespace;
    this.server = server;
    this.serve = serve;
  }

  /**
   * Begins to listen.
   *
   * @param serve answers on a connection and closes it; run by a virtual thread for each
   * @throws IOException if there is no such namespace or it has not got the address
   */
  static Listener open(ListenerItem item, Consumer<SocketChannel> serve) throws IOException {
    Object identity =
        NetworkNamespace.identity(item.namespace())
            .orElseThrow(() -> new IOException("there is no namespace " + item.namespace()));
    try (NetworkNamespace namespace = NetworkNamespace.open(item.namespace())) {
      ServerSocketChannel server = namespace.call(Listener::bind);
      Listener listener = new Listener(item, identity, server, serve);
      Thread.ofVirtual().name("metadata-" + item.namespace()).start(listener::accept);
      return listener;
    }
  }

  private static ServerSocketChannel bind() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
    try {
      return server.bind(new InetSocketAddress(IsolatedMetadata.ADDRESS.toInetAddress(), PORT));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  ListenerItem item() {
    return item;
  }

  /** Whether its namespace still has its name. */
  boolean isThere() {
    return NetworkNamespace.identity(item.namespace()).equals(Optional.of(namespace));
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
    close(server);
    open.keySet().forEach(Listener::close);
  }

  private static void close(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing a socket", e);
    }
  }
}
