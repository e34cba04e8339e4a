package org.nucleon.core.transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.Caller;
import org.nucleon.core.resource.Draft;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Attribute;
import org.nucleon.core.schema.Layout;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Claim;
import org.nucleon.core.state.Picture;

/**
 * One optimistic transaction: rules read a picture and what they changed so far, changes are
 * buffered, and the commit checks that what was read still stands. Holds no lock; belongs to one
 * thread.
 */
public final class Transaction implements View {

  private final Picture picture;
  private final Rules rules;
  private final Draws draws;
  private final InFlight inFlight;
  private final Caller caller;
  private final Map<UUID, Change> changes = new LinkedHashMap<>();
  private final Map<UUID, ResourceType> touched = new LinkedHashMap<>();
  private final Map<Claim, UUID> claimed = new LinkedHashMap<>();
  private final Set<Claim> released = new HashSet<>();
  private final Set<Claim> chosen = new HashSet<>();
  private final Map<String, Long> searchedUpTo = new HashMap<>();
  private final Map<UUID, ResourceType> relied = new HashMap<>();
  private final Map<UUID, ResourceType> guarded = new HashMap<>();
  private final Set<Commit.Limit> limits = new HashSet<>();
  private final Set<UUID> requested = new HashSet<>();
  private final int spread;

  /**
   * Begins one.
   *
   * @param spread below how many free values one is chosen by chance, 1 for the first: servers that
   *     do not see each other's choice would choose the same again and again
   */
  Transaction(
      Picture picture, Rules rules, Draws draws, InFlight inFlight, Caller caller, int spread) {
    this.spread = spread;
    this.picture = picture;
    this.rules = rules;
    this.draws = draws;
    this.inFlight = inFlight;
    this.caller = caller;
  }

  /** Who asked for what this transaction does. */
  public Caller caller() {
    return caller;
  }

  /** The time of the request, whole seconds. */
  public Instant now() {
    return draws.now();
  }

  /** A random number, the same in every run of this request's rules. */
  public long random() {
    return draws.number();
  }

  /** Begins a new resource with the declared defaults and an id of its own. */
  public Draft draft(ResourceType type, String project) {
    return new Draft(picture.catalog().layout(type), draws.id(), project);
  }

  /** Makes a resource: every feature's rules fill it in and check it. */
  public Resource create(Draft draft) {
    for (ResourceRules rule : rules.of(draft.type())) {
      rule.onCreate(this, draft);
    }
    Resource resource = draft.toResource(now());
    changes.put(draft.id(), new Change(draft.type(), draft.id(), null, resource));
    touchParent(resource);
    for (ResourceRules rule : rules.of(draft.type())) {
      rule.afterCreate(this, resource);
    }
    return resource;
  }

  /** Changes a resource: every feature's rules see the change. */
  public Resource update(Resource resource, Consumer<Draft> change) {
    Draft draft = new Draft(current(resource));
    change.accept(draft);
    return update(draft);
  }

  /** Changes a resource as drafted: every feature's rules see the change. */
  public Resource update(Draft draft) {
    Resource before =
        draft.before().orElseThrow(() -> new IllegalArgumentException("a new resource"));
    for (ResourceRules rule : rules.of(draft.type())) {
      rule.onUpdate(this, before, draft);
    }
    if (touched.remove(draft.id()) != null) {
      draft.touch();
    }
    Resource after = draft.toResource(now());
    if (after != before) {
      Change earlier = changes.get(draft.id());
      changes.put(
          draft.id(),
          new Change(draft.type(), draft.id(), earlier == null ? before : earlier.before(), after));
      touchParent(after);
      for (ResourceRules rule : rules.of(draft.type())) {
        rule.afterUpdate(this, before, after);
      }
    }
    return after;
  }

  /**
   * Counts the resource as changed because something that belongs to it did. Many may at once; what
   * else of it a rule read needs {@link #reliesOn} or {@link #guards}.
   */
  public void touch(Resource resource) {
    if (changes.containsKey(resource.id())) {
      update(resource, Draft::touch);
    } else {
      touched.put(resource.id(), resource.type());
    }
  }

