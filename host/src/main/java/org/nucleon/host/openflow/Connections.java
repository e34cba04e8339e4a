package org.nucleon.host.openflow;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tracked connections of a zone, by their original direction; what is null or 0 may be anything.
 *
 * @param zone the zone, 0 to 65535
 * @param protocol the IP protocol, or 0
 * @param source who began the connection
 * @param target with whom, before translation
 * @param targetPort the transport port, or 0
 */
public record Connections(
    int zone,
    int protocol,
    @Nullable InetAddress source,
    @Nullable InetAddress target,
    int targetPort) {
  private static final int ORIGINAL = 0;
  private static final int ZONE = 2;
  private static final int SOURCE = 0;
  private static final int TARGET = 1;
  private static final int TARGET_PORT = 3;

  /** Every connection of a zone. */
  public static Connections inZone(int zone) {
    return new Connections(zone, 0, null, null, 0);
  }

  /** Those of this IP protocol. */
  public Connections ofProtocol(int number) {
    return new Connections(zone, number, source, target, targetPort);
  }

  /** Those that this address began. */
  public Connections from(InetAddress address) {
    return new Connections(zone, protocol, address, target, targetPort);
  }

  /** Those to this address. */
  public Connections to(InetAddress address) {
    return new Connections(zone, protocol, source, address, targetPort);
  }

  /** Those to this transport port. */
  public Connections toPort(int port) {
    return new Connections(zone, protocol, source, target, port);
  }

  /** The body of Open vSwitch's NXT_CT_FLUSH, of version 3.1 and later. */
  void encode(Encoder out) {
    out.u8(protocol).zeros(7);
    int start = out.size();
    out.u16(ORIGINAL).u16(0).zeros(4);
    address(SOURCE, source, out);
    address(TARGET, target, out);
    if (targetPort != 0) {
      number(TARGET_PORT, targetPort, out);
    }
    out.length(start + 2, start);
    number(ZONE, zone, out);
  }

  private static void number(int type, int value, Encoder out) {
    out.u16(type).u16(8).u16(value).zeros(2);
  }

  private static void address(int type, @Nullable InetAddress address, Encoder out) {
    if (address == null) {
      return;
    }
    int start = out.size();
    out.u16(type).u16(20);
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      out.zeros(10).u16(0xffff);
    }
    out.bytes(bytes).pad8(start);
  }
}
