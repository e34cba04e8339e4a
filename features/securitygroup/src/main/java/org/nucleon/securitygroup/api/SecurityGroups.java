package org.nucleon.securitygroup.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.List;
import java.util.UUID;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Standard;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.watch.Follower.Topic;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.RbacPolicies;

/** Security groups: sets of ports that the same rules hold for. */
public final class SecurityGroups {

  /** A security group. */
  public static final ResourceType SECURITY_GROUP =
      ResourceType.of(
          "security_group", "security_groups", "A set of ports that the same rules hold for.");

  /** Security groups. */
  public static final Extension EXTENSION =
      new Extension(
          "security-group",
          "security-group",
          "The security groups extension.",
          "2012-10-05T10:00:00-00:00");

  /** The name that only a project's default group has. */
  public static final String DEFAULT = "default";

  /** For people; {@code default} is the default group's. */
  public static final Attribute<String> NAME = Standard.name(SECURITY_GROUP);

  /** For people. */
  public static final Attribute<String> DESCRIPTION = Standard.description(SECURITY_GROUP);

  /** Groups without connection tracking. */
  public static final Extension STATEFUL_EXTENSION =
      new Extension(
          "stateful-security-group",
          "Stateful security group",
          "Indicates if the security group is stateful or not",
          "2019-11-26T09:00:00-00:00");

  /** Lists by whether groups are shared. */
  public static final Extension SHARED_FILTERING =
      new Extension(
          "security-groups-shared-filtering",
          "Security group filtering on the shared field",
          "Allows filtering security groups by shared",
          "2022-04-05T00:00:00-00:00");

  /** Whether connections are tracked. */
  public static final Attribute<Boolean> STATEFUL =
      Attribute.of(SECURITY_GROUP, "stateful", Values.bool())
          .about("Whether answers to what is allowed are allowed too, by tracking connections.")
          .setOn(CREATE, UPDATE)
          .extension(STATEFUL_EXTENSION)
          .defaultsTo(true)
          .filter();

  /** Groups shared with single projects. */
  public static final Extension RBAC =
      RbacPolicies.extension("rbac-security-groups", "Security Group RBAC", "security groups");

  /** Whether ports of whoever asks can be in a group of another project. */
  public static final Attribute<Boolean> SHARED =
      RbacPolicies.shared(SECURITY_GROUP).extension(SHARED_FILTERING);

  private static final Extension PORTS_FILTERING =
      new Extension(
          "port-security-groups-filtering",
          "Port filtering on security groups",
          "Lists ports by their security groups.",
          "2018-01-09T09:00:00-07:00");

  /** The groups of a port. */
  public static final Attribute<List<UUID>> OF_PORT =
      Attribute.of(
              Ports.PORT,
              "security_groups",
              Values.list(Values.reference(SECURITY_GROUP), 100, null))
          .about("Its security groups; by default the project's default group.")
          .setOn(CREATE, UPDATE)
          .extension(EXTENSION)
          .filledByServer()
          .absent(List.of())
          .clearedByNull()
          .filter();

  private SecurityGroups() {}

  /** A group and its rules. */
  public static Topic topic(UUID group) {
    return new Topic("security-group", group);
  }

  /** The ports that are in a group. */
  public static Topic members(UUID group) {
    return new Topic("members", group);
  }

  /** A project has one default group. */
  public static Claim defaultOf(String project) {
    return new Claim("default-security-group", project, "");
  }

  static void declare(Catalog.Builder catalog) {
    catalog
        .extension(EXTENSION)
        .extension(STATEFUL_EXTENSION)
        .extension(RBAC)
        .extension(SHARED_FILTERING)
        .extension(PORTS_FILTERING)
        .declare(SECURITY_GROUP, NAME, DESCRIPTION, STATEFUL, SHARED, SecurityGroupRules.OF_GROUP)
        .extend(Ports.PORT, OF_PORT);
  }
}
