package org.nucleon.network.server;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Attributes;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.schema.Values;
import org.nucleon.core.state.Claim;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.RbacPolicies;
import org.nucleon.network.api.Shareable;

/**
 * What RBAC policies can say, and that none is taken away that somebody needs. What a network's own
 * attributes say of its sharing follows its policies.
 */
final class RbacRules implements ResourceRules {

  private final Collection<Shareable> shareables;

  RbacRules(Collection<Shareable> shareables) {
    this.shareables = shareables;
  }

  @Override
  public void onCreateRequest(Transaction tx, Draft policy) {
    String name = policy.get(RbacPolicies.OBJECT_TYPE);
    UUID id = policy.get(RbacPolicies.OBJECT_ID);
    ResourceType type = type(name);
    Resource object =
        tx.find(type, id)
            .filter(found -> isVisible(tx, found))
            .orElseThrow(() ->
                ApiException.notFound(
                    type.errorName() + "NotFound", "No " + name + " " + id + " could be found."));
    Set<String> actions = new TreeSet<>();
    about(type).forEach(shareable -> actions.addAll(shareable.actions()));
    if (!actions.contains(policy.get(RbacPolicies.ACTION))) {
      throw ApiException.invalidInput(
          "action "
              + Values.quoted(policy.get(RbacPolicies.ACTION))
              + " is not one of "
              + actions
              + " of object_type '"
              + name
              + "'");
    }
    if (!tx.caller().owns(object.project())) {
      throw ApiException.invalidInput(
          "only its owner and administrators can give access to " + name + " " + id);
    }
  }

  private ResourceType type(String name) {
    return shareables.stream()
        .filter(shareable -> shareable.name().equals(name))
        .map(Shareable::type)
        .findFirst()
        .orElseThrow(() ->
            ApiException.badRequest(
                "HTTPBadRequest",
                "Invalid input for object_type. Reason: "
                    + Values.quoted(name)
                    + " is not in "
                    + new TreeSet<>(shareables.stream().map(Shareable::name).toList())
                    + "."));
  }

  private List<Shareable> about(ResourceType type) {
    return shareables.stream().filter(shareable -> shareable.type().equals(type)).toList();
  }

  private boolean isVisible(Transaction tx, Resource object) {
    return tx.caller().owns(object.project())
        || about(object.type()).stream()
            .flatMap(shareable -> shareable.actions().stream())
            .anyMatch(
                action -> RbacPolicies.grants(tx, object.id(), action, tx.caller().project()));
  }

  @Override
  public void onCreate(Transaction tx, Draft policy) {
    object(tx, policy).ifPresent(tx::reliesOn);
    claim(tx, policy);
  }

  private static void claim(Transaction tx, Draft policy) {
    if (!tx.claim(claimOf(policy), policy.id())) {
      throw ApiException.conflict(
          "DuplicateRbacPolicy", "An RBAC policy already exists with those values.");
    }
  }

  private static Claim claimOf(Attributes policy) {
    return RbacPolicies.claim(
        policy.get(RbacPolicies.OBJECT_ID),
        policy.get(RbacPolicies.ACTION),
        policy.get(RbacPolicies.TARGET));
  }

  /** What the policy is about; empty while it is being made with it. */
  private Optional<Resource> object(Transaction tx, Attributes policy) {
    return shareables.stream()
        .filter(shareable -> shareable.name().equals(policy.get(RbacPolicies.OBJECT_TYPE)))
        .map(Shareable::type)
        .findFirst()
        .flatMap(type -> tx.find(type, policy.get(RbacPolicies.OBJECT_ID)));
  }

  @Override
  public void afterCreate(Transaction tx, Resource policy) {
    object(tx, policy).ifPresent(object -> gives(tx, object, policy));
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft policy) {
    Resource before = policy.before().orElseThrow();
    if (policy.isChanged(RbacPolicies.TARGET)) {
      object(tx, before)
          .ifPresent(object -> refuseIfNeeded(tx, before, object, policy.get(RbacPolicies.TARGET)));
    }
  }

