package org.nucleon.securitygroup.api;

import static org.nucleon.core.schema.Operation.CREATE;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.InvalidValue;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.StandardAttributes;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.ValueType;
import org.nucleon.core.schema.Values;

/** Security group rules: what may pass. What no rule allows is dropped. */
public final class SecurityGroupRules {

  /** A rule. */
  public static final ResourceType RULE =
      ResourceType.of("security_group_rule", "security_group_rules", "Packets that may pass.")
          .with(StandardAttributes.WITHOUT_TAGS);

  /** Prefixes without host bits. */
  public static final Extension NORMALIZED =
      new Extension(
          "security-groups-normalized-cidr",
          "Normalized CIDR field for security group rules",
          "Shows rules' prefixes without host bits",
          "2019-10-30T10:00:00-00:00");

  /** The group whose ports it holds for. */
  public static final Attribute<UUID> SECURITY_GROUP_ID =
      Attribute.of(RULE, "security_group_id", Values.reference(SecurityGroups.SECURITY_GROUP))
          .about("The group whose ports it holds for.")
          .setOn(CREATE)
          .required()
          .parent()
          .filter()
          .sort();

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(RULE);

  /** Which way. */
  public static final Attribute<Direction> DIRECTION =
      Attribute.of(RULE, "direction", Values.oneOf(Direction.class))
          .about("ingress for packets to the device, egress for packets from it.")
          .setOn(CREATE)
          .required()
          .filter()
          .sort();

  /** Which version of IP. */
  public static final Attribute<Ethertype> ETHERTYPE =
      Attribute.of(RULE, "ethertype", Ethertype.TYPE)
          .about("IPv4 or IPv6.")
          .setOn(CREATE)
          .defaultsTo(Ethertype.IPV4)
          .filter()
          .sort();

  /** Which protocol; null for any. */
  public static final Attribute<Protocol> PROTOCOL =
      Attribute.of(RULE, "protocol", Protocol.TYPE)
          .about("The IP protocol, null for any.")
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** The first destination port, or the ICMP type; null for any. */
  public static final Attribute<Integer> PORT_RANGE_MIN =
      port("port_range_min")
          .about("The first destination port; for ICMP the type.")
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** The last destination port, or the ICMP code; null for any. */
  public static final Attribute<Integer> PORT_RANGE_MAX =
      port("port_range_max")
          .about("The last destination port; for ICMP the code.")
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** Who is at the other end: addresses. Null for any. */
  public static final Attribute<RemotePrefix> REMOTE_IP_PREFIX =
      Attribute.of(RULE, "remote_ip_prefix", RemotePrefix.TYPE)
          .about("The addresses at the other end.")
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** The network that {@link #REMOTE_IP_PREFIX} is, without host bits; null for any. */
  public static final Attribute<IpPrefix> NORMALIZED_CIDR =
      Attribute.of(RULE, "normalized_cidr", Values.addressOrPrefix())
          .about("remote_ip_prefix without host bits.")
          .extension(NORMALIZED)
          .ignorable()
          .nullable()
          .filter()
          .sort();

  /** Who is at the other end: the ports in a group. Null for any. */
  public static final Attribute<UUID> REMOTE_GROUP_ID =
      Attribute.of(RULE, "remote_group_id", Values.reference(SecurityGroups.SECURITY_GROUP))
          .about("The group whose ports are at the other end.")
          .setOn(CREATE)
          .nullable()
          .filter()
          .sort();

  /** The rules of a group, as the group shows them. */
  static final Attribute<List<Map<String, Object>>> OF_GROUP =
      Attribute.of(SecurityGroups.SECURITY_GROUP, "security_group_rules", new RuleList())
          .about("Its rules.")
          .derived((view, group) ->
              view.list(SECURITY_GROUP_ID, group.id()).stream().map(RuleList::show).toList());

  private SecurityGroupRules() {}

  private static Attribute<Integer> port(String name) {
    return Attribute.of(RULE, name, new PortNumber(name));
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(NORMALIZED)
        .declare(
            RULE,
            SECURITY_GROUP_ID,
            DESCRIPTION,
            DIRECTION,
            ETHERTYPE,
            PROTOCOL,
            PORT_RANGE_MIN,
            PORT_RANGE_MAX,
            REMOTE_IP_PREFIX,
            NORMALIZED_CIDR,
            REMOTE_GROUP_ID);
  }

  /** Only ever rendered. */
  private static final class RuleList implements ValueType<List<Map<String, Object>>> {

    static Map<String, Object> show(org.nucleon.core.resource.Resource rule) {
      Map<String, Object> shown = new java.util.LinkedHashMap<>();
      shown.put("id", rule.id().toString());
      shown.put("project_id", rule.project());
      shown.put("tenant_id", rule.project());
      shown.put("created_at", Standard.time(rule.createdAt()));
      shown.put("updated_at", Standard.time(rule.updatedAt()));
      shown.put("revision_number", rule.revision());
      shown.putAll(rule.document());
      return shown;
    }

    @Override
    public List<Map<String, Object>> parse(Object json) throws InvalidValue {
      throw InvalidValue.because("rules are made one by one");
    }

    @Override
    public Object render(List<Map<String, Object>> value) {
      return value;
    }

    @Override
    public String about() {
      return "a list of rules";
    }
  }
}
