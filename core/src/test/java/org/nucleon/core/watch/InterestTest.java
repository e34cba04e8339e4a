package org.nucleon.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.core.Caller;
import org.nucleon.core.MemoryStore;
import org.nucleon.core.Things;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Claim;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Rules;
import org.nucleon.core.transaction.StoreException;
import org.nucleon.core.transaction.Transaction;
import org.nucleon.core.watch.Follower.Host;
import org.nucleon.core.watch.Follower.Topic;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** Random histories of boxes and things: moving on by changes gives what starting anew gives. */
final class InterestTest {

  private static final List<String> HOSTS = List.of("h0", "h1", "h2", "h3");

  private static final Map<ResourceType, List<Routing>> ROUTINGS =
      Map.of(
          Things.BOX,
          List.of((box, routes) -> routes.publish(topic(box.id()))),
          Things.THING,
          List.of(InterestTest::route));

  private static Topic topic(UUID box) {
    return new Topic("box", box);
  }

  /** A thing's host follows its box; the box follows the boxes that its things know. */
  private static void route(Resource thing, Routing.Routes routes) {
    UUID in = thing.value(Things.IN);
    String host = thing.value(Things.HOST);
    if (in != null) {
      routes.publish(topic(in));
      if (host != null) {
        routes.follow(new Host(host), topic(in));
      }
      thing.get(Things.KNOWS).forEach(known -> routes.follow(topic(in), topic(known)));
    } else if (host != null) {
      routes.publish(new Topic("host", host));
      routes.follow(new Host(host), new Topic("host", host));
    }
  }

  /** What one host has been told: the snapshot, and then updates. */
  private static final class Told {
    private final Map<Forgotten, Resource> has = new HashMap<>();

    void put(Resource resource) {
      has.put(new Forgotten(resource.type(), resource.id()), resource);
    }