  @Override
  public void onUpdate(Transaction tx, Resource before, Draft policy) {
    if (policy.isChanged(RbacPolicies.TARGET)) {
      tx.release(claimOf(before));
      claim(tx, policy);
      object(tx, policy)
          .ifPresent(object -> {
            tx.guards(object);
            takes(tx, object, before);
            object(tx, policy).ifPresent(now -> gives(tx, now, policy));
          });
    }
  }

  @Override
  public void onDeleteRequest(Transaction tx, Resource policy) {
    object(tx, policy).ifPresent(object -> refuseIfNeeded(tx, policy, object, ""));
  }

  @Override
  public void onDelete(Transaction tx, Resource policy) {
    tx.release(claimOf(policy));
    object(tx, policy)
        .ifPresent(object -> {
          tx.guards(object);
          takes(tx, object, policy);
        });
  }

  /**
   * Refuses to take away what a project needs and has from no other policy.
   *
   * @param instead who gets the access from now on, empty for nobody
   */
  private void refuseIfNeeded(Transaction tx, Resource policy, Resource object, String instead) {
    String action = policy.get(RbacPolicies.ACTION);
    String target = policy.get(RbacPolicies.TARGET);
    Set<String> users = new LinkedHashSet<>();
    about(object.type()).forEach(shareable -> users.addAll(shareable.users(tx, object, action)));
    users.remove(object.project());
    users.remove(instead);
    boolean single = !target.equals(RbacPolicies.EVERYONE);
    users.removeIf(project ->
        instead.equals(RbacPolicies.EVERYONE)
            || single && !project.equals(target)
            || tx.owner(RbacPolicies.claim(object.id(), action, single ? "*" : project))
                .isPresent());
    if (!users.isEmpty()) {
      throw ApiException.conflict(
          "RbacPolicyInUse",
          "The RBAC policy on "
              + object
              + " cannot be removed: project "
              + Values.quoted(users.iterator().next())
              + " uses it.");
    }
  }

  /** A network says itself that every project can use it, or some one as an external network. */
  private static void gives(Transaction tx, Resource object, Attributes policy) {
    if (object.type().equals(Networks.NETWORK)) {
      if (isExternal(policy)) {
        mark(tx, object, Networks.EXTERNAL, true);
      } else if (isForEveryone(policy)) {
        mark(tx, object, Networks.SHARED, true);
      }
    }
  }

  /** And no longer, once the last such policy is gone. */
  private static void takes(Transaction tx, Resource object, Attributes policy) {
    if (object.type().equals(Networks.NETWORK)) {
      if (!isExternal(policy)) {
        mark(tx, object, Networks.SHARED, object.get(Networks.SHARED) && !isForEveryone(policy));
      } else if (Networks.externalPolicies(tx, object.id()).stream()
          .noneMatch(other -> stands(tx, other))) {
        mark(tx, object, Networks.EXTERNAL, false);
      }
    }
  }

  private static boolean isExternal(Attributes policy) {
    return policy.get(RbacPolicies.ACTION).equals(RbacPolicies.ACCESS_AS_EXTERNAL);
  }

  private static boolean isForEveryone(Attributes policy) {
    return policy.get(RbacPolicies.TARGET).equals(RbacPolicies.EVERYONE);
  }

  private static void mark(
      Transaction tx, Resource network, Attribute<Boolean> what, boolean value) {
    if (network.get(what) != value) {
      tx.update(network, draft -> draft.set(what, value));
    }
  }

  /** Whether a policy is not just being removed. */
  static boolean stands(Transaction tx, Resource policy) {
    return tx.owner(claimOf(policy)).filter(policy.id()::equals).isPresent();
  }

  /** A resource's policies go with it. */
  static final class OfObjects implements ResourceRules {
    @Override
    public void onDelete(Transaction tx, Resource object) {
      for (Resource policy : List.copyOf(tx.list(RbacPolicies.OBJECT_ID, object.id()))) {
        tx.delete(policy);
      }
    }
  }
}
