package org.nucleon.openvswitch.agent;

import java.util.EnumMap;
import java.util.Map;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.MacAddress;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.host.openflow.Match;

/** Frames for {@link PacketWalk}. */
final class Frames {

  static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

  private Frames() {}

  private static Bits mac(String text) {
    return Bits.of(MacAddress.parse(text).value());
  }

  private static Bits ip(String text) {
    return Bits.of(IpAddress.parse(text).low());
  }

  private static Map<Field, Bits> ethernet(String from, String to, int type) {
    Map<Field, Bits> frame = new EnumMap<>(Field.class);
    frame.put(Field.ETH_SRC, mac(from));
    frame.put(Field.ETH_DST, mac(to));
    frame.put(Field.ETH_TYPE, Bits.of(type));
    return frame;
  }

  static Map<Field, Bits> with(Map<Field, Bits> frame, Field field, long value) {
    Map<Field, Bits> changed = new EnumMap<>(frame);
    changed.put(field, Bits.of(value));
    return changed;
  }

  static Map<Field, Bits> arp(int operation, String from, String to, String sender, String asked) {
    Map<Field, Bits> frame = ethernet(from, to, Match.ARP);
    frame.put(Field.ARP_OP, Bits.of(operation));
    frame.put(Field.ARP_SHA, mac(from));
    frame.put(Field.ARP_SPA, ip(sender));
    frame.put(Field.ARP_TPA, ip(asked));
    return frame;
  }

  static Map<Field, Bits> ipv4(String from, String to, String source, String target, int protocol) {
    Map<Field, Bits> frame = ethernet(from, to, Match.IPV4);
    frame.put(Field.IPV4_SRC, ip(source));
    frame.put(Field.IPV4_DST, ip(target));
    frame.put(Field.IP_PROTO, Bits.of(protocol));
    return frame;
  }

  static Map<Field, Bits> tcp(
      String from, String to, String source, String target, int sourcePort, int targetPort) {
    Map<Field, Bits> frame = ipv4(from, to, source, target, Match.TCP);
    frame.put(Field.TCP_SRC, Bits.of(sourcePort));
    frame.put(Field.TCP_DST, Bits.of(targetPort));
    return frame;
  }

  static Map<Field, Bits> udp(
      String from, String to, String source, String target, int sourcePort, int targetPort) {
    Map<Field, Bits> frame = ipv4(from, to, source, target, Match.UDP);
    frame.put(Field.UDP_SRC, Bits.of(sourcePort));
    frame.put(Field.UDP_DST, Bits.of(targetPort));
    return frame;
  }

  static Map<Field, Bits> icmp(String from, String to, String source, String target, int type) {
    Map<Field, Bits> frame = ipv4(from, to, source, target, Match.ICMP);
    frame.put(Field.ICMP_TYPE, Bits.of(type));
    return frame;
  }

  static Map<Field, Bits> icmpv6(String from, String to, int type) {
    Map<Field, Bits> frame = ethernet(from, to, Match.IPV6);
    frame.put(Field.IP_PROTO, Bits.of(Match.ICMPV6));
    frame.put(Field.ICMPV6_TYPE, Bits.of(type));
    return frame;
  }

  static Map<Field, Bits> ipv6(String from, String to, String source, String target, int protocol) {
    Map<Field, Bits> frame = ethernet(from, to, Match.IPV6);
    frame.put(Field.IPV6_SRC, ip6(source));
    frame.put(Field.IPV6_DST, ip6(target));
    frame.put(Field.IP_PROTO, Bits.of(protocol));
    return frame;
  }

  static Map<Field, Bits> icmpv6(String from, String to, String source, String target, int type) {
    return with(ipv6(from, to, source, target, Match.ICMPV6), Field.ICMPV6_TYPE, type);
  }

  static Map<Field, Bits> udp6(
      String from, String to, String source, String target, int sourcePort, int targetPort) {
    Map<Field, Bits> frame = ipv6(from, to, source, target, Match.UDP);
    frame.put(Field.UDP_SRC, Bits.of(sourcePort));
    frame.put(Field.UDP_DST, Bits.of(targetPort));
    return frame;
  }

  static Map<Field, Bits> tcp6(
      String from, String to, String source, String target, int sourcePort, int targetPort) {
    Map<Field, Bits> frame = ipv6(from, to, source, target, Match.TCP);
    frame.put(Field.TCP_SRC, Bits.of(sourcePort));
    frame.put(Field.TCP_DST, Bits.of(targetPort));
    return frame;
  }

  /** A neighbour solicitation; the sender's MAC address empty for none. */
  static Map<Field, Bits> solicitation(String from, String source, String asked, String told) {
    Map<Field, Bits> frame = icmpv6(from, "33:33:ff:00:00:01", source, "ff02::1:ff00:1", 135);
    frame.put(Field.ND_TARGET, ip6(asked));
    frame.put(Field.ND_SLL, told.isEmpty() ? Bits.ZERO : mac(told));
    return frame;
  }

  /** A neighbour advertisement; the MAC address that it tells empty for none. */
  static Map<Field, Bits> advertisement(
      String from, String to, String source, String of, String told) {
    Map<Field, Bits> frame = icmpv6(from, to, source, "ff02::1", 136);
    frame.put(Field.ND_TARGET, ip6(of));
    frame.put(Field.ND_TLL, told.isEmpty() ? Bits.ZERO : mac(told));
    return frame;
  }

  private static Bits ip6(String text) {
    IpAddress address = IpAddress.parse(text);
    return new Bits(address.high(), address.low());
  }

  static Map<Field, Bits> other(String from, String to, int type) {
    return ethernet(from, to, type);
  }
}
