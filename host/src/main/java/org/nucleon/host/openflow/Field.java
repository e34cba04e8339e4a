package org.nucleon.host.openflow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.MacAddress;

/**
 * A field of a packet or of its metadata, as ovs-fields(7) describes them.
 *
 * <p>The order of the constants is the canonical order of a {@link Match}; a field stands behind
 * those which the switch demands as its prerequisites.
 */
public enum Field {
  IN_PORT("in_port", Oxm.BASIC, 0, 32, Form.PORT),
  METADATA("metadata", Oxm.BASIC, 2, 64, Form.HEX),
  REG0("reg0", Oxm.NX, 0, 32, Form.HEX),
  REG1("reg1", Oxm.NX, 1, 32, Form.HEX),
  REG2("reg2", Oxm.NX, 2, 32, Form.HEX),
  REG3("reg3", Oxm.NX, 3, 32, Form.HEX),
  REG4("reg4", Oxm.NX, 4, 32, Form.HEX),
  REG5("reg5", Oxm.NX, 5, 32, Form.HEX),
  REG6("reg6", Oxm.NX, 6, 32, Form.HEX),
  REG7("reg7", Oxm.NX, 7, 32, Form.HEX),
  REG8("reg8", Oxm.NX, 8, 32, Form.HEX),
  REG9("reg9", Oxm.NX, 9, 32, Form.HEX),
  REG10("reg10", Oxm.NX, 10, 32, Form.HEX),
  REG11("reg11", Oxm.NX, 11, 32, Form.HEX),
  REG12("reg12", Oxm.NX, 12, 32, Form.HEX),
  REG13("reg13", Oxm.NX, 13, 32, Form.HEX),
  REG14("reg14", Oxm.NX, 14, 32, Form.HEX),
  REG15("reg15", Oxm.NX, 15, 32, Form.HEX),
  TUN_ID("tun_id", Oxm.BASIC, 38, 64, Form.HEX),
  TUN_SRC("tun_src", Oxm.NX, 31, 32, Form.IP),
  TUN_DST("tun_dst", Oxm.NX, 32, 32, Form.IP),
  PKT_MARK("pkt_mark", Oxm.NX, 33, 32, Form.HEX),
  CT_STATE("ct_state", Oxm.NX, 105, 32, Form.CT_STATE),
  CT_ZONE("ct_zone", Oxm.NX, 106, 16, Form.DECIMAL),
  CT_MARK("ct_mark", Oxm.NX, 107, 32, Form.HEX),
  CT_LABEL("ct_label", Oxm.NX, 108, 128, Form.HEX),
  CONJ_ID("conj_id", Oxm.NX, 37, 32, Form.DECIMAL),
  ETH_DST("dl_dst", Oxm.BASIC, 3, 48, Form.MAC),
  ETH_SRC("dl_src", Oxm.BASIC, 4, 48, Form.MAC),
  ETH_TYPE("dl_type", Oxm.BASIC, 5, 16, Form.HEX),
  /** Bit 12 says that there is a tag, bits 0 to 11 are its VLAN. */
  VLAN_VID("vlan_vid", Oxm.BASIC, 6, 13, Form.HEX),
  VLAN_PCP("vlan_pcp", Oxm.BASIC, 7, 3, Form.DECIMAL),
  IP_DSCP("ip_dscp", Oxm.BASIC, 8, 6, Form.DECIMAL),
  IP_PROTO("nw_proto", Oxm.BASIC, 10, 8, Form.DECIMAL),
  IP_TTL("nw_ttl", Oxm.NX, 29, 8, Form.DECIMAL),
  /** Bit 0 says that it is a fragment, bit 1 that it is not the first. */
  IP_FRAG("ip_frag", Oxm.NX, 26, 2, Form.FRAGMENT),
  IPV4_SRC("nw_src", Oxm.BASIC, 11, 32, Form.IP),
  IPV4_DST("nw_dst", Oxm.BASIC, 12, 32, Form.IP),
  IPV6_SRC("ipv6_src", Oxm.BASIC, 26, 128, Form.IP),
  IPV6_DST("ipv6_dst", Oxm.BASIC, 27, 128, Form.IP),
  TCP_SRC("tcp_src", Oxm.BASIC, 13, 16, Form.TRANSPORT),
  TCP_DST("tcp_dst", Oxm.BASIC, 14, 16, Form.TRANSPORT),
  TCP_FLAGS("tcp_flags", Oxm.BASIC, 42, 12, Form.HEX),
  UDP_SRC("udp_src", Oxm.BASIC, 15, 16, Form.TRANSPORT),
  UDP_DST("udp_dst", Oxm.BASIC, 16, 16, Form.TRANSPORT),
  SCTP_SRC("sctp_src", Oxm.BASIC, 17, 16, Form.TRANSPORT),
  SCTP_DST("sctp_dst", Oxm.BASIC, 18, 16, Form.TRANSPORT),
  ICMP_TYPE("icmp_type", Oxm.BASIC, 19, 8, Form.DECIMAL),
  ICMP_CODE("icmp_code", Oxm.BASIC, 20, 8, Form.DECIMAL),
  ICMPV6_TYPE("icmpv6_type", Oxm.BASIC, 29, 8, Form.DECIMAL),
  ICMPV6_CODE("icmpv6_code", Oxm.BASIC, 30, 8, Form.DECIMAL),
  ND_TARGET("nd_target", Oxm.BASIC, 31, 128, Form.IP),
  ND_SLL("nd_sll", Oxm.BASIC, 32, 48, Form.MAC),
  ND_TLL("nd_tll", Oxm.BASIC, 33, 48, Form.MAC),
  /** Of an advertisement: bit 31 is a router's, 30 for solicited ones, 29 overrides. */
  ND_RESERVED("nd_reserved", Oxm.ERICSSON, 1, 32, Form.DECIMAL),
  /** 1 if the option tells the sender's MAC address, 2 if the target's. */
  ND_OPTIONS_TYPE("nd_options_type", Oxm.ERICSSON, 2, 8, Form.DECIMAL),
  ARP_OP("arp_op", Oxm.BASIC, 21, 16, Form.DECIMAL),
  ARP_SPA("arp_spa", Oxm.BASIC, 22, 32, Form.IP),
  ARP_TPA("arp_tpa", Oxm.BASIC, 23, 32, Form.IP),
  ARP_SHA("arp_sha", Oxm.BASIC, 24, 48, Form.MAC),
  ARP_THA("arp_tha", Oxm.BASIC, 25, 48, Form.MAC);

