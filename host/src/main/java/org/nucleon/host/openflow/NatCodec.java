package org.nucleon.host.openflow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Nicira's NAT action behind its header: flags, which ranges are there, the ranges. */
final class NatCodec {
  private static final int SOURCE = 1;
  private static final int TARGET = 2;
  private static final int IPV4_MIN = 1;
  private static final int IPV4_MAX = 2;
  private static final int IPV6_MIN = 4;
  private static final int IPV6_MAX = 8;
  private static final int PORT_MIN = 16;
  private static final int PORT_MAX = 32;

  private NatCodec() {}

  static void encode(Nat nat, Encoder out) {
    InetAddress first = nat.first();
    InetAddress last = nat.last();
    PortRange ports = nat.ports();
    out.zeros(2);
    out.u16(
        switch (nat.kind()) {
          case EXISTING -> 0;
          case SOURCE -> SOURCE;
          case TARGET -> TARGET;
        });
    boolean six = first != null && first.getAddress().length == 16;
    boolean several = last != null && !last.equals(first);
    boolean manyPorts = ports != null && ports.last() != ports.first();
    out.u16(
        (first == null ? 0 : six ? IPV6_MIN : IPV4_MIN)
            | (several ? (six ? IPV6_MAX : IPV4_MAX) : 0)
            | (ports == null ? 0 : PORT_MIN)
            | (manyPorts ? PORT_MAX : 0));
    if (first != null) {
      out.bytes(first.getAddress());
    }
    if (last != null && several) {
      out.bytes(last.getAddress());
    }
    if (ports != null) {
      out.u16(ports.first());
    }
    if (ports != null && manyPorts) {
      out.u16(ports.last());
    }
  }

  /** Null if it says what {@link Nat} can't. */
  static @Nullable Nat decode(ByteBuffer in) {
    in.getShort();
    int flags = in.getShort();
    int there = in.getShort();
    if ((flags & ~(SOURCE | TARGET)) != 0) {
      return null;
    }
    InetAddress first = address(in, there, IPV4_MIN, 4, null);
    InetAddress last = address(in, there, IPV4_MAX, 4, first);
    first = address(in, there, IPV6_MIN, 16, first);
    last = address(in, there, IPV6_MAX, 16, last == null ? first : last);
    PortRange ports = null;
    if ((there & PORT_MIN) != 0) {
      int low = Short.toUnsignedInt(in.getShort());
      ports =
          new PortRange(low, (there & PORT_MAX) == 0 ? low : Short.toUnsignedInt(in.getShort()));
    }
    if (flags == 0) {
      return first == null && ports == null ? Nat.existing() : null;
    }
    return first == null
        ? null
        : new Nat(flags == SOURCE ? Nat.Kind.SOURCE : Nat.Kind.TARGET, first, last, ports);
  }

  private static @Nullable InetAddress address(
      ByteBuffer in, int there, int flag, int bytes, @Nullable InetAddress otherwise) {
    if ((there & flag) == 0) {
      return otherwise;
    }
    var address = new byte[bytes];
    in.get(address);
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of " + bytes + " bytes", e);
    }
  }
}
