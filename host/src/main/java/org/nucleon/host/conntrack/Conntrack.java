package org.nucleon.host.conntrack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.namespace.SystemCallException;
import org.nucleon.host.netlink.Message;

/**
 * Lists and ends connections that a namespace tracks: the IPv4 ones, and all of a zone. Belongs to
 * one thread at a time.
 */
public final class Conntrack implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_NETFILTER = 12;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int RECEIVE_BUFFER = 1 << 20;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int GET = 1 << 8 | 1;
  private static final int DELETE = 1 << 8 | 2;
  private static final int REQUEST = 0x1;
  private static final int ACK = 0x4;
  private static final int DUMP = 0x300;
  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int HEADER = 16;
  private static final int NESTED = 0x8000;
  private static final int TYPE = 0x3fff;

  /**
   * CTA_TUPLE_ORIG, CTA_TUPLE_REPLY, CTA_ID, CTA_ZONE; in tuples CTA_TUPLE_IP and its addresses.
   */
  private static final int ORIGINAL = 1;

  private static final int REPLY = 2;
  private static final int ID = 12;
  private static final int ZONE = 18;
  private static final int TUPLE_IP = 1;
  private static final int IPV4_SOURCE = 1;
  private static final int IPV4_DESTINATION = 2;

  private final NativeSocket socket;
  private int sequence;

  private Conntrack(NativeSocket socket) {
    this.socket = socket;
  }

  /** A connection, and the attributes by which the kernel knows it. */
  private record Entry(Connection connection, byte[] identity) {}

  /**
   * Opens a socket in a namespace.
   *
   * @throws IOException if the kernel refuses: it may lack connection tracking
   */
  public static Conntrack open(NetworkNamespace namespace) throws IOException {
    NativeSocket socket = NativeSocket.open(namespace, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    try {
      socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
      return new Conntrack(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * All IPv4 connections.
   *
   * @throws IOException if the kernel refuses
   */
  public List<Connection> list() throws IOException {
    return entries().stream().map(Entry::connection).toList();
  }

  /**
   * Forgets connections: their next packets are judged, and translated, as those of new ones.
   *
   * @return how many there were
   * @throws IOException if the kernel refuses
   */
  public int end(Predicate<Connection> which) throws IOException {
    int ended = 0;
    for (Entry entry : entries()) {
      if (which.test(entry.connection())
          && delete(AF_INET, entry.identity(), entry.connection().toString())) {
        ended++;
      }
    }
    return ended;
  }

  /**
   * Forgets all connections of a zone, of both versions of IP.
   *
   * @param zone from 1 on
   * @return how many there were
   * @throws IOException if the kernel refuses
   */
  public int endZone(int zone) throws IOException {
    int ended = 0;
    for (int family : new int[] {AF_INET, AF_INET6}) {
      for (ByteBuffer attributes : dump(family)) {
        ByteBuffer its = find(attributes, ZONE);
        ByteBuffer original = find(attributes, ORIGINAL);
        boolean isInZone =
            its != null
                && its.limit() >= 2
                && (its.order(ByteOrder.BIG_ENDIAN).getShort(0) & 0xffff) == zone;
        if (isInZone
            && original != null
            && delete(family, identity(attributes, original), "a connection of zone " + zone)) {
          ended++;
        }
      }
    }
    return ended;
  }

  private List<Entry> entries() throws IOException {
    return dump(AF_INET).stream().flatMap(attributes -> entry(attributes).stream()).toList();
  }

  /** The attributes of each connection. */
  private List<ByteBuffer> dump(int family) throws IOException {
    int mine = send(family, GET, REQUEST | DUMP, new byte[0]);
    List<ByteBuffer> entries = new ArrayList<>();
    while (true) {
      for (Message message : Message.split(socket.receive())) {
        if (message.sequence() != mine) {
          continue;
        }
        if (message.type() == DONE) {
          return entries;
        }
        if (message.type() == ERROR) {
          throw new SystemCallException("list connections", new Errno(error(message)));
        }
        ByteBuffer body = message.body();
        if (body.limit() >= 4) {
          entries.add(
              body.duplicate()
                  .order(ByteOrder.nativeOrder())
                  .position(4)
                  .slice()
                  .order(ByteOrder.nativeOrder()));
        }
      }
    }
  }

  private boolean delete(int family, byte[] identity, String what) throws IOException {
    int mine = send(family, DELETE, REQUEST | ACK, identity);
    while (true) {
      for (Message message : Message.split(socket.receive())) {
        if (message.sequence() == mine && message.type() == ERROR) {
          Errno errno = new Errno(error(message));
          if (errno.number() != 0 && !errno.equals(Errno.ENOENT)) {
            throw new SystemCallException("end " + what, errno);
          }
          return errno.number() == 0;
        }
      }
    }
  }

  private static int error(Message message) {
    return -message.body().getInt(0);
  }

  private int send(int family, int type, int flags, byte[] attributes) throws IOException {
    int length = HEADER + 4 + attributes.length;
    sequence++;
    socket.send(
        ByteBuffer.allocate(length)
            .order(ByteOrder.nativeOrder())
            .putInt(length)
            .putShort((short) type)
            .putShort((short) flags)
            .putInt(sequence)
            .putInt(0)
            .put((byte) family)
            .put((byte) 0)
            .putShort((short) 0)
            .put(attributes)
            .array());
    return sequence;
  }

  private static Optional<Entry> entry(ByteBuffer attributes) {
    ByteBuffer original = find(attributes, ORIGINAL);
    ByteBuffer reply = find(attributes, REPLY);
    if (original == null || reply == null) {
      return Optional.empty();
    }
    InetAddress source = address(original, IPV4_SOURCE);
    InetAddress destination = address(original, IPV4_DESTINATION);
    InetAddress replySource = address(reply, IPV4_SOURCE);
    InetAddress replyDestination = address(reply, IPV4_DESTINATION);
    if (source == null || destination == null || replySource == null || replyDestination == null) {
      return Optional.empty();
    }
    Connection connection = new Connection(source, destination, replySource, replyDestination);
    return Optional.of(new Entry(connection, identity(attributes, original)));
  }

  /** The id keeps a later connection of the same addresses and ports from being taken for this. */
  private static byte[] identity(ByteBuffer attributes, ByteBuffer original) {
    ByteBuffer out = ByteBuffer.allocate(attributes.limit() + 32).order(ByteOrder.nativeOrder());
    put(out, ORIGINAL | NESTED, original);
    for (int type : new int[] {ID, ZONE}) {
      ByteBuffer value = find(attributes, type);
      if (value != null) {
        put(out, type, value);
      }
    }
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  private static void put(ByteBuffer out, int type, ByteBuffer value) {
    out.putShort((short) (4 + value.limit())).putShort((short) type).put(value.duplicate());
    out.position((out.position() + 3) & ~3);
  }

  private static @Nullable InetAddress address(ByteBuffer tuple, int which) {
    ByteBuffer ip = find(tuple, TUPLE_IP);
    ByteBuffer value = ip == null ? null : find(ip, which);
    if (value == null || value.limit() != 4) {
      return null;
    }
    byte[] bytes = new byte[4];
    value.get(0, bytes);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable ByteBuffer find(ByteBuffer attributes, int wanted) {
    int start = 0;
    while (attributes.limit() - start >= 4) {
      int length = attributes.getShort(start) & 0xffff;
      int type = attributes.getShort(start + 2) & TYPE;
      if (length < 4 || start + length > attributes.limit()) {
        return null;
      }
      if (type == wanted) {
        return attributes.slice(start + 4, length - 4).order(ByteOrder.nativeOrder());
      }
      start += (length + 3) & ~3;
    }
    return null;
  }

  /** Closes the socket. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
