package org.nucleon.network.api;

import static org.nucleon.core.schema.Operation.CREATE;
import static org.nucleon.core.schema.Operation.UPDATE;

import java.util.UUID;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Access;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.schema.Extension;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.ResourceType.StandardAttributes;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.Transaction;

/** RBAC policies: access to one project's resource for another project, or for all. */
public final class RbacPolicies {

  /** An RBAC policy. */
  public static final ResourceType RBAC_POLICY =
      ResourceType.of(
              "rbac_policy",
              "rbac_policies",
              "Access to a resource for another project, or for all.")
          .with(StandardAttributes.NONE);

  /** To see and to use. */
  public static final String ACCESS_AS_SHARED = "access_as_shared";

  /** To have router gateways and floating IPs on a network. */
  public static final String ACCESS_AS_EXTERNAL = "access_as_external";

  /** The target that is every project. */
  public static final String EVERYONE = "*";

  /** What kind of resource: a {@link Shareable}'s type. */
  public static final Attribute<String> OBJECT_TYPE =
      Attribute.of(RBAC_POLICY, "object_type", Values.text(255))
          .about("The type of the resource that access is given to.")
          .setOn(CREATE)
          .required()
          .filter();

  /** Which resource. */
  public static final Attribute<UUID> OBJECT_ID =
      Attribute.of(RBAC_POLICY, "object_id", Values.uuid())
          .about("The resource that access is given to.")
          .setOn(CREATE)
          .required()
          .indexed()
          .filter();

  /** {@link #ACCESS_AS_SHARED} or {@link #ACCESS_AS_EXTERNAL}. */
  public static final Attribute<String> ACTION =
      Attribute.of(RBAC_POLICY, "action", Values.text(255))
          .about("access_as_shared, for networks also access_as_external.")
          .setOn(CREATE)
          .required()
          .filter();

  /** Who gets access: a project, or {@link #EVERYONE}. */
  public static final Attribute<String> TARGET =
      Attribute.of(RBAC_POLICY, "target_tenant", Values.nonBlank(255))
          .about("The project that gets access; '*' for every project.")
          .setOn(CREATE, UPDATE)
          .writtenBy(Access.of("rule:restrict_wildcard"))
          .required()
          .indexed()
          .filter();

  private static final Extension[] EXTENSIONS = {
    extension("rbac-policies", "RBAC Policies", "networks"),
    extension("rbac-address-scope", "Address scope RBAC", "address scopes"),
    extension("rbac-subnetpool", "Subnet pool RBAC", "subnet pools"),
  };

  private RbacPolicies() {}

  /** An extension that tells clients of one more type that RBAC policies are about. */
  public static Extension extension(String alias, String name, String what) {
    return new Extension(
        alias,
        name,
        "Access to " + what + " for single projects, or for all.",
        "2015-06-17T12:15:12-00:00");
  }

  /** The right to be what gives a project an access to a resource. */
  public static Claim claim(UUID object, String action, String target) {
    return new Claim("rbac", object + " " + action, target);
  }

  /** Whether a policy gives the access to the project or to all. */
  public static boolean grants(View view, UUID object, String action, String project) {
    return view.owner(claim(object, action, EVERYONE)).isPresent()
        || view.owner(claim(object, action, project)).isPresent();
  }

  /** Whether a policy shares a resource with the caller. */
  public static boolean isShared(View view, UUID object, Caller caller) {
    return grants(view, object, ACCESS_AS_SHARED, caller.project());
  }

  /** Gives every project an access to a resource, unless it has it already. */
  public static void giveEveryone(
      Transaction tx, String objectType, UUID object, String project, String action) {
    if (tx.owner(claim(object, action, EVERYONE)).isEmpty()) {
      tx.create(
          tx.draft(RBAC_POLICY, project)
              .set(OBJECT_TYPE, objectType)
              .set(OBJECT_ID, object)
              .set(ACTION, action)
              .set(TARGET, EVERYONE));
    }
  }

  /** {@code shared}, for types whose sharing is a matter of RBAC policies alone. */
  public static Attribute<Boolean> shared(ResourceType type) {
    return Attribute.of(type, "shared", Values.bool())
        .about("Whether it is shared with whoever asks.")
        .ignorable()
        .derivedFor((view, resource, caller) -> isShared(view, resource.id(), caller))
        .writtenBy(Access.ADMIN)
        .defaultsTo(false)
        .freeAsDefault()
        .filter()
        .sort();
  }

  static void declare(Catalog.Builder catalog) {
    for (Extension extension : EXTENSIONS) {
      catalog.extension(extension);
    }
    catalog
        .declare(RBAC_POLICY, OBJECT_TYPE, OBJECT_ID, ACTION, TARGET)
        .quota(RBAC_POLICY, 10)
        .policy(
            "restrict_wildcard",
            "(not field:rbac_policy:target_tenant=*) or rule:context_is_admin");
  }
}
