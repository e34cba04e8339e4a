package org.nucleon.lab;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Who sends an IP packet to whom; from that, frames. Lengths and checksums are right, so that only
 * what a row of a table asks for is wrong.
 *
 * @param sourceMac the frame's source
 * @param targetMac the frame's destination
 * @param source an IP address
 * @param target an IP address of the same version
 */
record Packet(String sourceMac, String targetMac, String source, String target) {

  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int ICMPV6 = 58;

  /**
   * What Open vSwitch does not take for an attack: over 1,280 octets with headers, see
   * ipf-set-min-frag.
   */
  private static final int FRAGMENT = 1304;

  private static final int FRAGMENT_HEADER = 44;
  private static final int SYN = 0x02;
  private static final int ACK = 0x10;
  private static final String ALL_NODES = "ff02::1";
  private static final String ALL_NODES_MAC = "33:33:00:00:00:01";

  /** The same packet from another MAC address. */
  Packet fromMac(String mac) {
    return new Packet(mac, targetMac, source, target);
  }

  /** The same packet from another IP address. */
  Packet from(String address) {
    return new Packet(sourceMac, targetMac, address, target);
  }

  private Packet toAllNodes() {
    return new Packet(sourceMac, ALL_NODES_MAC, source, ALL_NODES);
  }

  private boolean isIpv6() {
    return source.indexOf(':') >= 0;
  }

