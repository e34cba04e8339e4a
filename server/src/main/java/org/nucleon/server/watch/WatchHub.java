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
import org.nucleon.core.state.ChangeSet;
import org.nucleon.core.state.Picture;
import org.nucleon.core.transaction.Engine;
import org.nucleon.core.transaction.Subscriber;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Forgotten;
import org.nucleon.core.watch.Interest;
import org.nucleon.core.watch.Routing;

/** Follows the state and tells each watching host what concerns it. */
public final class WatchHub implements Subscriber, AutoCloseable {

  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Map<String, Set<HostStream>> streams = new HashMap<>();
  private final Map<ResourceType, List<Routing>> routings;
  private final Engine engine;
  private final Thread thread;
  private Interest interest;

  /** Begins to follow the engine. */
  public WatchHub(Engine engine, Map<ResourceType, List<Routing>> routings) {
    this.engine = engine;
    this.routings = routings;
    this.interest = new Interest(routings, Picture.empty(engine.catalog(), 0));
    this.thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
    engine.subscribe(picture -> queue.add(() -> start(picture)), this);
  }

  private void start(Picture picture) {
    interest = new Interest(routings, picture);
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
      stream.offer(difference(host, have));
      streams.computeIfAbsent(host, h -> new HashSet<>()).add(stream);
      opened.complete(stream);
    });
    return opened.join();
  }

  private HostUpdate difference(String host, Map<Forgotten, Long> have) {
    List<Resource> put = new ArrayList<>();
    Map<Forgotten, Long> left = new HashMap<>(have);
    for (Resource resource : interest.snapshot(host)) {
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