  /** What changes a part counts as a change of the whole. */
  private void touchParent(Resource part) {
    part.layout()
        .parent()
        .flatMap(parent -> find(part.type().above(), part.get(parent)))
        .ifPresent(this::touch);
  }

  /**
   * Removes a resource, with its claims and its parts: every feature's rules may refuse or remove
   * more.
   */
  public void delete(Resource resource) {
    for (ResourceRules rule : rules.of(resource.type()).reversed()) {
      rule.onDelete(this, resource);
    }
    deleteParts(resource);
    if (find(resource.type(), resource.id()).isEmpty()) {
      return; // a rule removed it already, with something else
    }
    touched.remove(resource.id());
    Change earlier = changes.remove(resource.id());
    Resource before = earlier == null ? resource : earlier.before();
    claimed.values().removeIf(resource.id()::equals);
    if (before != null) {
      changes.put(resource.id(), new Change(resource.type(), resource.id(), before, null));
    }
    touchParent(resource);
    for (ResourceRules rule : rules.of(resource.type()).reversed()) {
      rule.afterDelete(this, resource);
    }
  }

  private void deleteParts(Resource whole) {
    for (Layout parts : picture.catalog().below(whole.type())) {
      for (Resource part : List.copyOf(list(parts.parent().orElseThrow(), whole.id()))) {
        delete(part);
      }
    }
  }

  /**
   * The client's request is about this resource itself: what else changes only follows. Those who
   * tell others of changes may care.
   */
  public void requested(Resource resource) {
    requested.add(resource.id());
  }

  private Resource current(Resource resource) {
    return find(resource.type(), resource.id())
        .orElseThrow(() -> new IllegalStateException(resource + " is gone"));
  }

  /**
   * Claims a value for a resource.
   *
   * @return whether it is the owner's now; false if another resource has it
   */
  public boolean claim(Claim claim, UUID owner) {
    Optional<UUID> present = owner(claim);
    if (present.isPresent()) {
      return present.get().equals(owner);
    }
    if (picture.owner(claim).isEmpty()) {
      released.remove(claim);
    } // otherwise who has it still gives it up first, were it the same owner
    claimed.put(claim, owner);
    return true;
  }

  /** Gives a claim up although its owner stays. */
  public void release(Claim claim) {
    if (claimed.remove(claim) == null) {
      released.add(claim);
    } else if (picture.owner(claim).isPresent()) {
      released.add(claim);
    }
  }

  /**
   * Claims the first free value of a numbered row of values. Values that other transactions on this
   * server have chosen and not yet committed are passed over, so that choosing never conflicts
   * here.
   *
   * @param row from a position, 0 up to {@code count - 1}, to the claim; in the order of claims
   * @param count how many positions there are
   * @return the position, or -1 if all are taken
   */
  public long claimFirstFree(LongFunction<Claim> row, long count, UUID owner) {
    if (count <= 0) {
      return -1;
    }
    Claim first = row.apply(0);
    Claim last = row.apply(count - 1);
    String search = first + ".." + last;
    long position = searchedUpTo.getOrDefault(search, 0L);
    if (spread > 1 && position == 0) {
      position = ThreadLocalRandom.current().nextLong(Math.min(spread, count));
    }
    boolean fromTheStart = position == 0 || searchedUpTo.containsKey(search);
    while (true) {
      position = nextFree(row, position, count, last);
      if (position < 0 && !fromTheStart) {
        fromTheStart = true;
        position = 0;
        continue;
      }
      if (position < 0) {
        return -1;
      }
      Claim claim = row.apply(position);
      if (owner(claim).isEmpty() && inFlight.take(claim, draws)) {
        chosen.add(claim);
        claimed.put(claim, owner);
        searchedUpTo.put(search, position + 1);
        return position;
      }
      position++;
    }
  }