    void take(HostUpdate update) {
      update.put().forEach(this::put);
      for (Forgotten forgotten : update.forgotten()) {
        assertThat(has.remove(forgotten)).as("was told of %s", forgotten).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void snapshotAndUpdatesAreTheNextSnapshot(long seed) throws StoreException {
    Random random = new Random(seed);
    try (Engine engine = new Engine(Things.catalog(), new Rules(), new MemoryStore(), true)) {
      List<ChangeSet> sets = new ArrayList<>();
      List<Picture> pictures = new ArrayList<>();
      engine.subscribe(
          pictures::add,
          (set, after) -> {
            sets.add(set);
            pictures.add(after);
          });
      for (int step = 0; step < 250; step++) {
        engine.write(
            Caller.SYSTEM,
            tx -> {
              Random sameEachRun = new Random(tx.random());
              for (int i = 0; i <= sameEachRun.nextInt(3); i++) {
                act(tx, sameEachRun);
              }
              return true;
            });
      }
      replay(pictures, sets, random);
    }
  }

  private static void replay(List<Picture> pictures, List<ChangeSet> sets, Random random) {
    Interest live = new Interest(ROUTINGS, pictures.getFirst());
    Map<String, Told> told = new HashMap<>();
    HOSTS.forEach(host -> told.put(host, new Told()));
    Picture rebuilt = pictures.getFirst();
    for (int i = 0; i < sets.size(); i++) {
      Picture after = pictures.get(i + 1);
      live.apply(sets.get(i), after).forEach((host, update) -> told.get(host).take(update));
      Interest anew = new Interest(ROUTINGS, after);
      for (String host : HOSTS) {
        Set<Resource> expected = new HashSet<>(anew.snapshot(host));
        assertThat(new HashSet<>(live.snapshot(host))).isEqualTo(expected);
        assertThat(new HashSet<>(told.get(host).has.values()))
            .as("%s after change %s", host, i + 1)
            .isEqualTo(expected);
        assertThat(expected).isEqualTo(naive(host, after));
      }
      rebuilt = rebuilt.apply(sets.get(i));
      assertSame(rebuilt, after);
      if (random.nextInt(50) == 0) {
        rebuilt = fromNothing(after); // and moves on from there
        assertSame(rebuilt, after);
      }
    }
  }

  /** By the definition, without an index. */
  private static Set<Resource> naive(String host, Picture picture) {
    Set<Topic> topics = new HashSet<>(Set.of(new Topic("host", host)));
    List<Resource> things = List.copyOf(picture.all(Things.THING));
    for (boolean grows = true; grows; ) {
      grows = false;
      for (Resource thing : things) {
        UUID in = thing.value(Things.IN);
        if (in != null && host.equals(thing.value(Things.HOST))) {
          grows |= topics.add(topic(in));
        }
        if (in != null && topics.contains(topic(in))) {
          for (UUID known : thing.get(Things.KNOWS)) {
            grows |= topics.add(topic(known));
          }
        }
      }
    }
    Set<Resource> seen = new HashSet<>();
    picture.all(Things.BOX).stream().filter(b -> topics.contains(topic(b.id()))).forEach(seen::add);
    for (Resource thing : things) {
      UUID in = thing.value(Things.IN);
      String on = thing.value(Things.HOST);
      if (in != null
          ? topics.contains(topic(in))
          : on != null && topics.contains(new Topic("host", on))) {
        seen.add(thing);
      }
    }
    return seen;
  }

  private static Picture fromNothing(Picture picture) {
    List<Resource> resources = new ArrayList<>();
    Map<Claim, UUID> claims = new HashMap<>();
    picture
        .everything()
        .forEach(all ->
            all.forEach(r -> {
              resources.add(r);
              picture.claimsOf(r.id()).forEach(claim -> claims.put(claim, r.id()));
            }));
    return Picture.of(picture.catalog(), picture.number(), resources, claims);
  }

  private static void assertSame(Picture one, Picture other) {
    assertThat(one.number()).isEqualTo(other.number());
    for (ResourceType type : List.of(Things.BOX, Things.THING)) {
      assertThat(List.copyOf(one.all(type))).isEqualTo(List.copyOf(other.all(type)));
    }
    for (Resource box : one.all(Things.BOX)) {
      assertThat(one.list(Things.IN, box.id()))
          .containsExactlyElementsOf(other.list(Things.IN, box.id()));
      assertThat(one.list(Things.KNOWS, box.id()))
          .containsExactlyElementsOf(other.list(Things.KNOWS, box.id()));
      List<Resource> scanned =
          one.all(Things.THING).stream()
              .filter(t -> t.get(Things.KNOWS).contains(box.id()))
              .toList();
      assertThat(one.list(Things.KNOWS, box.id())).containsExactlyElementsOf(scanned);
    }
    for (Resource thing : one.all(Things.THING)) {
      assertThat(List.copyOf(one.claimsOf(thing.id())))
          .isEqualTo(List.copyOf(other.claimsOf(thing.id())));
    }
    for (int slot = 0; slot < 20; slot++) {
      assertThat(one.owner(slot(slot))).isEqualTo(other.owner(slot(slot)));
    }
  }

  private static Claim slot(int slot) {
    return new Claim("slot", "", "%02d".formatted(slot));
  }

  private static void act(Transaction tx, Random random) {
    List<Resource> boxes = List.copyOf(tx.all(Things.BOX));
    List<Resource> things = List.copyOf(tx.all(Things.THING));
    switch (random.nextInt(10)) {
      case 0, 1 -> tx.create(tx.draft(Things.BOX, "p").set(Things.SIZE, random.nextInt(9)));
      case 2, 3, 4 -> {
        Resource made = tx.create(drawn(tx.draft(Things.THING, "p"), boxes, random));
        tx.claim(slot(random.nextInt(20)), made.id());
      }
      case 5, 6 -> {
        if (!things.isEmpty()) {
          tx.update(pick(things, random), draft -> drawn(draft, boxes, random));
        }
      }
      case 7 -> {
        if (!things.isEmpty()) {
          tx.delete(pick(things, random));
        }
      }
      case 8 -> {
        if (!boxes.isEmpty()) {
          tx.update(pick(boxes, random), draft -> draft.set(Things.SIZE, random.nextInt(99)));
        }
      }
      default -> {
        if (!boxes.isEmpty()) {
          remove(tx, pick(boxes, random));
        }
      }
    }
  }

  private static org.nucleon.core.resource.Draft drawn(
      org.nucleon.core.resource.Draft draft, List<Resource> boxes, Random random) {
    if (!boxes.isEmpty()) {
      draft.set(Things.IN, random.nextInt(4) == 0 ? null : pick(boxes, random).id());
      draft.set(
          Things.KNOWS, random.nextInt(3) == 0 ? List.of(pick(boxes, random).id()) : List.of());
    }
    return draft.set(
        Things.HOST, random.nextInt(3) == 0 ? null : HOSTS.get(random.nextInt(HOSTS.size())));
  }

  /** With all that lies in it; what knows it forgets it. */
  private static void remove(Transaction tx, Resource box) {
    List.copyOf(tx.list(Things.IN, box.id())).forEach(tx::delete);
    List.copyOf(tx.list(Things.KNOWS, box.id()))
        .forEach(thing -> tx.update(thing, draft -> draft.set(Things.KNOWS, List.of())));
    tx.delete(box);
  }

  private static Resource pick(List<Resource> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
