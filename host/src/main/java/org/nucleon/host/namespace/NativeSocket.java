package org.nucleon.host.namespace;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A datagram socket of a family that the JDK does not know: netlink, packet, or any when only an
 * ioctl is wanted. It belongs for its life to the network namespace that it was opened in,
 * whichever thread uses it.
 */
public final class NativeSocket implements AutoCloseable {
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int MSG_DONTWAIT = 0x40;

  /** More than the kernel puts into one netlink datagram (32 KiB for dumps). */
  private static final int LIMIT = 1 << 16;

  private final Descriptor descriptor;

  private NativeSocket(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens a socket in a namespace, see socket(2).
   *
   * @param namespace where
   * @param domain the address family, AF_*
   * @param type SOCK_DGRAM or SOCK_RAW
   * @param protocol as the family numbers it
   * @throws IOException if the kernel refuses
   */
  public static NativeSocket open(NetworkNamespace namespace, int domain, int type, int protocol)
      throws IOException {
    return namespace.call(() -> openHere(domain, type, protocol));
  }

  static NativeSocket openHere(int domain, int type, int protocol) throws IOException {
    return new NativeSocket(new Descriptor(Libc.socket(domain, type | SOCK_CLOEXEC, protocol)));
  }

  /** The descriptor, to be watched by an {@link EventLoop}. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Binds to an address.
   *
   * @param address a sockaddr structure
   * @throws SystemCallException if the kernel refuses
   */
  public void bind(byte[] address) throws SystemCallException {
    Libc.bind(descriptor.number(), address);
  }

  /**
   * The local address as a sockaddr structure of {@code length} bytes.
   *
   * @throws SystemCallException if the kernel refuses
   */
  public byte[] localAddress(int length) throws SystemCallException {
    return Libc.socketName(descriptor.number(), length);
  }

  /**
   * Sets an integer option, see setsockopt(2).
   *
   * @throws SystemCallException if the kernel refuses
   */
  public void option(int level, int option, int value) throws SystemCallException {
    Libc.setOption(descriptor.number(), level, option, value);
  }

  /**
   * Sends one datagram to the address that the family takes by default (the kernel, for netlink).
   *
   * @throws SystemCallException if the kernel refuses
   */
  public void send(byte[] data) throws SystemCallException {
    Libc.send(descriptor.number(), data, null);
  }

  /**
   * Sends one datagram.
   *
   * @param destination a sockaddr structure
   * @throws SystemCallException if the kernel refuses
   */
  public void send(byte[] data, byte[] destination) throws SystemCallException {
    Libc.send(descriptor.number(), data, destination);
  }

  /**
   * Waits for a datagram and returns it whole.
   *
   * @throws SystemCallException ENOBUFS if datagrams were lost; EMSGSIZE if it is over 64 KiB
   */
  public byte[] receive() throws SystemCallException {
    return Libc.receive(descriptor.number(), LIMIT, 0);
  }

  /**
   * Returns a datagram that has already arrived.
   *
   * @throws SystemCallException EAGAIN if there is none; ENOBUFS if datagrams were lost
   */
  public byte[] receiveNow() throws SystemCallException {
    return Libc.receive(descriptor.number(), LIMIT, MSG_DONTWAIT);
  }

  /**
   * Calls ioctl(2), on the namespace of this socket.
   *
   * @param attempt what it is for, readable after "could not"
   * @throws SystemCallException if the kernel refuses
   */
  public void ioctl(long request, MemorySegment argument, String attempt)
      throws SystemCallException {
    Libc.ioctl(descriptor.number(), request, argument, attempt);
  }

  /** Closes the socket. */
  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
