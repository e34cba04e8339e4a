package org.nucleon.core.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;

/**
 * What one transaction changed, all or nothing, under one change number.
 *
 * @param number the place in the log: one more than the change set before
 * @param changes one for each resource touched
 * @param claimed claims taken, with their owners
 * @param released claims given up by owners that stay
 * @param guarded resources whose guard was raised: whoever relied on them meanwhile runs again
 * @param relied resources that rules relied on: whoever guards them meanwhile runs again
 * @param requested what a client's request itself made, changed or removed; the rest followed
 */
public record ChangeSet(
    long number,
    List<Change> changes,
    Map<Claim, UUID> claimed,
    Set<Claim> released,
    Set<UUID> guarded,
    Set<UUID> relied,
    Set<UUID> requested) {

  /** What changed, with nothing of what came with it. */
  public static ChangeSet of(long number, List<Change> changes) {
    return new ChangeSet(number, changes, Map.of(), Set.of(), Set.of(), Set.of(), Set.of());
  }

  /**
   * What leads from one picture to a later one, whatever lay between, as one change set.
   *
   * @param before of the same declarations
   */
  public static ChangeSet between(Picture before, Picture after) {
    List<Change> changes = new ArrayList<>();
    for (Layout layout : before.catalog().layouts()) {
      ResourceType type = layout.type();
      for (Resource was : before.all(type)) {
        if (after.find(type, was.id()).isEmpty()) {
          changes.add(new Change(type, was.id(), was, null));
        }
      }
      for (Resource is : after.all(type)) {
        Resource was = before.find(type, is.id()).orElse(null);
        if (was == null || was.number() != is.number()) {
          changes.add(new Change(type, is.id(), was, is));
        }
      }
    }
    Map<Claim, UUID> claimed = new HashMap<>();
    after
        .claims()
        .forEach((claim, owner) -> {
          if (!before.owner(claim).filter(owner::equals).isPresent()) {
            claimed.put(claim, owner);
          }
        });
    Set<Claim> released = new HashSet<>();
    before
        .claims()
        .forEach((claim, owner) -> {
          if (after.owner(claim).isEmpty()) {
            released.add(claim);
          }
        });
    return new ChangeSet(after.number(), changes, claimed, released, Set.of(), Set.of(), Set.of());
  }
}
