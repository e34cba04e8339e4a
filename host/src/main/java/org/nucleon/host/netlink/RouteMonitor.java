package org.nucleon.host.netlink;

import static org.nucleon.host.netlink.Rtnetlink.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.function.Consumer;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.namespace.SystemCallException;

/** Tells what happens to links, addresses, routes, rules and neighbours of one namespace. */
public final class RouteMonitor implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final NativeSocket socket;
  private final Consumer<NetlinkEvent> listener;
  private final EventLoop.Registration registration;

  private RouteMonitor(NativeSocket socket, EventLoop loop, Consumer<NetlinkEvent> listener)
      throws IOException {
    this.socket = socket;
    this.listener = listener;
    this.registration = loop.register(socket.descriptor(), this::read);
  }

  /** What can be watched. */
  public enum Group {
    /** Links. */
    LINK(0x1),
    /** Neighbours. */
    NEIGHBOUR(0x4),
    /** IPv4 addresses. */
    IPV4_ADDRESS(0x10),
    /** IPv4 routes. */
    IPV4_ROUTE(0x40),
    /** IPv4 rules. */
    IPV4_RULE(0x80),
    /** IPv6 addresses. */
    IPV6_ADDRESS(0x100),
    /** IPv6 routes. */
    IPV6_ROUTE(0x400),
    /** IPv6 rules. */
    IPV6_RULE(0x40000);

    private final int bit;

    Group(int bit) {
      this.bit = bit;
    }
  }

  /**
   * Starts to watch. What happens after this returns is told; what is there is to be read then.
   *
   * @param groups what is watched
   * @param listener called on the event loop's thread, one event at a time, also for what this
   *     process does; must not block
   * @throws IOException if the kernel refuses
   */
  public static RouteMonitor watch(
      EventLoop loop,
      NetworkNamespace namespace,
      Set<Group> groups,
      Consumer<NetlinkEvent> listener)
      throws IOException {
    int bits = groups.stream().mapToInt(group -> group.bit).reduce(0, (a, b) -> a | b);
    NativeSocket socket = NativeSocket.open(namespace, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    try {
      socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
      socket.bind(address(bits));
      return new RouteMonitor(socket, loop, listener);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** struct sockaddr_nl with a port id of the kernel's choice. */
  private static byte[] address(int groups) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_NETLINK)
        .putInt(8, groups)
        .array();
  }

  private void read() throws IOException {
    byte[] datagram;
    try {
      datagram = socket.receiveNow();
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ENOBUFS)) {
        listener.accept(new NetlinkEvent.Overrun());
        return;
      }
      if (e.errno().equals(Errno.EAGAIN)) {
        return;
      }
      throw e;
    }
    for (Message message : Message.split(datagram)) {
      NetlinkObject object = Decoder.decode(message.type(), message.body());
      if (object != null) {
        listener.accept(
            switch (message.type()) {
              case DELLINK, DELADDR, DELROUTE, DELRULE, DELNEIGH -> new NetlinkEvent.Gone(object);
              default -> new NetlinkEvent.Present(object);
            });
      }
    }
  }

  /** Ends the watch. An event that is being told at the moment may still be. */
  @Override
  public void close() throws IOException {
    registration.close();
    socket.close();
  }
}
