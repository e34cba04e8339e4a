package org.nucleon.host.openflow;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.nucleon.host.ethernet.MacAddress;

/**
 * Which packets a flow is for. Immutable and canonical: two matches are equal exactly when they say
 * the same.
 *
 * <p>Begin with {@link #any()} and narrow down. A method that names a field of some protocol also
 * sets what the switch demands before it (ARP fields set the Ethernet type and so on); transport
 * ports set the protocol, and leave it to the caller to say IPv4 or IPv6. Saying a field twice
 * joins the bits.
 */
public final class Match {
  /** Ethernet type of IPv4. */
  public static final int IPV4 = 0x0800;

  /** Ethernet type of ARP. */
  public static final int ARP = 0x0806;

  /** Ethernet type of IPv6. */
  public static final int IPV6 = 0x86dd;

  /** IP protocol ICMP. */
  public static final int ICMP = 1;

  /** IP protocol TCP. */
  public static final int TCP = 6;

  /** IP protocol UDP. */
  public static final int UDP = 17;

  /** IP protocol ICMPv6. */
  public static final int ICMPV6 = 58;

  /** IP protocol SCTP. */
  public static final int SCTP = 132;

  private static final long VLAN_PRESENT = 0x1000;
  private static final Match ANY = new Match(List.of(), "");

  /**
   * One field's condition.
   *
   * @param field which field
   * @param value what it must be, no bit outside the mask
   * @param mask the bits that count, never none
   */
  public record Term(Field field, Bits value, Bits mask) {}

  private final List<Term> terms;

  /** Fields of a dumped flow that {@link Field} does not know: their OXM bytes in hexadecimal. */
  private final String unknown;

  private Match(List<Term> terms, String unknown) {
    this.terms = terms;
    this.unknown = unknown;
  }

  /** Every packet. */
  public static Match any() {
    return ANY;
  }

  /** The conditions in canonical order. */
  public List<Term> terms() {
    return terms;
  }

  /** Narrowed to packets whose {@code field} is {@code value}. */
  public Match with(Field field, Bits value) {
    return with(field, value, Bits.ones(field.width()));
  }

  /**
   * Narrowed to packets whose {@code field} agrees with {@code value} in the bits of {@code mask}.
   *
   * @throws IllegalArgumentException if value or mask are wider than the field, or if an earlier
   *     condition contradicts
   */
  public Match with(Field field, Bits value, Bits mask) {
    Bits outside = Bits.ones(field.width()).not();
    if (!value.and(outside).isZero() || !mask.and(outside).isZero()) {
      throw new IllegalArgumentException(
          "wider than " + field.ovsName() + ": " + value + "/" + mask);
    }
    if (mask.isZero()) {
      return this;
    }
    int at = 0;
    while (at < terms.size() && terms.get(at).field().compareTo(field) < 0) {
      at++;
    }
    var all = new ArrayList<>(terms);
    var term = new Term(field, value.and(mask), mask);
    if (at < terms.size() && terms.get(at).field() == field) {
      all.set(at, join(terms.get(at), term));
    } else {
      all.add(at, term);
    }
    return new Match(Collections.unmodifiableList(all), unknown);
  }

  private static Term join(Term one, Term other) {
    Bits both = one.mask().and(other.mask());
    if (!one.value().and(both).equals(other.value().and(both))) {
      throw new IllegalArgumentException(one.field().ovsName() + " can't be both");
    }
    return new Term(one.field(), one.value().or(other.value()), one.mask().or(other.mask()));
  }

  Match withUnknown(String oxm) {
    return new Match(terms, unknown + oxm);
  }

  String unknown() {
    return unknown;
  }

  private Match number(Field field, long value) {
    return with(field, Bits.of(value));
  }

  /** Came in at the port of this OpenFlow number. */
  public Match inPort(long port) {
    return number(Field.IN_PORT, port);
  }

  /** From this Ethernet address. */
  public Match ethSrc(MacAddress mac) {
    return with(Field.ETH_SRC, Bits.of(mac.value()));
  }

  /** From an Ethernet address that agrees in the bits of {@code mask}. */
  public Match ethSrc(MacAddress mac, MacAddress mask) {
    return with(Field.ETH_SRC, Bits.of(mac.value()), Bits.of(mask.value()));
  }

  /** To this Ethernet address. */
  public Match ethDst(MacAddress mac) {
    return with(Field.ETH_DST, Bits.of(mac.value()));
  }

  /** To an Ethernet address that agrees in the bits of {@code mask}. */
  public Match ethDst(MacAddress mac, MacAddress mask) {
    return with(Field.ETH_DST, Bits.of(mac.value()), Bits.of(mask.value()));
  }

  /** To a multicast or the broadcast Ethernet address. */
  public Match ethMulticast() {
    return with(Field.ETH_DST, Bits.of(0x0100_0000_0000L), Bits.of(0x0100_0000_0000L));
  }

  /** To a unicast Ethernet address. */
  public Match ethUnicast() {
    return with(Field.ETH_DST, Bits.ZERO, Bits.of(0x0100_0000_0000L));
  }