  /** The OXM classes of openflow-1.5.1 section 7.2.3.2, and Nicira's. */
  private static final class Oxm {
    static final int BASIC = 0x8000;
    static final int NX = 0x0001;
    static final int ERICSSON = 0x1000;
  }

  /** How ovs-ofctl writes a value. */
  private enum Form {
    DECIMAL,
    HEX,
    MAC,
    IP,
    TRANSPORT,
    PORT,
    FRAGMENT,
    CT_STATE
  }

  private static final Map<Integer, Field> BY_ID =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Field::id, Function.identity()));

  private final String ovsName;
  private final int oxmClass;
  private final int number;
  private final int width;
  private final Form form;

  Field(String ovsName, int oxmClass, int number, int width, Form form) {
    this.ovsName = ovsName;
    this.oxmClass = oxmClass;
    this.number = number;
    this.width = width;
    this.form = form;
  }

  /** The register of this number, 0 to 15. */
  public static Field reg(int number) {
    Field register = number < 0 || number > 15 ? null : BY_ID.get(Oxm.NX << 7 | number);
    if (register == null) {
      throw new IllegalArgumentException("no register " + number);
    }
    return register;
  }

  /** The name that Open vSwitch's tools use. */
  public String ovsName() {
    return ovsName;
  }

  /** The field's width in bits. */
  public int width() {
    return width;
  }

  /** The whole field. */
  public Slice all() {
    return new Slice(this, 0, width);
  }

  /** {@code count} bits of the field, beginning at bit {@code offset}; bit 0 is the lowest. */
  public Slice bits(int offset, int count) {
    return new Slice(this, offset, count);
  }

  int bytes() {
    return (width + 7) / 8;
  }

  /** The OXM header without mask bit: class, number, length in bytes. */
  int header() {
    return id() << 9 | bytes();
  }

  private int id() {
    return oxmClass << 7 | number;
  }

  static @Nullable Field ofHeader(int header) {
    return BY_ID.get(header >>> 9);
  }

  /** As ovs-ofctl writes it, e.g. {@code 10.0.0.0/24}; a full mask is left out. */
  String format(Bits value, Bits mask) {
    boolean exact = mask.equals(Bits.ones(width));
    if (form == Form.CT_STATE) {
      return CtState.format(value, mask);
    }
    if (form == Form.FRAGMENT) {
      return fragment((int) value.low(), (int) mask.low());
    }
    if (exact) {
      return format(value);
    }
    for (int prefix = 0; form == Form.IP && prefix < width; prefix++) {
      if (mask.equals(Bits.prefix(prefix, width))) {
        return format(value) + "/" + prefix;
      }
    }
    return switch (form) {
      case IP, MAC -> format(value) + "/" + format(mask);
      case DECIMAL, HEX, TRANSPORT, PORT, FRAGMENT, CT_STATE -> value + "/" + mask;
    };
  }

  private static String fragment(int value, int mask) {
    return switch (mask) {
      case 1 -> value == 0 ? "no" : "yes";
      case 2 -> value == 0 ? "not_later" : "later";
      default -> value == 0 ? "no" : value == 1 ? "first" : "later";
    };
  }

  private String format(Bits value) {
    return switch (form) {
      case DECIMAL, TRANSPORT -> Long.toUnsignedString(value.low());
      case HEX, FRAGMENT, CT_STATE -> value.toString();
      case MAC -> new MacAddress(value.low()).toString();
      case PORT -> Port.format(value.low());
      case IP -> address(value).getHostAddress();
    };
  }

  private InetAddress address(Bits value) {
    try {
      return InetAddress.getByAddress(value.toBytes(bytes()));
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of " + bytes() + " bytes", e);
    }
  }
}
