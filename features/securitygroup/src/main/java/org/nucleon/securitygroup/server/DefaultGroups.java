package org.nucleon.securitygroup.server;

import java.util.Optional;
import java.util.UUID;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.securitygroup.api.Direction;
import org.nucleon.securitygroup.api.Ethertype;
import org.nucleon.securitygroup.api.SecurityGroupRules;
import org.nucleon.securitygroup.api.SecurityGroups;

/** The group that each project has from its first network, port or group on. */
final class DefaultGroups {

  private DefaultGroups() {}

  /** The project's default group, made now if it has none. */
  static UUID of(Transaction tx, String project) {
    Optional<UUID> present = tx.owner(SecurityGroups.defaultOf(project));
    if (present.isPresent()) {
      return present.get();
    }
    Draft draft = tx.draft(SecurityGroups.SECURITY_GROUP, project);
    draft
        .set(SecurityGroups.NAME, SecurityGroups.DEFAULT)
        .set(SecurityGroups.DESCRIPTION, "Default security group");
    tx.claim(SecurityGroups.defaultOf(project), draft.id());
    Resource group = tx.create(draft);
    for (Ethertype ethertype : Ethertype.values()) {
      Draft fromMembers = rule(tx, group, Direction.INGRESS, ethertype);
      fromMembers.set(SecurityGroupRules.REMOTE_GROUP_ID, group.id());
      tx.create(fromMembers);
    }
    return group.id();
  }

  /** Everything from a group's ports may pass, until its owner decides otherwise. */
  static void allowEgress(Transaction tx, Resource group) {
    for (Ethertype ethertype : Ethertype.values()) {
      tx.create(rule(tx, group, Direction.EGRESS, ethertype));
    }
  }

  private static Draft rule(
      Transaction tx, Resource group, Direction direction, Ethertype ethertype) {
    return tx.draft(SecurityGroupRules.RULE, group.project())
        .set(SecurityGroupRules.SECURITY_GROUP_ID, group.id())
        .set(SecurityGroupRules.DIRECTION, direction)
        .set(SecurityGroupRules.ETHERTYPE, ethertype);
  }
}
