package org.nucleon.host.netlink;

import static org.nucleon.host.netlink.Rtnetlink.*;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.ethernet.MacAddress;

/** What the kernel tells of links, addresses, routes, rules and neighbours. */
final class Decoder {
  private static final int IFF_LOOPBACK = 0x8;
  private static final int IFF_LOWER_UP = 1 << 16;
  private static final int RTM_F_CLONED = 0x200;
  private static final int AF_UNSPEC = 0;

  private Decoder() {}

  /**
   * Reads a message about something present or gone.
   *
   * @param type the message's type
   * @param body what follows the message's header, in native byte order
   * @return null if it is about something that has no record here
   */
  static @Nullable NetlinkObject decode(int type, ByteBuffer body) {
    return switch (type) {
      case NEWLINK, DELLINK -> link(body);
      case NEWADDR, DELADDR -> address(body);
      case NEWROUTE, DELROUTE -> route(body);
      case NEWRULE, DELRULE -> rule(body);
      case NEWNEIGH, DELNEIGH -> neighbour(body);
      default -> null;
    };
  }

  private static @Nullable Link link(ByteBuffer body) {
    int family = body.get() & 0xff;
    body.position(body.position() + 3);
    int index = body.getInt();
    int flags = body.getInt();
    body.getInt();
    Attributes attributes = new Attributes(body);
    String name = attributes.text(IFLA_IFNAME);
    // Bridges and IPv6 tell of their own part in messages of their families.
    if (family != AF_UNSPEC || name == null) {
      return null;
    }
    Attributes ipv6 = attributes.nested(IFLA_AF_SPEC).nested(AF_INET6);
    int mode = ipv6.u8(IFLA_INET6_ADDR_GEN_MODE, -1);
    Link.AddressGeneration[] modes = Link.AddressGeneration.values();
    boolean loopback = (flags & IFF_LOOPBACK) != 0;
    return new Link(
        index,
        name,
        mac(attributes.bytes(IFLA_ADDRESS)),
        attributes.u32(IFLA_MTU, 0),
        (flags & IFF_UP) != 0,
        attributes.has(IFLA_CARRIER)
            ? attributes.u8(IFLA_CARRIER, 0) == 1
            : (flags & IFF_LOWER_UP) != 0,
        loopback,
        attributes.nested(IFLA_LINKINFO).text(IFLA_INFO_KIND),
        attributes.u32(IFLA_MASTER, 0),
        attributes.u32(IFLA_LINK, 0),
        attributes.u32(IFLA_LINK_NETNSID, -1),
        attributes.text(IFLA_IFALIAS),
        mode < 0 || mode >= modes.length ? null : modes[mode]);
  }

  private static @Nullable Address address(ByteBuffer body) {
    body.get();
    int length = body.get() & 0xff;
    int flags = body.get() & 0xff;
    Scope scope = new Scope(body.get() & 0xff);
    int link = body.getInt();
    Attributes attributes = new Attributes(body);
    // Where both are there and differ, IFA_ADDRESS is a point-to-point link's other end.
    InetAddress address = attributes.address(IFA_LOCAL);
    if (address == null) {
      address = attributes.address(IFA_ADDRESS);
    }
    if (address == null) {
      return null;
    }
    int bits = attributes.u32(IFA_FLAGS, flags);
    EnumSet<Address.Flag> set = EnumSet.noneOf(Address.Flag.class);
    for (Address.Flag flag : Address.Flag.values()) {
      if ((bits & flag.bit) != 0) {
        set.add(flag);
      }
    }
    return new Address(link, new IpPrefix(address, length), scope, set);
  }

  private static @Nullable Route route(ByteBuffer body) {
    int family = body.get() & 0xff;
    int length = body.get() & 0xff;
    body.getShort();
    int table = body.get() & 0xff;
    int protocol = body.get() & 0xff;
    Scope scope = new Scope(body.get() & 0xff);
    int type = body.get() & 0xff;
    int flags = body.getInt();
    Attributes attributes = new Attributes(body);
    Route.Type[] types = Route.Type.values();
    if ((family != AF_INET && family != AF_INET6)
        || (flags & RTM_F_CLONED) != 0
        || type >= types.length) {
      return null;
    }
    return new Route(
        types[type],
        attributes.u32(RTA_TABLE, table),
        protocol,
        prefix(family, attributes.address(RTA_DST), length),
        attributes.address(RTA_GATEWAY),
        attributes.u32(RTA_OIF, 0),
        attributes.address(RTA_PREFSRC),
        scope,
        attributes.u32(RTA_PRIORITY, 0),
        paths(attributes.bytes(RTA_MULTIPATH)));
  }

  /** The gateways of a list of {@code struct rtnexthop}. */
  private static List<InetAddress> paths(byte @Nullable [] bytes) {
    List<InetAddress> gateways = new ArrayList<>();
    if (bytes != null) {
      ByteBuffer hops = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      while (hops.remaining() >= 8) {
        int start = hops.position();
        int length = hops.getShort() & 0xffff;
        if (length < 8 || start + length > hops.limit()) {
          break;
        }
        ByteBuffer one = hops.slice(start + 8, length - 8).order(ByteOrder.nativeOrder());
        InetAddress gateway = new Attributes(one).address(RTA_GATEWAY);
        if (gateway != null) {
          gateways.add(gateway);
        }
        hops.position(Math.min(hops.limit(), start + ((length + 3) & ~3)));
      }
    }
    return List.copyOf(gateways);
  }

  private static @Nullable Rule rule(ByteBuffer body) {
    int family = body.get() & 0xff;
    int destination = body.get() & 0xff;
    int source = body.get() & 0xff;
    body.get();
    int table = body.get() & 0xff;
    body.getShort();
    int action = body.get() & 0xff;
    body.getInt();
    Attributes attributes = new Attributes(body);
    if (family != AF_INET && family != AF_INET6) {
      return null;
    }
    InetAddress from = attributes.address(FRA_SRC);
    InetAddress to = attributes.address(FRA_DST);
    return new Rule(
        family == AF_INET,
        attributes.u32(FRA_PRIORITY, 0),
        from == null ? null : new IpPrefix(from, source),
        to == null ? null : new IpPrefix(to, destination),
        attributes.text(FRA_IIFNAME),
        attributes.text(FRA_OIFNAME),
        attributes.u32(FRA_FWMARK, 0),
        attributes.u32(FRA_FWMASK, 0),
        action == FR_ACT_TO_TBL ? attributes.u32(FRA_TABLE, table) : 0,
        attributes.u8(FRA_PROTOCOL, 0));
  }

  private static @Nullable Neighbour neighbour(ByteBuffer body) {
    body.getInt();
    int link = body.getInt();
    int state = body.getShort() & 0xffff;
    body.getShort();
    Attributes attributes = new Attributes(body);
    InetAddress address = attributes.address(NDA_DST);
    return address == null
        ? null
        : new Neighbour(link, address, mac(attributes.bytes(NDA_LLADDR)), state);
  }

  private static @Nullable MacAddress mac(byte @Nullable [] bytes) {
    return bytes == null || bytes.length != 6 ? null : MacAddress.of(bytes);
  }

  private static IpPrefix prefix(int family, @Nullable InetAddress address, int length) {
    try {
      return new IpPrefix(
          address == null
              ? InetAddress.getByAddress(new byte[family == AF_INET ? 4 : 16])
              : address,
          length);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
