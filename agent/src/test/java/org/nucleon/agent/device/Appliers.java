package org.nucleon.agent.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.Item;
import org.nucleon.host.namespace.EventLoop;

/** All appliers of the package, as one agent has them; drift is counted. */
final class Appliers implements AutoCloseable {
  private final EventLoop loop;
  private final List<Applier<?>> all = new ArrayList<>();
  private volatile CompletableFuture<Void> drift = new CompletableFuture<>();

  Appliers(Path state) throws Exception {
    loop = EventLoop.start();
    Namespaces namespaces = new Namespaces(loop);
    all.add(new NamespaceApplier(namespaces));
    all.add(new DeviceApplier(namespaces, loop));
    all.add(new NatApplier(namespaces));
    all.add(new AddressApplier(namespaces));
    all.add(new RouteApplier(namespaces));
    all.add(new ProgramApplier(state, loop));
    for (Applier<?> applier : all) {
      applier.start(() -> drift.complete(null));
    }
    for (Applier<?> applier : all) {
      applier.read();
    }
  }

  /** Forgets drift that was told so far. */
  void calm() {
    drift = new CompletableFuture<>();
  }

  /** Returns once drift is told. */
  void awaitDrift() throws Exception {
    drift.get(10, TimeUnit.SECONDS);
  }

  /** Brings about the items and nothing else, and says what had to be done, by class of items. */
  Map<String, Integer> converge(List<? extends Item> wanted) throws Exception {
    Map<String, Integer> done = new java.util.TreeMap<>();
    for (Applier<?> applier : all) {
      put(applier, wanted, done);
    }
    for (Applier<?> applier : all.reversed()) {
      remove(applier, wanted, done);
    }
    return done;
  }

  private static <I extends Item> void put(
      Applier<I> applier, List<? extends Item> wanted, Map<String, Integer> done) throws Exception {
    Map<Object, I> there = applier.read();
    List<I> put = of(applier, wanted).stream().filter(i -> !i.equals(there.get(i.key()))).toList();
    if (!put.isEmpty()) {
      assertThat(applier.apply(put, List.of())).isEmpty();
      done.put("put " + applier.items().getSimpleName(), put.size());
    }
  }

  private static <I extends Item> void remove(
      Applier<I> applier, List<? extends Item> wanted, Map<String, Integer> done) throws Exception {
    List<Object> keys = of(applier, wanted).stream().map(Item::key).toList();
    List<I> remove = applier.read().values().stream().filter(i -> !keys.contains(i.key())).toList();
    if (!remove.isEmpty()) {
      assertThat(applier.apply(List.of(), remove)).isEmpty();
      done.put("remove " + applier.items().getSimpleName(), remove.size());
    }
  }

  private static <I extends Item> List<I> of(Applier<I> applier, List<? extends Item> items) {
    return items.stream().filter(applier.items()::isInstance).map(applier.items()::cast).toList();
  }

  @Override
  public void close() throws java.io.IOException {
    all.reversed().forEach(Applier::close);
    loop.close();
  }
}