  /** The first position from {@code from} on that the picture has no claim for: a binary search. */
  private long nextFree(LongFunction<Claim> row, long from, long count, Claim last) {
    if (from >= count) {
      return -1;
    }
    var taken = picture.claims(row.apply(from), last);
    long low = from;
    long high = Math.min(count - 1, from + taken.size());
    while (low < high) { // invariant: the answer, if any, is in low..high
      long middle = low + (high - low) / 2;
      int upToMiddle = taken.headMap(row.apply(middle), true).size();
      if (upToMiddle == middle - from + 1) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return picture.owner(row.apply(low)).isEmpty() ? low : -1;
  }

  /**
   * What a rule read of the resource decides: if it changes or is guarded meanwhile, rules run
   * again.
   */
  public void reliesOn(Resource resource) {
    if (!isNew(resource.id())) {
      relied.put(resource.id(), resource.type());
    }
  }

  /**
   * A rule read what others, who rely on the resource, may be adding to: if anyone relied on it
   * meanwhile, rules run again, and whoever relies on it from before this commit does so too.
   */
  public void guards(Resource resource) {
    if (!isNew(resource.id())) {
      guarded.put(resource.id(), resource.type());
    }
  }

  /**
   * Demands that a project has no more than so many resources of a type once this is committed,
   * whatever others commit meanwhile.
   *
   * @return whether that is so now
   */
  public boolean staysWithin(ResourceType type, String project, int most) {
    limits.add(new Commit.Limit(type, project, most));
    return count(type, project) <= most;
  }

  /** How many resources of a type a project has, with what this transaction changed. */
  public int count(ResourceType type, String project) {
    int count = picture.count(type, project);
    for (Change change : changes.values()) {
      Resource one = change.after() == null ? change.before() : change.after();
      if (one != null && change.type().equals(type) && one.project().equals(project)) {
        count += (change.after() == null ? 0 : 1) - (change.before() == null ? 0 : 1);
      }
    }
    return count;
  }

  private boolean isNew(UUID id) {
    Change change = changes.get(id);
    return change != null && change.before() == null;
  }

  @Override
  public Optional<Resource> find(ResourceType type, UUID id) {
    Change change = changes.get(id);
    return change == null ? picture.find(type, id) : Optional.ofNullable(change.after());
  }

  @Override
  public Collection<Resource> list(Attribute<?> attribute, Object key) {
    Collection<Resource> base = picture.list(attribute, key);
    return changes.isEmpty()
        ? base
        : overlaid(base, attribute.resource(), resource -> hasKey(resource, attribute, key));
  }

  @Override
  public Collection<Resource> all(ResourceType type) {
    return overlaid(picture.all(type), type, resource -> true);
  }

  private Collection<Resource> overlaid(
      Collection<Resource> base,
      ResourceType type,
      java.util.function.Predicate<Resource> belongs) {
    List<Resource> result = new ArrayList<>(base.size());
    for (Resource resource : base) {
      if (!changes.containsKey(resource.id())) {
        result.add(resource);
      }
    }
    for (Change change : changes.values()) {
      Resource after = change.after();
      if (after != null && change.type().equals(type) && belongs.test(after)) {
        result.add(after);
      }
    }
    return result;
  }

  private static <T> boolean hasKey(Resource resource, Attribute<T> attribute, Object key) {
    @Nullable T value = resource.value(attribute);
    if (value != null) {
      for (Object candidate : attribute.type().indexKeys(value)) {
        if (candidate.equals(key)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Optional<UUID> owner(Claim claim) {
    UUID mine = claimed.get(claim);
    if (mine != null) {
      return Optional.of(mine);
    }
    if (released.contains(claim)) {
      return Optional.empty();
    }
    return picture
        .owner(claim)
        .filter(owner -> {
          Change change = changes.get(owner);
          return change == null || change.after() != null;
        });
  }

  Commit toCommit() {
    return new Commit(
        picture.number(),
        List.copyOf(changes.values()),
        Map.copyOf(touched),
        now(),
        Map.copyOf(claimed),
        Set.copyOf(released),
        Map.copyOf(relied),
        Map.copyOf(guarded),
        Set.copyOf(requested),
        List.copyOf(limits));
  }

  void end() {
    chosen.forEach(inFlight::release);
  }
}
