package org.nucleon.core.transaction;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;

/** Whether a commit may join the picture as it is now: a pure function of both. */
sealed interface Verdict {

  /** It may: the change set and the picture with it. */
  record Accepted(ChangeSet set, Picture picture) implements Verdict {}

  /** Something that its rules read has changed: run them again. */
  record Conflict(String reason) implements Verdict {}

  static Verdict of(Commit commit, Picture now) {
    Optional<String> stale = stale(commit, now);
    if (stale.isPresent()) {
      return new Conflict(stale.get());
    }
    long number = now.number() + 1;
    ChangeSet set =
        new ChangeSet(
            number,
            Stream.concat(commit.changes().stream(), touched(commit, now))
                .map(change -> committed(change, number))
                .toList(),
            commit.claimed(),
            commit.released(),
            commit.guarded().keySet(),
            commit.relied().keySet(),
            commit.requested());
    Picture after = now.apply(set);
    for (Commit.Limit limit : commit.limits()) {
      if (after.count(limit.type(), limit.project()) > limit.most()) {
        return new Conflict(limit.type().plural() + " of " + limit.project() + " reach a limit");
      }
    }
    return commit.changes().stream()
        .flatMap(change -> dangling(change, after).stream())
        .<Verdict>map(Conflict::new)
        .findFirst()
        .orElseGet(() -> new Accepted(set, after));
  }

  private static Stream<Change> touched(Commit commit, Picture now) {
    return commit.touched().entrySet().stream()
        .flatMap(one -> now.find(one.getValue(), one.getKey()).stream())
        .map(present ->
            new Change(
                present.type(),
                present.id(),
                present,
                new Draft(present).touch().toResource(commit.time())));
  }

  private static Change committed(Change change, long number) {
    Resource after = change.after();
    return after == null
        ? change
        : new Change(change.type(), change.id(), change.before(), after.committedAs(number));
  }

  private static Optional<String> stale(Commit commit, Picture now) {
    for (Change change : commit.changes()) {
      Resource before = change.before();
      long then = before == null ? 0 : before.number();
      long present = now.find(change.type(), change.id()).map(Resource::number).orElse(0L);
      if (then != present) {
        return Optional.of(change.type() + " " + change.id() + " has changed");
      }
      if (change.after() == null && now.reliance(change.id()) > commit.base()) {
        return Optional.of(change.type() + " " + change.id() + " is relied on");
      }
    }
    for (var relied : commit.relied().entrySet()) {
      if (moved(now.guard(relied.getValue(), relied.getKey()), commit)) {
        return Optional.of(relied.getValue() + " " + relied.getKey() + " has changed");
      }
    }
    for (var guarded : commit.guarded().entrySet()) {
      if (moved(now.guard(guarded.getValue(), guarded.getKey()), commit)
          || now.reliance(guarded.getKey()) > commit.base()) {
        return Optional.of(guarded.getValue() + " " + guarded.getKey() + " has changed");
      }
    }
    for (var claim : commit.claimed().entrySet()) {
      Optional<UUID> owner = now.owner(claim.getKey());
      if (owner.isPresent()
          && !owner.get().equals(claim.getValue())
          && !commit.released().contains(claim.getKey())
          && !removes(commit, owner.get())) {
        return Optional.of(claim.getKey() + " is taken");
      }
    }
    return Optional.empty();
  }

  /** A guard of 0 is a resource that is gone. */
  private static boolean moved(long guard, Commit commit) {
    return guard == 0 || guard > commit.base();
  }

  private static boolean removes(Commit commit, UUID id) {
    return commit.changes().stream().anyMatch(c -> c.id().equals(id) && c.after() == null);
  }

  private static Optional<String> dangling(Change change, Picture after) {
    Resource resource = change.after();
    if (resource == null) {
      return after
          .referrer(change.type(), change.id())
          .map(by -> change.type() + " " + change.id() + " is in use by " + by);
    }
    for (Attribute<?> attribute : resource.layout().indexed()) {
      Optional<String> missing = missing(attribute, change, after);
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static <T> Optional<String> missing(
      Attribute<T> attribute, Change change, Picture after) {
    Resource resource = change.after();
    if (!attribute.type().isReference() || resource == null) {
      return Optional.empty();
    }
    T value = resource.value(attribute);
    if (value == null
        || change.before() != null && value.equals(change.before().value(attribute))) {
      return Optional.empty();
    }
    StringBuilder missing = new StringBuilder();
    attribute.type().references(value, (type, id) -> describe(type, id, after, missing));
    return missing.isEmpty() ? Optional.empty() : Optional.of(missing.toString());
  }

  private static void describe(ResourceType type, UUID id, Picture after, StringBuilder missing) {
    if (after.find(type, id).isEmpty()) {
      missing.append(type).append(' ').append(id).append(" does not exist");
    }
  }
}
