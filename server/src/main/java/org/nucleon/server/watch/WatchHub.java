package org.nucleon.server.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.ResourceType;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Subscriber;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Forgotten;
import org.nucleon.core.watch.Interest;
import org.nucleon.core.watch.Routing;

/**
 * Follows the state and tells each watching host what concerns it, and others all of some types.
 */
public final class WatchHub implements Subscriber, AutoCloseable {

  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Map<String, Set<HostStream>> streams = new HashMap<>();
  private final Map<ResourceType, List<Routing>> routings;
  private final Engine engine;
  private final Thread thread;
  private final Map<HostStream, Set<ResourceType>> collections = new HashMap<>();
  private Interest interest;
  private Picture picture;

  /** Begins to follow the engine. */
  public WatchHub(Engine engine, Map<ResourceType, List<Routing>> routings) {
    this.engine = engine;
    this.routings = routings;
    this.picture = Picture.empty(engine.catalog(), 0);
    this.interest = new Interest(routings, picture);
    this.thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
    engine.subscribe(picture -> queue.add(() -> start(picture)), this);
  }

  private void start(Picture first) {
    picture = first;
    interest = new Interest(routings, first);
  }

  @Override
  public void onChange(ChangeSet set, Picture after) {
    queue.add(() -> tell(set, after));
  }

  private void tell(ChangeSet set, Picture after) {
    Map<String, HostUpdate> updates = interest.apply(set, after);
    updates.forEach((host, update) ->
        streams.getOrDefault(host, Set.of()).forEach(stream -> stream.offer(update)));
    streams.values().forEach(all -> all.forEach(stream -> stream.passed(set.number())));
    picture = after;
    collections.forEach((stream, types) -> {
      HostUpdate update = of(set, types);
      if (!update.put().isEmpty() || !update.forgotten().isEmpty()) {
        stream.offer(update);
      }
      stream.passed(set.number());
    });
  }

  private void run() {
    while (true) {
      try {
        queue.take().run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        System.getLogger("nucleon.watch").log(System.Logger.Level.ERROR, "following changes", e);
        streams.values().forEach(all -> all.forEach(HostStream::end));
        streams.clear();
        collections.keySet().forEach(HostStream::end);
        collections.clear();
      }
    }
  }

  /**
   * Opens a host's watch: first the difference to what the host has, then changes.
   *
   * @param have the change number of each resource that the host still has
   */
  public HostStream open(String host, Map<Forgotten, Long> have) {
    CompletableFuture<HostStream> opened = new CompletableFuture<>();
    queue.add(() -> {
      HostStream stream = new HostStream(host);
      stream.passed(interest.number());
      stream.offer(difference(interest.snapshot(host), have));
      streams.computeIfAbsent(host, h -> new HashSet<>()).add(stream);
      opened.complete(stream);
    });
    return opened.join();
  }

  /**
   * Opens a watch of all resources of some types: first the difference to what the reader has, then
   * changes.
   */
  public HostStream open(Set<ResourceType> types, Map<Forgotten, Long> have) {
    CompletableFuture<HostStream> opened = new CompletableFuture<>();
    queue.add(() -> {
      HostStream stream = new HostStream("");
      stream.passed(interest.number());
      List<Resource> all = new ArrayList<>();
      types.forEach(type -> all.addAll(picture.all(type)));
      stream.offer(difference(all, have));
      collections.put(stream, types);
      opened.complete(stream);
    });
    return opened.join();
  }

  /** What a change set is to a watch of these types. */
  private static HostUpdate of(ChangeSet set, Set<ResourceType> types) {
    List<Resource> put = new ArrayList<>();
    List<Forgotten> forgotten = new ArrayList<>();
    for (Change change : set.changes()) {
      Resource after = change.after();
      if (types.contains(change.type()) && after != null) {
        put.add(after);
      } else if (types.contains(change.type())) {
        forgotten.add(new Forgotten(change.type(), change.id()));
      }
    }
    return new HostUpdate(set.number(), put, forgotten);
  }

  private HostUpdate difference(Iterable<Resource> all, Map<Forgotten, Long> have) {
    List<Resource> put = new ArrayList<>();
    Map<Forgotten, Long> left = new HashMap<>(have);
    for (Resource resource : all) {
      Long number = left.remove(new Forgotten(resource.type(), resource.id()));
      if (number == null || number != resource.number()) {
        put.add(resource);
      }
    }
    List<Forgotten> forgotten = List.copyOf(left.keySet());
    return new HostUpdate(interest.number(), put, forgotten);
  }

  /** Ends a watch. */
  public void close(HostStream stream) {
    queue.add(() -> {
      collections.remove(stream);
      Set<HostStream> all = streams.getOrDefault(stream.host(), new HashSet<>());
      all.remove(stream);
      if (all.isEmpty()) {
        streams.remove(stream.host());
      }
    });
    stream.end();
  }

  @Override
  public void close() {
    engine.unsubscribe(this);
    thread.interrupt();
  }
}