  /** Of this Ethernet type. */
  public Match ethType(int type) {
    return number(Field.ETH_TYPE, type);
  }

  /** Tagged with this VLAN. */
  public Match vlan(int vid) {
    return number(Field.VLAN_VID, VLAN_PRESENT | vid);
  }

  /** Without a VLAN tag. */
  public Match untagged() {
    return number(Field.VLAN_VID, 0);
  }

  /** With a VLAN tag, whichever. */
  public Match tagged() {
    return with(Field.VLAN_VID, Bits.of(VLAN_PRESENT), Bits.of(VLAN_PRESENT));
  }

  /** ARP. */
  public Match arp() {
    return ethType(ARP);
  }

  /** ARP with this operation: 1 request, 2 reply. */
  public Match arpOp(int operation) {
    return arp().number(Field.ARP_OP, operation);
  }

  /** ARP whose sender has this IPv4 address. */
  public Match arpSpa(InetAddress address) {
    return arpSpa(address, 32);
  }

  /** ARP whose sender has an IPv4 address in this prefix. */
  public Match arpSpa(InetAddress address, int prefix) {
    return arp().address(Field.ARP_SPA, address, prefix);
  }

  /** ARP for this IPv4 address. */
  public Match arpTpa(InetAddress address) {
    return arpTpa(address, 32);
  }

  /** ARP for an IPv4 address in this prefix. */
  public Match arpTpa(InetAddress address, int prefix) {
    return arp().address(Field.ARP_TPA, address, prefix);
  }

  /** ARP whose sender gives this Ethernet address. */
  public Match arpSha(MacAddress mac) {
    return arp().with(Field.ARP_SHA, Bits.of(mac.value()));
  }

  /** IPv4. */
  public Match ipv4() {
    return ethType(IPV4);
  }

  /** IPv6. */
  public Match ipv6() {
    return ethType(IPV6);
  }

  /** IPv4 or IPv6 from this address. */
  public Match ipSrc(InetAddress address) {
    return ipSrc(address, address.getAddress().length * 8);
  }

  /** IPv4 or IPv6, as the address is, from this prefix. */
  public Match ipSrc(InetAddress address, int prefix) {
    return address instanceof Inet4Address
        ? ipv4().address(Field.IPV4_SRC, address, prefix)
        : ipv6().address(Field.IPV6_SRC, address, prefix);
  }

  /** IPv4 or IPv6 to this address. */
  public Match ipDst(InetAddress address) {
    return ipDst(address, address.getAddress().length * 8);
  }

  /** IPv4 or IPv6, as the address is, to this prefix. */
  public Match ipDst(InetAddress address, int prefix) {
    return address instanceof Inet4Address
        ? ipv4().address(Field.IPV4_DST, address, prefix)
        : ipv6().address(Field.IPV6_DST, address, prefix);
  }

  private Match address(Field field, InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    if (bytes.length * 8 != field.width()) {
      throw new IllegalArgumentException(field.ovsName() + " can't be " + address);
    }
    return with(field, Bits.of(bytes), Bits.prefix(prefix, field.width()));
  }

  /** A fragment, whichever; say {@link #ipv4()} or {@link #ipv6()} as well. */
  public Match fragment() {
    return with(Field.IP_FRAG, Bits.of(1), Bits.of(1));
  }

  /**
   * The first fragment of several, the only one that tells ports or an ICMP type; say {@link
   * #ipv4()} or {@link #ipv6()} as well. See {@link OpenFlowConnection#matchFirstFragments}.
   */
  public Match firstFragment() {
    return number(Field.IP_FRAG, 1);
  }

  /** A fragment that is not the first; say {@link #ipv4()} or {@link #ipv6()} as well. */
  public Match laterFragment() {
    return number(Field.IP_FRAG, 3);
  }

  /** Of this IP protocol; say {@link #ipv4()} or {@link #ipv6()} as well. */
  public Match ipProto(int protocol) {
    return number(Field.IP_PROTO, protocol);
  }

  /** TCP; say IPv4 or IPv6 as well. */
  public Match tcp() {
    return ipProto(TCP);
  }

  /** UDP; say IPv4 or IPv6 as well. */
  public Match udp() {
    return ipProto(UDP);
  }

  /** SCTP; say IPv4 or IPv6 as well. */
  public Match sctp() {
    return ipProto(SCTP);
  }

  /** From this TCP port. */
  public Match tcpSrc(int port) {
    return tcpSrc(exactly(port));
  }

  /** From these TCP ports. */
  public Match tcpSrc(PortRange.Masked ports) {
    return tcp().ports(Field.TCP_SRC, ports);
  }

  /** To this TCP port. */
  public Match tcpDst(int port) {
    return tcpDst(exactly(port));
  }

  /** To these TCP ports. */
  public Match tcpDst(PortRange.Masked ports) {
    return tcp().ports(Field.TCP_DST, ports);
  }

  /** From this UDP port. */
  public Match udpSrc(int port) {
    return udpSrc(exactly(port));
  }

  /** From these UDP ports. */
  public Match udpSrc(PortRange.Masked ports) {
    return udp().ports(Field.UDP_SRC, ports);
  }

