package org.nucleon.lab;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * An Ethernet frame, mostly one that a guest should not be able to send. The builders fill in
 * lengths and checksums, so that only what a scenario asks for is wrong with it.
 *
 * @param hex its octets from the destination address on, in hexadecimal, without the checksum
 */
public record Frame(String hex) {
  /** The EtherType of IPv4. */
  public static final int IPV4 = 0x0800;

  /** The EtherType of ARP. */
  public static final int ARP = 0x0806;

  /** The EtherType of IPv6. */
  public static final int IPV6 = 0x86dd;

  private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
  private static final HexFormat HEX = HexFormat.of();

  /** Reads what a capture prints. */
  static Frame ofHex(String hex) {
    return new Frame(hex);
  }

  /**
   * An ARP request (RFC 826).
   *
   * @param sourceMac the frame's source, and the sender in the request
   * @param senderIp the IPv4 address that the sender claims
   * @param targetIp the IPv4 address asked for
   * @return the frame, to everybody
   */
  public static Frame arpRequest(String sourceMac, String senderIp, String targetIp) {
    return arp(sourceMac, BROADCAST, 1, senderIp, "00:00:00:00:00:00", targetIp);
  }

  /**
   * An ARP reply (RFC 826).
   *
   * @param sourceMac the frame's source, and the sender in the reply
   * @param senderIp the IPv4 address that the sender claims
   * @param targetMac whom it is sent to
   * @param targetIp that one's IPv4 address
   * @return the frame
   */
  public static Frame arpReply(
      String sourceMac, String senderIp, String targetMac, String targetIp) {
    return arp(sourceMac, targetMac, 2, senderIp, targetMac, targetIp);
  }

  /**
   * A UDP datagram over IPv4 (RFC 768).
   *
   * @param sourceMac the frame's source
   * @param destinationMac the frame's destination
   * @param source an IPv4 address
   * @param sourcePort its port
   * @param destination an IPv4 address
   * @param destinationPort its port
   * @param payload what it carries
   * @return the frame
   */
  public static Frame udp(
      String sourceMac,
      String destinationMac,
      String source,
      int sourcePort,
      String destination,
      int destinationPort,
      byte[] payload) {
    int length = 8 + payload.length;
    ByteBuffer datagram = ByteBuffer.allocate(length);
    // Over IPv4 a checksum of 0 says that there is none.
    datagram.putShort((short) sourcePort).putShort((short) destinationPort);
    datagram.putShort((short) length).putShort((short) 0).put(payload);
    return ethernet(
        sourceMac, destinationMac, IPV4, ipv4(source, destination, 17, datagram.array()));
  }

  /**
   * A UDP datagram over IPv4 with text in it.
   *
   * @param sourceMac the frame's source
   * @param destinationMac the frame's destination
   * @param source an IPv4 address
   * @param destination an IPv4 address
   * @param port the destination's port
   * @param text what it carries, to recognise it by
   * @return the frame
   */
  public static Frame text(
      String sourceMac,
      String destinationMac,
      String source,
      String destination,
      int port,
      String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    return udp(sourceMac, destinationMac, source, 4000, destination, port, payload);
  }

  /**
   * A DHCP offer (RFC 2131), as a false server would send it.
   *
   * @param sourceMac the false server's MAC address
   * @param server its IPv4 address
   * @param client the MAC address that it answers to
   * @param offered the IPv4 address that it offers
   * @return the frame, to everybody
   */
  public static Frame dhcpOffer(String sourceMac, String server, String client, String offered) {
    ByteBuffer message = ByteBuffer.allocate(252);
    message.put((byte) 2).put((byte) 1).put((byte) 6);
    message.put(16, address(offered)).put(20, address(server)).put(28, mac(client));
    message.position(236).putInt(0x63825363);
    message.put(HEX.parseHex("350102")).put(HEX.parseHex("3604")).put(address(server));
    message.put((byte) 0xff);
    return udp(sourceMac, BROADCAST, server, 67, "255.255.255.255", 68, message.array());
  }

