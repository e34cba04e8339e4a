package org.nucleon.qos.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;

/**
 * The rules of QoS policies, parts of them: how fast ports may be, how their packets are marked.
 */
public final class QosRules {

  /** What leaves the port's device. */
  public static final String EGRESS = "egress";

  /** What reaches the port's device. */
  public static final String INGRESS = "ingress";

  /** How fast ports may be in one direction. */
  public static final ResourceType BANDWIDTH_LIMIT =
      rule("bandwidth_limit_rule", "How fast ports may be in one direction.");

  /** The mark of the packets that ports send. */
  public static final ResourceType DSCP_MARKING =
      rule("dscp_marking_rule", "The mark of the packets that ports send.");

  /** What the policies' rules of bandwidth are of. */
  public static final Attribute<UUID> LIMIT_OF = policy(BANDWIDTH_LIMIT);

  private static final Extension DIRECTIONS =
      new Extension(
          "qos-bw-limit-direction",
          "Direction for QoS bandwidth limit rule",
          "Bandwidth is limited in either direction.",
          "2017-04-10T10:00:00-00:00");

  private static final Extension ALIASES =
      new Extension(
          "qos-rules-alias",
          "QoS rules alias",
          "Rules are reached without their policies.",
          "2018-12-07T00:00:00-00:00");

  /** Kilobits (thousands of bits) a second, Ethernet frames as a whole; 0 for no limit. */
  public static final Attribute<Integer> MAX_KBPS =
      Attribute.of(BANDWIDTH_LIMIT, "max_kbps", Values.integer(0, Integer.MAX_VALUE))
          .about("Kilobits a second; 0 for no limit.")
          .setOn(CREATE, UPDATE)
          .required()
          .filter()
          .sort();

  /** Kilobits that may be sent at once; 0 for four fifths of what a second may hold. */
  public static final Attribute<Integer> MAX_BURST_KBPS =
      Attribute.of(BANDWIDTH_LIMIT, "max_burst_kbps", Values.integer(0, Integer.MAX_VALUE))
          .about("Kilobits that may pass at once; 0 for 80 % of what passes in a second.")
          .setOn(CREATE, UPDATE)
          .defaultsTo(0)
          .filter()
          .sort();

  /** {@link #EGRESS} or {@link #INGRESS}, as the port's device sees it. */
  public static final Attribute<String> DIRECTION =
      Attribute.of(BANDWIDTH_LIMIT, "direction", Values.oneOf(EGRESS, INGRESS))
          .about("egress for what the port's device sends, ingress for what it receives.")
          .setOn(CREATE, UPDATE)
          .extension(DIRECTIONS)
          .defaultsTo(EGRESS)
          .filter()
          .sort();

  /** What the policies' rules of marks are of. */
  public static final Attribute<UUID> MARKING_OF = policy(DSCP_MARKING);

  /** The Differentiated Services Code Point of RFC 2474: 0 to 63, of which some are in use. */
  public static final Attribute<Integer> DSCP_MARK =
      Attribute.of(DSCP_MARKING, "dscp_mark", DscpMark.TYPE)
          .about("The DSCP of the packets that the port's device sends.")
          .setOn(CREATE, UPDATE)
          .required()
          .filter()
          .sort();

  /**
   * One type of rules.
   *
   * @param name as lists of rule types have it: {@code bandwidth_limit}
   * @param policy the attribute that names the policy
   * @param parameters what such rules say
   */
  public record Kind(
      String name, ResourceType type, Attribute<UUID> policy, List<Attribute<?>> parameters) {}

  /** The types of rules that there are. */
  public static final List<Kind> KINDS =
      List.of(
          new Kind(
              "bandwidth_limit",
              BANDWIDTH_LIMIT,
              LIMIT_OF,
              List.of(MAX_KBPS, MAX_BURST_KBPS, DIRECTION)),
          new Kind("dscp_marking", DSCP_MARKING, MARKING_OF, List.of(DSCP_MARK)));

  private QosRules() {}

  private static ResourceType rule(String name, String about) {
    return ResourceType.below(QosPolicies.POLICY, name, name + "s", about)
        .aliased()
        .called("QosRule", "QoS rule");
  }

  private static Attribute<UUID> policy(ResourceType type) {
    return Attribute.of(type, "qos_policy_id", Values.reference(QosPolicies.POLICY))
        .about("The policy that it is a rule of.")
        .filledByServer()
        .parent()
        .hidden();
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(DIRECTIONS)
        .extension(ALIASES)
        .declare(BANDWIDTH_LIMIT, LIMIT_OF, MAX_KBPS, MAX_BURST_KBPS, DIRECTION)
        .declare(DSCP_MARKING, MARKING_OF, DSCP_MARK);
    for (Kind kind : KINDS) {
      String name = kind.type().policyName();
      catalog
          .policy("get_" + name, "rule:admin_or_project_reader or rule:shared_qos_policy")
          .policy("create_" + name, "rule:admin_only")
          .policy("update_" + name, "rule:admin_only")
          .policy("delete_" + name, "rule:admin_only");
    }
  }
}
