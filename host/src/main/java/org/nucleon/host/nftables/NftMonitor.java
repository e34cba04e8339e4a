package org.nucleon.host.nftables;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.namespace.SystemCallException;
import org.nucleon.host.netlink.Message;

/**
 * Tells which tables of a namespace are changed, once per table and transaction, and by whom: the
 * kernel puts the port id of the netlink socket that asked for a change on each of its messages
 * (nfnetlink's group of nf_tables).
 */
public final class NftMonitor implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_NETFILTER = 12;
  private static final int NFNLGRP_NFTABLES = 7;
  private static final int NFNL_SUBSYS_NFTABLES = 10;
  private static final int NFT_MSG_NEWGEN = 15;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final NativeSocket socket;
  private final Consumer<NftEvent> listener;
  private final EventLoop.Registration registration;
  private final Set<NftEvent.TableChanged> transaction = new LinkedHashSet<>();

  private NftMonitor(NativeSocket socket, EventLoop loop, Consumer<NftEvent> listener)
      throws IOException {
    this.socket = socket;
    this.listener = listener;
    this.registration = loop.register(socket.descriptor(), this::read);
  }

  /**
   * Starts to watch a namespace.
   *
   * @param listener called on the event loop's thread when a transaction is over; must not block
   * @throws IOException if the kernel refuses
   */
  public static NftMonitor watch(
      EventLoop loop, NetworkNamespace namespace, Consumer<NftEvent> listener) throws IOException {
    NativeSocket socket = NativeSocket.open(namespace, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    try {
      socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
      int groups = 1 << (NFNLGRP_NFTABLES - 1);
      socket.bind(
          ByteBuffer.allocate(12)
              .order(ByteOrder.nativeOrder())
              .putShort((short) AF_NETLINK)
              .putInt(8, groups)
              .array());
      return new NftMonitor(socket, loop, listener);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void read() throws IOException {
    try {
      for (Message message : Message.split(socket.receiveNow())) {
        accept(message);
      }
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ENOBUFS)) {
        transaction.clear();
        listener.accept(new NftEvent.Overrun());
      } else if (!e.errno().equals(Errno.EAGAIN)) {
        throw e;
      }
    }
  }

  private void accept(Message message) {
    if (message.type() >> 8 != NFNL_SUBSYS_NFTABLES) {
      return;
    }
    if ((message.type() & 0xff) == NFT_MSG_NEWGEN) {
      transaction.forEach(listener);
      transaction.clear();
      return;
    }
    table(message).ifPresent(transaction::add);
  }

  /**
   * Whatever a message is about (table, chain, rule, set, element, object), its attribute 1 is the
   * table's name.
   */
  private static Optional<NftEvent.TableChanged> table(Message message) {
    ByteBuffer body = message.body();
    int family = body.get(0) & 0xff;
    int offset = 4;
    while (body.limit() - offset >= 4) {
      int length = body.getShort(offset) & 0xffff;
      int type = body.getShort(offset + 2) & 0x3fff;
      if (length < 5 || offset + length > body.limit()) {
        break;
      }
      if (type == 1) {
        byte[] name = new byte[length - 5];
        body.get(offset + 4, name);
        return family(family)
            .map(known ->
                new NftEvent.TableChanged(
                    known, new String(name, StandardCharsets.UTF_8), message.port()));
      }
      offset += (length + 3) & ~3;
    }
    return Optional.empty();
  }

  private static Optional<Family> family(int number) {
    for (Family family : Family.values()) {
      if (family.number() == number) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /** Ends the watch. */
  @Override
  public void close() throws IOException {
    registration.close();
    socket.close();
  }
}