  /**
   * A router advertisement (RFC 4861) of one prefix for SLAAC.
   *
   * @param sourceMac the sender's MAC address
   * @param source its link-local IPv6 address
   * @param prefix the advertised /64
   * @return the frame, to all nodes
   */
  public static Frame routerAdvertisement(String sourceMac, String source, String prefix) {
    String allNodes = "ff02::1";
    ByteBuffer message = ByteBuffer.allocate(48);
    message.put((byte) 134).position(4).put((byte) 64).position(6).putShort((short) 1800);
    message.position(16).put(HEX.parseHex("030440c0")).putInt(3600).putInt(3600).putInt(0);
    message.put(address(prefix));
    ByteBuffer pseudo = ByteBuffer.allocate(40 + message.capacity());
    pseudo.put(address(source)).put(address(allNodes)).putInt(message.capacity()).putInt(58);
    message.putShort(2, checksum(pseudo.put(message.array()).array()));
    ByteBuffer packet = ByteBuffer.allocate(40 + message.capacity());
    packet.putInt(0x60000000).putShort((short) message.capacity()).put((byte) 58).put((byte) 255);
    packet.put(address(source)).put(address(allNodes)).put(message.array());
    return ethernet(sourceMac, "33:33:00:00:00:01", IPV6, packet.array());
  }

  /**
   * The type of what it carries.
   *
   * @return an EtherType; 0x8100 if it has a VLAN tag
   */
  public int etherType() {
    return HexFormat.fromHexDigits(hex, 24, 28);
  }

  /**
   * The mark of an IP packet.
   *
   * @return its DSCP, 0 to 63; -1 for what is no IP packet
   */
  public int dscp() {
    int first = Integer.parseInt(hex.substring(28, 32), 16);
    return switch (etherType()) {
      case IPV4 -> (first & 0xff) >> 2;
      case IPV6 -> (first & 0x0fff) >> 6;
      default -> -1;
    };
  }

  /**
   * Who sent it.
   *
   * @return a MAC address, lower case with colons
   */
  public String sourceMac() {
    return HexFormat.ofDelimiter(":").formatHex(HEX.parseHex(hex.substring(12, 24)));
  }

  /**
   * Looks for text.
   *
   * @param text what may be in it, as UTF-8
   * @return whether it is there
   */
  public boolean carries(String text) {
    return hex.contains(HEX.formatHex(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Frame arp(
      String source,
      String destination,
      int operation,
      String senderIp,
      String target,
      String targetIp) {
    ByteBuffer message = ByteBuffer.allocate(28);
    message.putShort((short) 1).putShort((short) IPV4).put((byte) 6).put((byte) 4);
    message.putShort((short) operation).put(mac(source)).put(address(senderIp));
    message.put(mac(target)).put(address(targetIp));
    return ethernet(source, destination, ARP, message.array());
  }

  private static byte[] ipv4(String source, String destination, int protocol, byte[] payload) {
    ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
    packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0);
    packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
    packet.put(address(source)).put(address(destination));
    byte[] header = new byte[20];
    packet.get(0, header).put(payload);
    return packet.putShort(10, checksum(header)).array();
  }

  private static Frame ethernet(String source, String destination, int type, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put(mac(destination)).put(mac(source)).putShort((short) type).put(payload);
    return new Frame(HEX.formatHex(frame.array()));
  }

  /** The Internet checksum (RFC 1071) of an even number of octets. */
  private static short checksum(byte[] octets) {
    ByteBuffer words = ByteBuffer.wrap(octets);
    int sum = 0;
    while (words.hasRemaining()) {
      sum += Short.toUnsignedInt(words.getShort());
    }
    sum = (sum >>> 16) + (sum & 0xffff);
    return (short) ~((sum >>> 16) + sum);
  }

  private static byte[] mac(String mac) {
    return HexFormat.ofDelimiter(":").parseHex(mac);
  }

  private static byte[] address(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }
}
