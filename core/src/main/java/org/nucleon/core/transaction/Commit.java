package org.nucleon.core.transaction;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Claim;

/**
 * What a transaction wants to change and what must still stand for that.
 *
 * @param base the change number of the picture that its rules ran against
 * @param changes the resources made, changed and removed
 * @param touched resources that count as changed because what belongs to them is; as they are by
 *     the time of the commit, so that touching conflicts with nobody's touching
 * @param time when they are touched
 * @param claimed the claims taken
 * @param released the claims given up by owners that stay
 * @param relied resources that must not have been changed or guarded since
 * @param guarded resources that must not even have been relied on since
 * @param requested what the client's request itself is about
 * @param limits of how many resources a project may then have
 */
record Commit(
    long base,
    List<Change> changes,
    Map<UUID, ResourceType> touched,
    Instant time,
    Map<Claim, UUID> claimed,
    Set<Claim> released,
    Map<UUID, ResourceType> relied,
    Map<UUID, ResourceType> guarded,
    Set<UUID> requested,
    List<Limit> limits) {

  /** No more than {@code most} resources of a type in a project. */
  record Limit(ResourceType type, String project, int most) {}

  boolean isEmpty() {
    return changes.isEmpty() && touched.isEmpty() && claimed.isEmpty() && released.isEmpty();
  }
}
