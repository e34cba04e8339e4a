package org.nucleon.host.ethernet;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.nucleon.host.namespace.NativeSocket;
import org.nucleon.host.namespace.NetworkNamespace;

/**
 * Tells a link who has an address now, so that its neighbours forget who had it before: gratuitous
 * ARP (RFC 5227, 5944) for IPv4, an unsolicited neighbour advertisement (RFC 4861, 7.2.6) for IPv6.
 *
 * @param address the address
 * @param mac who has it
 */
public record Announcement(InetAddress address, MacAddress mac) {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int ARP = 0x0806;
  private static final int IPV6 = 0x86dd;
  private static final int ICMPV6 = 58;
  private static final byte[] ALL_NODES = {
    (byte) 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };

  /**
   * The frames that announce it: for IPv4 an ARP request and an ARP reply, since some heed the one
   * and some the other; for IPv6 one advertisement with the override flag, and the router flag.
   */
  public List<byte[]> frames() {
    return address instanceof Inet6Address
        ? List.of(advertisement(address.getAddress()))
        : List.of(arp(address.getAddress(), 1), arp(address.getAddress(), 2));
  }

  /**
   * Sends the frames of several announcements out of a device.
   *
   * @param namespace where the device is
   * @param link the device's index
   * @throws IOException ENETDOWN if the device is down
   */
  public static void send(NetworkNamespace namespace, int link, List<Announcement> announcements)
      throws IOException {
    // Protocol 0: this socket only sends and shall receive nothing.
    try (NativeSocket socket = NativeSocket.open(namespace, AF_PACKET, SOCK_RAW, 0)) {
      byte[] destination =
          ByteBuffer.allocate(20)
              .order(ByteOrder.nativeOrder())
              .putShort((short) AF_PACKET)
              .putInt(4, link)
              .array();
      for (Announcement announcement : announcements) {
        for (byte[] frame : announcement.frames()) {
          socket.send(frame, destination);
        }
      }
    }
  }

  private byte[] arp(byte[] ipv4, int operation) {
    byte[] target = operation == 1 ? new byte[6] : MacAddress.BROADCAST.bytes();
    return ByteBuffer.allocate(42)
        .put(MacAddress.BROADCAST.bytes())
        .put(mac.bytes())
        .putShort((short) ARP)
        .putShort((short) 1)
        .putShort((short) 0x0800)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) operation)
        .put(mac.bytes())
        .put(ipv4)
        .put(target)
        .put(ipv4)
        .array();
  }

  private byte[] advertisement(byte[] ipv6) {
    int router = 0x8000_0000;
    int override = 0x2000_0000;
    byte[] icmp =
        ByteBuffer.allocate(32)
            .put((byte) 136)
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(router | override)
            .put(ipv6)
            .put((byte) 2)
            .put((byte) 1)
            .put(mac.bytes())
            .array();
    ByteBuffer.wrap(icmp).putShort(2, (short) checksum(ipv6, icmp));
    return ByteBuffer.allocate(14 + 40 + icmp.length)
        .put(new byte[] {0x33, 0x33, 0, 0, 0, 1})
        .put(mac.bytes())
        .putShort((short) IPV6)
        .putInt(0x6000_0000)
        .putShort((short) icmp.length)
        .put((byte) ICMPV6)
        .put((byte) 255)
        .put(ipv6)
        .put(ALL_NODES)
        .put(icmp)
        .array();
  }

  /** The internet checksum over the pseudo header and the message, RFC 4443, 2.3. */
  private static int checksum(byte[] source, byte[] icmp) {
    ByteBuffer all =
        ByteBuffer.allocate(40 + icmp.length)
            .put(source)
            .put(ALL_NODES)
            .putInt(icmp.length)
            .putInt(ICMPV6)
            .put(icmp)
            .flip();
    int sum = 0;
    while (all.hasRemaining()) {
      sum += all.getShort() & 0xffff;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }
}
