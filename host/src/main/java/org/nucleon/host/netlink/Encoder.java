package org.nucleon.host.netlink;

import static org.nucleon.host.netlink.Rtnetlink.*;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nucleon.host.ethernet.IpPrefix;

/** Requests as the kernel reads them. */
final class Encoder {
  private static final int ASK = REQUEST | ACK;

  private Encoder() {}

  /** Appends {@code request} as one message. */
  static void encode(MessageWriter out, Request request, int sequence) {
    switch (request) {
      case Request.CreateVeth(VethEnd here, VethEnd there) ->
          createVeth(out, here, there, sequence);
      case Request.DeleteLink(int link) -> out.end(link(out, DELLINK, link, 0, 0, sequence));
      case Request.SetUp(int link, boolean up) ->
          out.end(link(out, SETLINK, link, up ? IFF_UP : 0, IFF_UP, sequence));
      case Request.SetMac(int link, var mac) -> {
        int start = link(out, SETLINK, link, 0, 0, sequence);
        out.attribute(IFLA_ADDRESS, mac.bytes()).end(start);
      }
      case Request.SetMtu(int link, int mtu) -> {
        int start = link(out, SETLINK, link, 0, 0, sequence);
        out.attribute(IFLA_MTU, mtu).end(start);
      }
      case Request.Rename(int link, String name) -> {
        int start = link(out, SETLINK, link, 0, 0, sequence);
        out.attribute(IFLA_IFNAME, name).end(start);
      }
      case Request.SetAlias(int link, String alias) -> {
        int start = link(out, SETLINK, link, 0, 0, sequence);
        // Without a NUL: the kernel keeps all bytes, and none at all removes the alias.
        out.attribute(IFLA_IFALIAS, alias.getBytes(StandardCharsets.UTF_8)).end(start);
      }
      case Request.SetAddressGeneration(int link, var mode) ->
          addressGeneration(out, link, mode, sequence);
      case Request.SetMaster(int link, int master) -> {
        int start = link(out, SETLINK, link, 0, 0, sequence);
        out.attribute(IFLA_MASTER, master).end(start);
      }
      case Request.Move(int link, var namespace, var name) -> {
        int start = link(out, SETLINK, link, 0, 0, sequence);
        out.attribute(IFLA_NET_NS_FD, namespace.descriptor().number());
        if (name != null) {
          out.attribute(IFLA_IFNAME, name);
        }
        out.end(start);
      }
      case Request.PutAddress(Address address) ->
          address(out, NEWADDR, ASK | CREATE | REPLACE, address, sequence);
      case Request.DeleteAddress(Address address) -> address(out, DELADDR, ASK, address, sequence);
      case Request.AddRoute(Route route) ->
          route(out, NEWROUTE, ASK | CREATE | EXCLUSIVE, route, sequence);
      case Request.PutRoute(Route route) ->
          route(out, NEWROUTE, ASK | CREATE | REPLACE, route, sequence);
      case Request.DeleteRoute(Route route) -> route(out, DELROUTE, ASK, route, sequence);
      case Request.AddRule(Rule rule) ->
          rule(out, NEWRULE, ASK | CREATE | EXCLUSIVE, rule, sequence);
      case Request.DeleteRule(Rule rule) -> rule(out, DELRULE, ASK, rule, sequence);
      case Request.PutNeighbour(Neighbour neighbour) ->
          neighbour(out, NEWNEIGH, ASK | CREATE | REPLACE, neighbour, sequence);
      case Request.DeleteNeighbour(Neighbour neighbour) ->
          neighbour(out, DELNEIGH, ASK, neighbour, sequence);
    }
  }

  /** A dump of everything of one kind and family; strict checking wants the exact header. */
  static byte[] dump(int type, int family, int sequence) {
    MessageWriter out = new MessageWriter();
    int start = out.message(type, REQUEST | DUMP, sequence);
    int words =
        switch (type) {
          case GETLINK -> 4;
          case GETADDR -> 2;
          default -> 3;
        };
    out.u32(0);
    for (int i = 1; i < words; i++) {
      out.u32(0);
    }
    if (type == GETLINK) {
      // Asks to leave out statistics: most of a link's bulk, and nothing here shows them.
      int skipStatistics = 1 << 3;
      out.attribute(29, skipStatistics);
    }
    out.end(start);
    byte[] bytes = out.bytes();
    bytes[16] = (byte) family;
    return bytes;
  }

  /** A question for the link of a name. */
  static byte[] linkByName(String name, int sequence) {
    MessageWriter out = new MessageWriter();
    int start = out.message(GETLINK, REQUEST, sequence);
    out.u32(0).u32(0).u32(0).u32(0).attribute(IFLA_IFNAME, LinkName.check(name)).end(start);
    return out.bytes();
  }

  private static int link(
      MessageWriter out, int type, int index, int flags, int change, int sequence) {
    int start = out.message(type, ASK, sequence);
    out.u32(0).u32(index).u32(flags).u32(change);
    return start;
  }

  private static void createVeth(MessageWriter out, VethEnd here, VethEnd there, int sequence) {
    int start = out.message(NEWLINK, ASK | CREATE | EXCLUSIVE, sequence);
    end(out, here);
    int info = out.nested(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, "veth");
    int data = out.nested(IFLA_INFO_DATA);
    int peer = out.nested(VETH_INFO_PEER);
    end(out, there);
    out.endNested(peer);
    out.endNested(data);
    out.endNested(info);
    out.end(start);
  }

