package org.nucleon.host.openflow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;

/** Port descriptions and port-status messages; openflow-1.5.1 sections 7.2.1 and 7.4.3. */
final class PortCodec {
  private static final int NAME_BYTES = 16;

  private PortCodec() {}

  static List<Port> ports(ByteBuffer in) {
    var ports = new ArrayList<Port>();
    while (in.hasRemaining()) {
      int length = Short.toUnsignedInt(in.getShort(in.position() + 4));
      ports.add(port(in.slice(in.position(), length)));
      in.position(in.position() + length);
    }
    return ports;
  }

  /** Null for a reason that openflow-1.5.1 does not have. */
  static @Nullable PortEvent status(ByteBuffer in) {
    Port port = port(in.slice(8, in.limit() - 8));
    return switch (in.get(0)) {
      case 0 -> new PortEvent.Added(port);
      case 1 -> new PortEvent.Removed(port);
      case 2 -> new PortEvent.Modified(port);
      default -> null;
    };
  }

  private static Port port(ByteBuffer in) {
    long number = Integer.toUnsignedLong(in.getInt(0));
    var mac = new byte[6];
    in.get(8, mac);
    var name = new byte[NAME_BYTES];
    in.get(16, name);
    int end = 0;
    while (end < NAME_BYTES && name[end] != 0) {
      end++;
    }
    boolean down = (in.getInt(32) & 1) != 0;
    boolean linkDown = (in.getInt(36) & 1) != 0;
    return new Port(
        number,
        new String(name, 0, end, StandardCharsets.UTF_8),
        new MacAddress(Bits.of(mac).low()),
        down,
        linkDown);
  }
}
