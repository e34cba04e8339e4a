package org.nucleon.securitygroup.server;

import org.nucleon.core.ApiException;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.ResourceRules;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** Names, default rules and removal of security groups. */
final class GroupRules implements ResourceRules {

  @Override
  public void onCreateRequest(Transaction tx, Draft group) {
    checkName(group);
    DefaultGroups.of(tx, group.project());
  }

  private static void checkName(Draft group) {
    if (group.get(SecurityGroups.NAME).equalsIgnoreCase(SecurityGroups.DEFAULT)) {
      throw ApiException.conflict(
          "SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
    }
  }

  @Override
  public void afterCreate(Transaction tx, Resource group) {
    DefaultGroups.allowEgress(tx, group);
  }

  @Override
  public void onUpdateRequest(Transaction tx, Draft group) {
    boolean isDefault = group.before().map(before -> isDefault(tx, before)).orElse(false);
    if (isDefault) {
      if (group.isChanged(SecurityGroups.NAME)) {
        throw ApiException.conflict(
            "SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.");
      }
    } else {
      checkName(group);
    }
  }

  /** Ports keep what they were given: their connections are tracked, or they are not. */
  @Override
  public void onUpdate(Transaction tx, Resource before, Draft group) {
    if (group.isChanged(SecurityGroups.STATEFUL)) {
      tx.guards(before);
      if (!tx.list(SecurityGroups.OF_PORT, before.id()).isEmpty()) {
        throw inUse(before);
      }
    }
  }

  @Override
  public void onDeleteRequest(Transaction tx, Resource group) {
    if (isDefault(tx, group) && !tx.caller().admin()) {
      throw ApiException.conflict(
          "SecurityGroupCannotRemoveDefault",
          "Insufficient rights for removing default security group.");
    }
  }

  @Override
  public void onDelete(Transaction tx, Resource group) {
    tx.guards(group);
    if (!tx.list(SecurityGroups.OF_PORT, group.id()).isEmpty()) {
      throw inUse(group);
    }
    for (Resource rule : tx.list(SecurityGroupRules.REMOTE_GROUP_ID, group.id())) {
      tx.delete(rule);
    }
    for (Resource rule : tx.list(SecurityGroupRules.SECURITY_GROUP_ID, group.id())) {
      tx.delete(rule);
    }
  }

  private static ApiException inUse(Resource group) {
    return ApiException.conflict("SecurityGroupInUse", "Security Group " + group.id() + " in use.");
  }

  private static boolean isDefault(Transaction tx, Resource group) {
    return tx.owner(SecurityGroups.defaultOf(group.project()))
        .filter(group.id()::equals)
        .isPresent();
  }
}