  private static void end(MessageWriter out, VethEnd end) {
    out.u32(0).u32(0).u32(0).u32(0).attribute(IFLA_IFNAME, end.name());
    if (end.mac() != null) {
      out.attribute(IFLA_ADDRESS, end.mac().bytes());
    }
    if (end.mtu() != 0) {
      out.attribute(IFLA_MTU, end.mtu());
    }
    if (end.namespace() != null) {
      out.attribute(IFLA_NET_NS_FD, end.namespace().descriptor().number());
    }
  }

  private static void addressGeneration(
      MessageWriter out, int link, Link.AddressGeneration mode, int sequence) {
    int start = link(out, SETLINK, link, 0, 0, sequence);
    int families = out.nested(IFLA_AF_SPEC);
    int ipv6 = out.nested(AF_INET6);
    out.byteAttribute(IFLA_INET6_ADDR_GEN_MODE, mode.number);
    out.endNested(ipv6);
    out.endNested(families);
    out.end(start);
  }

  private static void address(
      MessageWriter out, int type, int flags, Address address, int sequence) {
    int bits = 0;
    for (Address.Flag flag : address.flags()) {
      bits |= flag.bit;
    }
    IpPrefix prefix = address.prefix();
    int start = out.message(type, flags, sequence);
    out.u8(family(prefix.address()))
        .u8(prefix.length())
        .u8(bits)
        .u8(address.scope().number())
        .u32(address.link())
        .attribute(IFA_LOCAL, prefix.address().getAddress())
        .attribute(IFA_ADDRESS, prefix.address().getAddress())
        .attribute(IFA_FLAGS, bits)
        .end(start);
  }

  private static void route(MessageWriter out, int type, int flags, Route route, int sequence) {
    IpPrefix destination = route.destination().network();
    int start = out.message(type, flags, sequence);
    out.u8(family(destination.address()))
        .u8(destination.length())
        .u8(0)
        .u8(0)
        .u8(0)
        .u8(route.protocol())
        .u8(route.scope().number())
        .u8(route.type().number)
        .u32(0)
        .attribute(RTA_DST, destination.address().getAddress())
        .attribute(RTA_TABLE, route.table());
    if (route.link() != 0) {
      out.attribute(RTA_OIF, route.link());
    }
    if (route.via() != null) {
      out.attribute(RTA_GATEWAY, route.via().getAddress());
    }
    if (!route.paths().isEmpty()) {
      paths(out, route.paths());
    }
    if (route.source() != null) {
      out.attribute(RTA_PREFSRC, route.source().getAddress());
    }
    if (route.metric() != 0) {
      out.attribute(RTA_PRIORITY, route.metric());
    }
    out.end(start);
  }

  /** Each a {@code struct rtnexthop} with its attributes. */
  private static void paths(MessageWriter out, List<InetAddress> gateways) {
    int all = out.nested(RTA_MULTIPATH);
    for (InetAddress gateway : gateways) {
      int bytes = gateway.getAddress().length;
      out.u16(8 + 4 + bytes).u8(0).u8(0).u32(0).attribute(RTA_GATEWAY, gateway.getAddress());
    }
    out.endNested(all);
  }

  private static void rule(MessageWriter out, int type, int flags, Rule rule, int sequence) {
    int start = out.message(type, flags, sequence);
    out.u8(rule.ipv4() ? AF_INET : AF_INET6)
        .u8(rule.destination() == null ? 0 : rule.destination().length())
        .u8(rule.source() == null ? 0 : rule.source().length())
        .u8(0)
        .u8(0)
        .u8(0)
        .u8(0)
        .u8(FR_ACT_TO_TBL)
        .u32(0)
        .attribute(FRA_PRIORITY, rule.priority())
        .attribute(FRA_TABLE, rule.table())
        .byteAttribute(FRA_PROTOCOL, rule.protocol());
    if (rule.destination() != null) {
      out.attribute(FRA_DST, rule.destination().network().address().getAddress());
    }
    if (rule.source() != null) {
      out.attribute(FRA_SRC, rule.source().network().address().getAddress());
    }
    if (rule.incoming() != null) {
      out.attribute(FRA_IIFNAME, LinkName.check(rule.incoming()));
    }
    if (rule.outgoing() != null) {
      out.attribute(FRA_OIFNAME, LinkName.check(rule.outgoing()));
    }
    if (rule.mark() != 0 || rule.mask() != 0) {
      out.attribute(FRA_FWMARK, rule.mark()).attribute(FRA_FWMASK, rule.mask());
    }
    out.end(start);
  }

  private static void neighbour(
      MessageWriter out, int type, int flags, Neighbour neighbour, int sequence) {
    int start = out.message(type, flags, sequence);
    out.u32(family(neighbour.address()))
        .u32(neighbour.link())
        .u16(neighbour.state())
        .u16(0)
        .attribute(NDA_DST, neighbour.address().getAddress());
    if (neighbour.mac() != null) {
      out.attribute(NDA_LLADDR, neighbour.mac().bytes());
    }
    out.end(start);
  }

  private static int family(InetAddress address) {
    return address instanceof Inet4Address ? AF_INET : AF_INET6;
  }
}
