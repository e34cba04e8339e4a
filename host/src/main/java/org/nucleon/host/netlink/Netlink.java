package org.nucleon.host.netlink;

import static org.nucleon.host.netlink.Rtnetlink.*;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;

/**
 * The rtnetlink socket of one namespace: lists what is there and changes it. Usable by any number
 * of threads, from any namespace. See rtnetlink(7).
 */
public final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_NETLINK = 270;
  private static final int CAP_ACK = 10;
  private static final int EXT_ACK = 11;
  private static final int STRICT_CHECK = 12;

  /** So many acknowledgements fit into the receive buffer for certain. */
  private static final int BATCH = 256;

  private static final int RECEIVE_BUFFER = 1 << 20;
  private static final int DUMP_ATTEMPTS = 100;

  private final NativeSocket socket;
  private final ReentrantLock lock = new ReentrantLock();
  private int sequence;

  private Netlink(NativeSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket in a namespace, which it keeps alive.
   *
   * @throws IOException if the kernel refuses
   */
  public static Netlink open(NetworkNamespace namespace) throws IOException {
    NativeSocket socket = NativeSocket.open(namespace, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    try {
      socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
      socket.option(SOL_NETLINK, CAP_ACK, 1);
      socket.option(SOL_NETLINK, EXT_ACK, 1);
      socket.option(SOL_NETLINK, STRICT_CHECK, 1);
      return new Netlink(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Sends requests as one batch, see {@link #apply(List)}.
   *
   * @throws NetlinkException the first refusal, the others suppressed in it
   */
  public void apply(Request... requests) throws IOException {
    apply(List.of(requests));
  }

  /**
   * Sends requests as one batch. The kernel does them in order; one that it refuses stops none of
   * the others.
   *
   * @throws NetlinkException the first refusal, the others suppressed in it
   */
  public void apply(List<Request> requests) throws IOException {
    List<NetlinkException> refusals = List.copyOf(attempt(requests).values());
    if (!refusals.isEmpty()) {
      NetlinkException first = refusals.getFirst();
      refusals.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /**
   * Like {@link #apply(List)}, but returns what was refused, and why, by the place of the request
   * in the list.
   *
   * @throws IOException if the socket itself fails
   */
  public Map<Integer, NetlinkException> attempt(List<Request> requests) throws IOException {
    Map<Integer, NetlinkException> refusals = new LinkedHashMap<>();
    lock.lock();
    try {
      for (int from = 0; from < requests.size(); from += BATCH) {
        batch(requests, from, Math.min(requests.size(), from + BATCH), refusals);
      }
    } finally {
      lock.unlock();
    }
    return refusals;
  }

  private void batch(
      List<Request> requests, int from, int to, Map<Integer, NetlinkException> refusals)
      throws IOException {
    MessageWriter out = new MessageWriter();
    int first = sequence + 1;
    for (int i = from; i < to; i++) {
      Encoder.encode(out, requests.get(i), ++sequence);
    }
    socket.send(out.bytes());
    int acknowledged = 0;
    while (acknowledged < to - from) {
      for (Message message : Message.split(socket.receive())) {
        int place = message.sequence() - first;
        if (message.type() != NLMSG_ERROR || place < 0 || place >= to - from) {
          continue;
        }
        acknowledged++;
        int error = message.error();
        if (error != 0) {
          Request request = requests.get(from + place);
          refusals.put(
              from + place,
              new NetlinkException(request.toString(), new Errno(error), message.explanation()));
        }
      }
    }
  }

  /**
   * All links.
   *
   * @throws IOException if the kernel refuses
   */
  public List<Link> links() throws IOException {
    return dump(Link.class, GETLINK, 0);
  }

  /**
   * The link of a name, if there is one.
   *
   * @throws IOException if the kernel refuses
   */
  public Optional<Link> link(String name) throws IOException {
    lock.lock();
    try {
      int mine = ++sequence;
      socket.send(Encoder.linkByName(name, mine));
      while (true) {
        for (Message message : Message.split(socket.receive())) {
          if (message.sequence() != mine) {
            continue;
          }
          if (message.type() == NLMSG_ERROR) {
            Errno errno = new Errno(message.error());
            if (errno.equals(Errno.ENODEV)) {
              return Optional.empty();
            }
            throw new NetlinkException("find link " + name, errno, message.explanation());
          }
          return Decoder.decode(message.type(), message.body()) instanceof Link link
              ? Optional.of(link)
              : Optional.empty();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * All addresses, IPv4 and IPv6.
   *
   * @throws IOException if the kernel refuses
   */
  public List<Address> addresses() throws IOException {
    return dumpBoth(Address.class, GETADDR);
  }

  /**
   * All routes of all tables, IPv4 and IPv6; the kernel's own (table 255) included.
   *
   * @throws IOException if the kernel refuses
   */
  public List<Route> routes() throws IOException {
    return dumpBoth(Route.class, GETROUTE);
  }

  /**
   * All rules, IPv4 and IPv6; the kernel's own three (protocol 2) included.
   *
   * @throws IOException if the kernel refuses
   */
  public List<Rule> rules() throws IOException {
    return dumpBoth(Rule.class, GETRULE);
  }

  /**
   * All neighbours, IPv4 and IPv6.
   *
   * @throws IOException if the kernel refuses
   */
  public List<Neighbour> neighbours() throws IOException {
    return dumpBoth(Neighbour.class, GETNEIGH);
  }

  private <T extends NetlinkObject> List<T> dumpBoth(Class<T> type, int request)
      throws IOException {
    List<T> both = new ArrayList<>(dump(type, request, AF_INET));
    both.addAll(dump(type, request, AF_INET6));
    return both;
  }

  /** The kernel says when things changed under a dump; such a dump is thrown away. */
  private <T extends NetlinkObject> List<T> dump(Class<T> type, int request, int family)
      throws IOException {
    lock.lock();
    try {
      for (int i = 0; i < DUMP_ATTEMPTS; i++) {
        Optional<List<T>> dump = dumpOnce(type, request, family);
        if (dump.isPresent()) {
          return dump.get();
        }
      }
    } finally {
      lock.unlock();
    }
    throw new NetlinkException("list " + type.getSimpleName() + "s", Errno.EINTR, "ever changing");
  }

  private <T extends NetlinkObject> Optional<List<T>> dumpOnce(
      Class<T> type, int request, int family) throws IOException {
    int mine = ++sequence;
    socket.send(Encoder.dump(request, family, mine));
    List<T> found = new ArrayList<>();
    boolean interrupted = false;
    while (true) {
      for (Message message : Message.split(socket.receive())) {
        if (message.sequence() != mine) {
          continue;
        }
        interrupted |= (message.flags() & DUMP_INTERRUPTED) != 0;
        int error =
            message.type() == NLMSG_ERROR || message.type() == NLMSG_DONE ? message.error() : 0;
        if (error != 0) {
          throw new NetlinkException(
              "list " + type.getSimpleName() + "s", new Errno(error), message.explanation());
        }
        if (message.type() == NLMSG_DONE) {
          return interrupted ? Optional.empty() : Optional.of(found);
        }
        NetlinkObject object = Decoder.decode(message.type(), message.body());
        if (type.isInstance(object)) {
          found.add(type.cast(object));
        }
      }
    }
  }

  /** Closes the socket. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
