package org.nucleon.core.state;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What one transaction changed, all or nothing, under one change number.
 *
 * @param number the place in the log: one more than the change set before
 * @param changes one for each resource touched
 * @param claimed claims taken, with their owners
 * @param released claims given up by owners that stay
 * @param guarded resources whose guard was raised: whoever relied on them meanwhile runs again
 * @param relied resources that rules relied on: whoever guards them meanwhile runs again
 */
public record ChangeSet(
    long number,
    List<Change> changes,
    Map<Claim, UUID> claimed,
    Set<Claim> released,
    Set<UUID> guarded,
    Set<UUID> relied) {}
