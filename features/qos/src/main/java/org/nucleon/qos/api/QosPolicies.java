package org.nucleon.qos.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.watch.Follower.Topic;
import org.nucleon.network.api.DeviceOwner;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;

/**
 * QoS policies: rules for the traffic of the ports, or of all ports of the networks, that name one.
 */
public final class QosPolicies {

  /** A policy. */
  public static final ResourceType POLICY =
      ResourceType.of("policy", "policies", "Rules for the traffic of ports.")
          .under("qos")
          .called("QosPolicy", "QoS policy");

  /** What RBAC policies call it. */
  public static final String SHARED_AS = "qos_policy";

  private static final Extension QOS =
      new Extension(
          "qos",
          "Quality of Service",
          "Policies of rules for the traffic of ports.",
          "2015-06-08T10:00:00-00:00");

  private static final Extension DEFAULT =
      new Extension(
          "qos-default",
          "QoS default policy",
          "A policy for new networks of a project.",
          "2017-04-06T10:00:00-00:00");

  private static final Extension OF_PORTS_NETWORK =
      new Extension(
          "qos-port-network-policy",
          "QoS policy of a port's network",
          "Ports tell the policy of their network.",
          "2019-11-07T10:00:00-00:00");

  /** For people. */
  public static final Attribute<String> NAME = Standard.name(POLICY);

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(POLICY);

  /** Whether other projects can use it. */
  public static final Attribute<Boolean> SHARED = RbacPolicies.shared(POLICY).setOn(CREATE, UPDATE);

  /** Whether new networks of its project have it. */
  public static final Attribute<Boolean> IS_DEFAULT =
      Attribute.of(POLICY, "is_default", Values.bool())
          .about("Whether new networks of its project have it; a project has one such policy.")
          .ignorable()
          .setOn(CREATE, UPDATE)
          .extension(DEFAULT)
          .defaultsTo(false)
          .filter()
          .sort();

  /** Its rules of all types. */
  public static final Attribute<List<Map<String, Object>>> RULES =
      Attribute.of(POLICY, "rules", Values.list(Values.object(65_535), Integer.MAX_VALUE, null))
          .about("Its rules of all types.")
          .derived(QosPolicies::rules);

  /** The policy of a network, for those of its ports that have none of their own. */
  public static final Attribute<UUID> OF_NETWORK =
      Attribute.of(Networks.NETWORK, "qos_policy_id", Values.reference(POLICY))
          .about("The QoS policy of its ports that have none of their own.")
          .ignorable() // hosts read it on the ports
          .setOn(CREATE, UPDATE)
          .extension(QOS)
          .nullable()
          .filter();

  /** The policy of a port's own. */
  public static final Attribute<UUID> OF_PORT =
      Attribute.of(Ports.PORT, "qos_policy_id", Values.reference(POLICY))
          .about("The QoS policy of its own.")
          .setOn(CREATE, UPDATE)
          .extension(QOS)
          .nullable()
          .filter();

  /**
   * The policy of a port's network, kept on the port: shown there, and where hosts read it. That it
   * changes is no new revision of the port.
   */
  public static final Attribute<UUID> NETWORK_POLICY =
      Attribute.of(Ports.PORT, "qos_network_policy_id", Values.uuid())
          .about("The QoS policy of its network.")
          .extension(OF_PORTS_NETWORK)
          .nullable()
          .indexed()
          .reported()
          .filter();

  private QosPolicies() {}

  /** The right to be what new networks of a project have. */
  public static Claim defaultOf(String project) {
    return new Claim("qos-default", project, "");
  }

  /** A policy with its rules. */
  public static Topic topic(UUID policy) {
    return new Topic(SHARED_AS, policy);
  }

  /** Whether the caller may give it to ports and networks. */
  public static boolean isUsable(View view, Resource policy, Caller caller) {
    return caller.owns(policy.project()) || RbacPolicies.isShared(view, policy.id(), caller);
  }

  /**
   * The policy that a port's traffic is under: its own, otherwise its network's unless the network
   * service itself uses the port.
   */
  public static Optional<UUID> effective(Attributes port) {
    @Nullable UUID own = port.value(OF_PORT);
    if (own != null) {
      return Optional.of(own);
    }
    return DeviceOwner.isNetworkService(port.get(Ports.DEVICE_OWNER))
        ? Optional.empty()
        : port.find(NETWORK_POLICY);
  }

  private static List<Map<String, Object>> rules(View view, Resource policy) {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (QosRules.Kind kind : QosRules.KINDS) {
      for (Resource rule : view.list(kind.policy(), policy.id())) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", rule.id().toString());
        row.put("type", kind.name());
        for (Attribute<?> attribute : kind.parameters()) {
          row.put(attribute.name(), rule.get(attribute));
        }
        row.put(kind.policy().name(), policy.id().toString());
        rules.add(row);
      }
    }
    return rules;
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(QOS)
        .extension(DEFAULT)
        .extension(OF_PORTS_NETWORK)
        .declare(POLICY, NAME, DESCRIPTION, SHARED, IS_DEFAULT, RULES)
        .extend(Networks.NETWORK, OF_NETWORK)
        .extend(Ports.PORT, OF_PORT, NETWORK_POLICY)
        .policy("shared_qos_policy", "field:policies:shared=True")
        .policy("get_policy", "rule:admin_or_project_reader or rule:shared_qos_policy")
        .policy("create_policy", "rule:admin_only")
        .policy("update_policy", "rule:admin_only")
        .policy("delete_policy", "rule:admin_only");
  }
}