  /** A datagram with text in it. */
  Frame udp(int from, int to, String text) {
    return ip(UDP, datagram(from, to, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A datagram in several fragments; the text is in the last. */
  List<Frame> fragments(int from, int to, String text) {
    return fragments(UDP, datagram(from, to, longPayload(text)), text);
  }

  /** ICMP of the addresses' version in several fragments; the text is in the last. */
  List<Frame> icmpFragments(int type, int code, String text) {
    return fragments(isIpv6() ? ICMPV6 : ICMP, icmp(type, code, longPayload(text)), text);
  }

  private static byte[] longPayload(String text) {
    byte[] end = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer payload = ByteBuffer.allocate(2400);
    return payload.position(payload.capacity() - end.length).put(end).array();
  }

  private List<Frame> fragments(int protocol, byte[] whole, String text) {
    List<Frame> frames = new ArrayList<>();
    int identification = 1 + (text.hashCode() & 0x7ffe);
    for (int start = 0; start < whole.length; start += FRAGMENT) {
      int length = Math.min(FRAGMENT, whole.length - start);
      boolean more = start + length < whole.length;
      byte[] part = new byte[length];
      System.arraycopy(whole, start, part, 0, length);
      frames.add(fragment(protocol, part, start, more, identification));
    }
    return frames;
  }

  private Frame fragment(int protocol, byte[] part, int start, boolean more, int identification) {
    if (!isIpv6()) {
      return ethernet(ipv4(protocol, part, identification, (more ? 0x2000 : 0) | start / 8));
    }
    ByteBuffer header = ByteBuffer.allocate(8 + part.length);
    header.put((byte) protocol).put((byte) 0).putShort((short) (start | (more ? 1 : 0)));
    header.putInt(identification).put(part);
    return ethernet(ipv6(FRAGMENT_HEADER, header.array(), 64));
  }

  /** The opening of a TCP connection. */
  Frame syn(int from, int to, int sequence) {
    return tcp(from, to, SYN, sequence, 0);
  }

  /** The answer to an opening. */
  Frame synAck(int from, int to, int sequence, int acknowledged) {
    return tcp(from, to, SYN | ACK, sequence, acknowledged);
  }

  /** What goes on in a connection. */
  Frame ack(int from, int to, int sequence, int acknowledged) {
    return tcp(from, to, ACK, sequence, acknowledged);
  }

  private Frame tcp(int from, int to, int flags, int sequence, int acknowledged) {
    ByteBuffer segment = ByteBuffer.allocate(20);
    segment.putShort((short) from).putShort((short) to).putInt(sequence).putInt(acknowledged);
    segment.put((byte) 0x50).put((byte) flags).putShort((short) 0x7fff).putInt(0);
    return ip(TCP, withChecksum(TCP, segment, 16));
  }

  /** ICMP of the addresses' version, with text in it. */
  Frame icmp(int type, int code, String text) {
    return ip(isIpv6() ? ICMPV6 : ICMP, icmp(type, code, text.getBytes(StandardCharsets.UTF_8)));
  }

  private byte[] icmp(int type, int code, byte[] payload) {
    ByteBuffer message = ByteBuffer.allocate(8 + payload.length);
    message.put((byte) type).put((byte) code).position(4).putShort((short) 7).putShort((short) 1);
    message.put(payload);
    return isIpv6()
        ? withChecksum(ICMPV6, message, 2)
        : message.putShort(2, checksum(message.array())).array();
  }

  /** A packet of any protocol, with text in it. */
  Frame protocol(int number, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    return ip(number, ByteBuffer.allocate(16 + payload.length).put(16, payload).array());
  }

  /** A frame that is of no protocol that anybody knows. */
  Frame notIp(String text) {
    return ethernet(
        0x88b5, ByteBuffer.allocate(64).put(text.getBytes(StandardCharsets.UTF_8)).array());
  }

  /** The word, to all, that an address is at a MAC address (RFC 4861). */
  Frame advertisement(String address, String mac) {
    return neighbour(136, address, 2, mac);
  }

  /** The question, to all, where an address is. */
  Frame solicitation(String address, String mac) {
    return neighbour(135, address, 1, mac);
  }

  /** The question, before it is one's own, whether an address is anybody's (RFC 4862). */
  Frame probe(String address) {
    byte[] octets = octets(address);
    String last = HexFormat.of().formatHex(octets, 13, 16);
    Packet asked =
        new Packet(
            sourceMac,
            "33:33:ff:%s:%s:%s"
                .formatted(last.substring(0, 2), last.substring(2, 4), last.substring(4)),
            "::",
            "ff02::1:ff%s:%s".formatted(last.substring(0, 2), last.substring(2)));
    ByteBuffer message = ByteBuffer.allocate(24).put((byte) 135).position(8).put(octets);
    return asked.ethernet(asked.ipv6(ICMPV6, asked.withChecksum(ICMPV6, message, 2), 255));
  }

  private Frame neighbour(int type, String address, int option, String mac) {
    ByteBuffer message = ByteBuffer.allocate(32);
    message.put((byte) type).position(4).putInt(type == 136 ? 0x2000_0000 : 0);
    message.put(octets(address)).put((byte) option).put((byte) 1).put(mac(mac));
    Packet all = toAllNodes();
    return all.ethernet(all.ipv6(ICMPV6, all.withChecksum(ICMPV6, message, 2), 255));
  }

  /** The word of a router, to all. */
  Frame routerAdvertisement() {
    ByteBuffer message = ByteBuffer.allocate(16);
    message.put((byte) 134).position(4).put((byte) 64).position(6).putShort((short) 1800);
    Packet all = toAllNodes();
    return all.ethernet(all.ipv6(ICMPV6, all.withChecksum(ICMPV6, message, 2), 255));
  }

  private byte[] datagram(int from, int to, byte[] payload) {
    ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
    datagram.putShort((short) from).putShort((short) to);
    datagram.putShort((short) datagram.capacity()).position(8).put(payload);
    return withChecksum(UDP, datagram, 6);
  }

  private byte[] withChecksum(int protocol, ByteBuffer message, int at) {
    byte[] octets = new byte[message.capacity()];
    message.get(0, octets);
    byte[] from = octets(source);
    byte[] to = octets(target);
    ByteBuffer pseudo = ByteBuffer.allocate(from.length + to.length + 8 + octets.length);
    pseudo.put(from).put(to).putInt(octets.length).putInt(protocol).put(octets);
    short sum = checksum(pseudo.array());
    octets[at] = (byte) (sum >> 8);
    octets[at + 1] = (byte) sum;
    return octets;
  }

  private Frame ip(int protocol, byte[] payload) {
    return ethernet(isIpv6() ? ipv6(protocol, payload, 64) : ipv4(protocol, payload, 0, 0));
  }

  private byte[] ipv4(int protocol, byte[] payload, int identification, int fragment) {
    ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
    packet.putShort((short) 0x4500).putShort((short) packet.capacity());
    packet.putShort((short) identification).putShort((short) fragment);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.put(octets(source)).put(octets(target));
    byte[] header = new byte[20];
    packet.get(0, header).put(payload);
    return packet.putShort(10, checksum(header)).array();
  }

  private byte[] ipv6(int next, byte[] payload, int hops) {
    ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
    packet.putInt(0x60000000).putShort((short) payload.length).put((byte) next).put((byte) hops);
    return packet.put(octets(source)).put(octets(target)).put(payload).array();
  }

  private Frame ethernet(byte[] packet) {
    return ethernet(isIpv6() ? Frame.IPV6 : Frame.IPV4, packet);
  }

  private Frame ethernet(int type, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put(mac(targetMac)).put(mac(sourceMac)).putShort((short) type).put(payload);
    return new Frame(HexFormat.of().formatHex(frame.array()));
  }

  private static byte[] mac(String mac) {
    return HexFormat.ofDelimiter(":").parseHex(mac);
  }

  private static byte[] octets(String address) {
    return InetAddress.ofLiteral(address).getAddress();
  }

  /** The Internet checksum (RFC 1071). */
  private static short checksum(byte[] octets) {
    int sum = 0;
    for (int i = 0; i < octets.length; i++) {
      sum += (octets[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }
}