  /** To this UDP port. */
  public Match udpDst(int port) {
    return udpDst(exactly(port));
  }

  /** To these UDP ports. */
  public Match udpDst(PortRange.Masked ports) {
    return udp().ports(Field.UDP_DST, ports);
  }

  /** From this SCTP port. */
  public Match sctpSrc(int port) {
    return sctpSrc(exactly(port));
  }

  /** From these SCTP ports. */
  public Match sctpSrc(PortRange.Masked ports) {
    return sctp().ports(Field.SCTP_SRC, ports);
  }

  /** To this SCTP port. */
  public Match sctpDst(int port) {
    return sctpDst(exactly(port));
  }

  /** To these SCTP ports. */
  public Match sctpDst(PortRange.Masked ports) {
    return sctp().ports(Field.SCTP_DST, ports);
  }

  private static PortRange.Masked exactly(int port) {
    return new PortRange.Masked(port, 0xffff);
  }

  private Match ports(Field field, PortRange.Masked ports) {
    return with(field, Bits.of(ports.value()), Bits.of(ports.mask()));
  }

  /** ICMP for IPv4. */
  public Match icmp() {
    return ipv4().ipProto(ICMP);
  }

  /** ICMP for IPv4 of this type. */
  public Match icmpType(int type) {
    return icmp().number(Field.ICMP_TYPE, type);
  }

  /** ICMP for IPv4 of this code. */
  public Match icmpCode(int code) {
    return icmp().number(Field.ICMP_CODE, code);
  }

  /** ICMPv6. */
  public Match icmpv6() {
    return ipv6().ipProto(ICMPV6);
  }

  /** ICMPv6 of this type. */
  public Match icmpv6Type(int type) {
    return icmpv6().number(Field.ICMPV6_TYPE, type);
  }

  /** ICMPv6 of this code. */
  public Match icmpv6Code(int code) {
    return icmpv6().number(Field.ICMPV6_CODE, code);
  }

  /** Neighbour discovery for this address; say ICMPv6 type 135 or 136 as well. */
  public Match ndTarget(InetAddress address) {
    return ndTarget(address, 128);
  }

  /** Neighbour discovery for an address in this prefix; say ICMPv6 type 135 or 136 as well. */
  public Match ndTarget(InetAddress address, int prefix) {
    return icmpv6().address(Field.ND_TARGET, address, prefix);
  }

  /** Neighbour solicitation whose sender gives this Ethernet address; all zeros for none. */
  public Match ndSll(MacAddress mac) {
    return icmpv6Type(135).with(Field.ND_SLL, Bits.of(mac.value()));
  }

  /** Neighbour advertisement that gives this Ethernet address; all zeros for none. */
  public Match ndTll(MacAddress mac) {
    return icmpv6Type(136).with(Field.ND_TLL, Bits.of(mac.value()));
  }

  /** Came in by a tunnel with this key (for VXLAN the VNI). */
  public Match tunId(long id) {
    return number(Field.TUN_ID, id);
  }

  /** Register {@code number} (0 to 15) holds {@code value}. */
  public Match reg(int number, long value) {
    return number(Field.reg(number), value);
  }

  /** Register {@code number} (0 to 15) agrees with {@code value} in the bits of {@code mask}. */
  public Match reg(int number, long value, long mask) {
    return with(Field.reg(number), Bits.of(value), Bits.of(mask));
  }

  /** The metadata register holds {@code value}. */
  public Match metadata(long value) {
    return number(Field.METADATA, value);
  }

  /** The metadata register agrees with {@code value} in the bits of {@code mask}. */
  public Match metadata(long value, long mask) {
    return with(Field.METADATA, Bits.of(value), Bits.of(mask));
  }

  /** Connection tracking says all of {@code set} and none of {@code clear}. */
  public Match ctState(Set<CtState> set, Set<CtState> clear) {
    Bits value = flags(set);
    return with(Field.CT_STATE, value, value.or(flags(clear)));
  }

  private static Bits flags(Set<CtState> flags) {
    return flags.stream().map(CtState::bit).reduce(Bits.ZERO, Bits::or);
  }

  /** Last went through connection tracking in this zone. */
  public Match ctZone(int zone) {
    return number(Field.CT_ZONE, zone);
  }

  /** The connection's mark is {@code mark}. */
  public Match ctMark(long mark) {
    return number(Field.CT_MARK, mark);
  }

  /** The connection's mark agrees with {@code mark} in the bits of {@code mask}. */
  public Match ctMark(long mark, long mask) {
    return with(Field.CT_MARK, Bits.of(mark), Bits.of(mask));
  }

  /** Every dimension of the conjunction of this number matched. */
  public Match conjId(long id) {
    return number(Field.CONJ_ID, id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Match match
        && terms.equals(match.terms)
        && unknown.equals(match.unknown);
  }

  @Override
  public int hashCode() {
    return Objects.hash(terms, unknown);
  }

  /** In ovs-ofctl's syntax; empty for {@link #any()}. */
  @Override
  public String toString() {
    return MatchText.of(this);
  }
}
