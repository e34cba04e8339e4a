package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;

/** Subnet pools: prefixes that the blocks of subnets are cut from, without overlap. */
public final class SubnetPools {

  /** A subnet pool. */
  public static final ResourceType SUBNETPOOL =
      ResourceType.of("subnetpool", "subnetpools", "Prefixes that subnets are cut from.");

  /** The most prefixes of a pool. */
  private static final int MAX_PREFIXES = 1_000;

  private static final Extension[] EXTENSIONS = {
    new Extension(
        "subnet_allocation",
        "Subnet Allocation",
        "Subnets get their blocks from subnet pools.",
        "2015-03-30T10:00:00-00:00"),
    new Extension(
        "default-subnetpools",
        "Default Subnetpools",
        "One subnet pool for each version of IP is the default.",
        "2016-02-18T18:00:00-00:00"),
    new Extension(
        "subnet_onboard",
        "Subnet Onboard",
        "Subnets that are there become part of a subnet pool.",
        "2016-01-20T10:00:00-00:00"),
    new Extension(
        "subnetpool-prefix-ops",
        "Subnet Pool Prefix Operations",
        "Adds prefixes to a subnet pool, and removes them.",
        "2019-01-08T10:00:00-00:00"),
  };

  /** For people. */
  public static final Attribute<String> NAME =
      Attribute.of(SUBNETPOOL, "name", Values.nonBlank(255))
          .about("A name for people; need not be unique.")
          .setOn(CREATE, UPDATE)
          .required()
          .filter()
          .sort();

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(SUBNETPOOL);

  /** What it has to give, of one version of IP; none overlaps another. */
  public static final Attribute<List<IpPrefix>> PREFIXES =
      Attribute.of(SUBNETPOOL, "prefixes", prefixes())
          .about("What it has to give, of one version of IP; on change it can only grow.")
          .setOn(CREATE, UPDATE)
          .required();

  /** 4 or 6. */
  public static final Attribute<Integer> IP_VERSION =
      Attribute.of(SUBNETPOOL, "ip_version", Values.ipVersion())
          .about("The version of IP of its prefixes.")
          .filledByServer()
          .filter()
          .sort();

  /** How much a project may take: single IPv4 addresses, or IPv6 blocks of 64 bits. */
  public static final Attribute<Integer> DEFAULT_QUOTA =
      Attribute.of(SUBNETPOOL, "default_quota", Values.integer(0, Integer.MAX_VALUE))
          .about("How many IPv4 addresses, or IPv6 /64 blocks, a project may take; null for any.")
          .setOn(CREATE, UPDATE)
          .nullable()
          .filter()
          .sort();

  /** The prefix length of a subnet that asks for none. */
  public static final Attribute<Integer> DEFAULT_PREFIXLEN =
      length("default_prefixlen", "The prefix length of subnets that ask for none.");

  /** The shortest prefix, of the largest subnet. */
  public static final Attribute<Integer> MIN_PREFIXLEN =
      length("min_prefixlen", "The shortest prefix of a subnet; by default 8, for IPv6 64.");

  /** The longest prefix, of the smallest subnet. */
  public static final Attribute<Integer> MAX_PREFIXLEN =
      length("max_prefixlen", "The longest prefix of a subnet; by default 32, for IPv6 128.");

  /** Whether other projects can make subnets from it. */
  public static final Attribute<Boolean> SHARED = RbacPolicies.shared(SUBNETPOOL).setOn(CREATE);

  /** Whether subnets that ask for the default pool of its version are made from it. */
  public static final Attribute<Boolean> IS_DEFAULT =
      Attribute.of(SUBNETPOOL, "is_default", Values.bool())
          .about("Whether it is the default pool of its version of IP; there is one.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.ADMIN)
          .defaultsTo(false)
          .freeAsDefault()
          .filter()
          .sort();

  /** The scope in which its addresses are unique. */
  public static final Attribute<UUID> ADDRESS_SCOPE_ID =
      Attribute.of(SUBNETPOOL, "address_scope_id", Values.reference(AddressScopes.ADDRESS_SCOPE))
          .about("The address scope that it is part of.")
          .setOn(CREATE, UPDATE)
          .extension(AddressScopes.EXTENSION)
          .nullable()
          .filter()
          .sort();

  private SubnetPools() {}

  private static Attribute<Integer> length(String name, String about) {
    return Attribute.of(SUBNETPOOL, name, Values.integer(0, 128))
        .about(about)
        .setOn(CREATE, UPDATE)
        .filledByServer()
        .filter()
        .sort();
  }

  /** The form of lists of prefixes. */
  public static org.nucleon.core.schema.ValueType<List<IpPrefix>> prefixes() {
    return Values.list(Values.strictPrefix(), MAX_PREFIXES, null);
  }

  /** The right to be the default pool of a version of IP. */
  public static Claim defaultOf(int version) {
    return new Claim("default-subnetpool", "", Integer.toString(version));
  }

  static void declare(Catalog.Builder catalog) {
    for (Extension extension : EXTENSIONS) {
      catalog.extension(extension);
    }
    catalog
        .declare(
            SUBNETPOOL,
            NAME,
            DESCRIPTION,
            PREFIXES,
            IP_VERSION,
            DEFAULT_QUOTA,
            DEFAULT_PREFIXLEN,
            MIN_PREFIXLEN,
            MAX_PREFIXLEN,
            SHARED,
            IS_DEFAULT,
            ADDRESS_SCOPE_ID)
        .policy("add_prefixes", "rule:admin_or_project_member")
        .policy("remove_prefixes", "rule:admin_or_project_member")
        .policy("onboard_network_subnets", "rule:admin_or_project_member")
        .quota(SUBNETPOOL, -1)
        .policy("shared_subnetpools", "field:subnetpools:shared=True")
        .policy("get_subnetpool", "rule:admin_or_project_reader or rule:shared_subnetpools");
  }
}
