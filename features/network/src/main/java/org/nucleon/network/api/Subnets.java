package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.IpRange;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;

/** Subnets: blocks of addresses on a network, with what hosts there are to know. */
public final class Subnets {

  /** A subnet. */
  public static final ResourceType SUBNET =
      ResourceType.of("subnet", "subnets", "A block of IP addresses on a network.");

  private static final Extension SERVICE_TYPES_EXTENSION =
      new Extension(
          "subnet-service-types",
          "Subnet service types",
          "Subnets for ports of certain device owners.",
          "2016-03-15T18:00:00-00:00");

  /** The network it is on. */
  public static final Attribute<UUID> NETWORK_ID =
      Attribute.of(SUBNET, "network_id", Values.reference(Networks.NETWORK))
          .about("The network that it is on.")
          .setOn(CREATE)
          .parent()
          .required()
          .filter()
          .sort();

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(SUBNET);

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(SUBNET);

  /** 4 or 6. */
  public static final Attribute<Integer> IP_VERSION =
      Attribute.of(SUBNET, "ip_version", Values.ipVersion())
          .about("The version of IP, 4 or 6.")
          .setOn(CREATE)
          .required()
          .filter()
          .sort();

  /** Its addresses. */
  public static final Attribute<IpPrefix> CIDR =
      Attribute.of(SUBNET, "cidr", Values.prefix())
          .about("The block of addresses; chosen by the server where a subnet pool is named.")
          .setOn(CREATE)
          .filledByServer()
          .clearedByNull()
          .filter()
          .sort();

  /** The pool that its block was cut from; null for none. */
  public static final Attribute<UUID> POOL_ID =
      Attribute.of(SUBNET, "subnetpool_id", new PoolReference())
          .about("The subnet pool that its block is of.")
          .ignorable()
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** How large a block to cut from the pool. */
  public static final Attribute<Integer> PREFIXLEN =
      Attribute.of(SUBNET, "prefixlen", Values.integer(0, 128))
          .about("The prefix length of the block to be taken from the subnet pool.")
          .setOn(CREATE)
          .requestOnly();

  /** Whether to cut the block from the default pool. */
  public static final Attribute<Boolean> USE_DEFAULT_POOL =
      Attribute.of(SUBNET, "use_default_subnetpool", Values.bool())
          .about("Whether to take the block from the default subnet pool of its version of IP.")
          .setOn(CREATE)
          .requestOnly();

  /** The address of its router; null for none. */
  public static final Attribute<IpAddress> GATEWAY_IP =
      Attribute.of(SUBNET, "gateway_ip", Values.ip())
          .about("The default router; by default the first address, null for none.")
          .setOn(CREATE, UPDATE)
          .filledByServer()
          .nullable()
          .filter()
          .sort();

  /** From where ports get addresses that are not chosen by the user. */
  public static final Attribute<List<IpRange>> ALLOCATION_POOLS =
      Attribute.of(
              SUBNET, "allocation_pools", Values.list(AllocationPool.TYPE, 100, "allocation pool"))
          .about("The ranges that addresses are chosen from; by default all but the gateway's.")
          .setOn(CREATE, UPDATE)
          .filledByServer();

  /** Name servers for its hosts, in order of preference. */
  public static final Attribute<List<IpAddress>> DNS_NAMESERVERS =
      Attribute.of(SUBNET, "dns_nameservers", Values.list(Values.ip(), 100, "nameserver"))
          .about("Name servers for its hosts, in order of preference.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(List.of())
          .clearedByNull();

  /** Routes for its hosts beside the default route. */
  public static final Attribute<List<HostRoute>> HOST_ROUTES =
      Attribute.of(SUBNET, "host_routes", Values.list(HostRoute.TYPE, 100, "hostroute"))
          .about("Routes for its hosts beside the default route.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(List.of())
          .clearedByNull();

  /** Whether its hosts are given their addresses by DHCP. */
  public static final Attribute<Boolean> ENABLE_DHCP =
      Attribute.of(SUBNET, "enable_dhcp", Values.bool())
          .about("Whether DHCP is served.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(true)
          .filter()
          .sort();

  /** What advertisements of our routers say; null where none of them advertises. */
  public static final Attribute<Ipv6Mode> RA_MODE =
      Attribute.of(SUBNET, "ipv6_ra_mode", Values.oneOf(Ipv6Mode.class))
          .about("What routers of this service advertise; null where they do not.")
          .ignorable()
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** How hosts get addresses; null where this service does not care. */
  public static final Attribute<Ipv6Mode> ADDRESS_MODE =
      Attribute.of(SUBNET, "ipv6_address_mode", Values.oneOf(Ipv6Mode.class))
          .about("How hosts get their IPv6 addresses; null for not by this service.")
          .ignorable()
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** Which ports get addresses here without asking for them; empty for all. */
  public static final Attribute<List<String>> SERVICE_TYPES =
      Attribute.of(SUBNET, "service_types", Values.list(new ServiceType(), 100, null))
          .about("The device owners of ports that get addresses here unasked; empty for all.")
          .ignorable()
          .setOn(CREATE, UPDATE)
          .extension(SERVICE_TYPES_EXTENSION)
          .defaultsTo(List.of());

  private Subnets() {}

  /**
   * Whether each port of the network has, unasked, the address of this IPv6 subnet that its guest
   * makes of its MAC address.
   */
  public static boolean isAutoAddress(Attributes subnet) {
    return subnet
        .find(ADDRESS_MODE)
        .or(() -> subnet.find(RA_MODE))
        .filter(Ipv6Mode::isAutoAddress)
        .isPresent();
  }

  /** The right to an address of a subnet. */
  public static Claim address(UUID subnet, IpAddress address) {
    return new Claim("address", subnet.toString(), address.sortableText());
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(SERVICE_TYPES_EXTENSION)
        .declare(
            SUBNET,
            NETWORK_ID,
            NAME,
            DESCRIPTION,
            IP_VERSION,
            CIDR,
            POOL_ID,
            PREFIXLEN,
            USE_DEFAULT_POOL,
            GATEWAY_IP,
            ALLOCATION_POOLS,
            DNS_NAMESERVERS,
            HOST_ROUTES,
            ENABLE_DHCP,
            RA_MODE,
            ADDRESS_MODE,
            SERVICE_TYPES);
  }
}
