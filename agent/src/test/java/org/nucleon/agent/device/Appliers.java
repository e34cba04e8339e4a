package org.nucleon.agent.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.Item;
import org.nucleon.host.namespace.EventLoop;

/**
 * All appliers of the package, used as an agent uses them: what no drift is told of is not read.
 */
final class Appliers implements AutoCloseable {
  private final EventLoop loop;
  private final List<Applier<?>> all = new ArrayList<>();
  private final Map<Class<?>, Map<Object, Item>> known = new HashMap<>();
  private final Set<Class<?>> drifted = ConcurrentHashMap.newKeySet();
  private final Object told = new Object();

  Appliers(Path state) throws Exception {
    loop = EventLoop.start();
    Namespaces namespaces = new Namespaces(loop);
    all.add(new NamespaceApplier(namespaces));
    all.add(new DeviceApplier(namespaces, loop));
    all.add(new NatApplier(namespaces));
    all.add(new AddressApplier(namespaces));
    all.add(new RouteApplier(namespaces));
    all.add(new ProgramApplier(state, namespaces, loop));
    for (Applier<?> applier : all) {
      applier.start(() -> tell(applier.items()));
    }
    doubtAll();
  }

  private void tell(Class<?> items) {
    synchronized (told) {
      drifted.add(items);
      told.notifyAll();
    }
  }

  /** Forgets drift that was told so far. */
  void calm() {
    drifted.clear();
  }

  /** The classes of items that others have changed. */
  Set<Class<?>> drifted() {
    return drifted;
  }

  /** Nothing is known of the host any more. */
  void doubtAll() {
    all.forEach(applier -> drifted.add(applier.items()));
  }

  /** Returns once drift of that class of items is told. */
  void awaitDrift(Class<?> items) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    synchronized (told) {
      while (!drifted.contains(items)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        assertThat(left).as("no drift is told of " + drifted).isPositive();
        told.wait(left);
      }
    }
  }

  /** Repairs what drift is told of, until all is as wanted. */
  void repair(List<? extends Item> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    boolean repaired = false;
    while (true) {
      repaired |= !converge(wanted).isEmpty();
      if (repaired && isAsWanted(wanted)) {
        return;
      }
      synchronized (told) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        assertThat(left).as("not repaired; drift is told of " + drifted).isPositive();
        if (drifted.isEmpty()) {
          told.wait(left);
        }
      }
    }
  }

  private boolean isAsWanted(List<? extends Item> wanted) throws Exception {
    for (Applier<?> applier : all) {
      Map<Object, ?> there = applier.read();
      if (!of(applier, wanted).stream().allMatch(item -> item.equals(there.get(item.key())))) {
        return false;
      }
    }
    return true;
  }

  /** Brings about the items and nothing else, and says what had to be done, by class of items. */
  Map<String, Integer> converge(List<? extends Item> wanted) throws Exception {
    Map<String, Integer> done = new TreeMap<>();
    for (Applier<?> applier : all) {
      put(applier, wanted, done);
    }
    for (Applier<?> applier : all.reversed()) {
      remove(applier, wanted, done);
    }
    return done;
  }

  private <I extends Item> Map<Object, Item> there(Applier<I> applier) throws Exception {
    if (drifted.remove(applier.items())) {
      known.put(applier.items(), new HashMap<>(applier.read()));
    }
    return known.get(applier.items());
  }

  private <I extends Item> void put(
      Applier<I> applier, List<? extends Item> wanted, Map<String, Integer> done) throws Exception {
    Map<Object, Item> there = there(applier);
    List<I> put = of(applier, wanted).stream().filter(i -> !i.equals(there.get(i.key()))).toList();
    if (!put.isEmpty()) {
      Map<Object, String> reasons = applier.apply(put, List.of());
      put.stream()
          .filter(item -> !reasons.containsKey(item.key()))
          .forEach(item -> there.put(item.key(), item));
      assertThat(reasons).isEmpty();
      done.put("put " + applier.items().getSimpleName(), put.size());
    }
  }

  private <I extends Item> void remove(
      Applier<I> applier, List<? extends Item> wanted, Map<String, Integer> done) throws Exception {
    List<Object> keys = of(applier, wanted).stream().map(Item::key).toList();
    Map<Object, Item> there = there(applier);
    List<I> remove =
        there.values().stream()
            .filter(item -> !keys.contains(item.key()))
            .map(applier.items()::cast)
            .toList();
    if (!remove.isEmpty()) {
      assertThat(applier.apply(List.of(), remove)).isEmpty();
      remove.forEach(item -> there.remove(item.key()));
      done.put("remove " + applier.items().getSimpleName(), remove.size());
    }
  }

  private static <I extends Item> List<I> of(Applier<I> applier, List<? extends Item> items) {
    return items.stream().filter(applier.items()::isInstance).map(applier.items()::cast).toList();
  }

  @Override
  public void close() throws IOException {
    all.reversed().forEach(Applier::close);
    loop.close();
  }
}
