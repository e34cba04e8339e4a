package org.nucleon.host.namespace;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Consumer;

/** Tells which named namespaces come and go, by inotify(7) on their directory. */
public final class NameWatch implements AutoCloseable {
  private final WatchService service;

  private NameWatch(WatchService service) {
    this.service = service;
  }

  /**
   * Begins to tell, on a thread of its own.
   *
   * @param told a name that came or went; which of both, or both, is to be looked up
   * @throws IOException if the directory cannot be watched
   */
  public static NameWatch start(Consumer<String> told) throws IOException {
    WatchService service = NetworkNamespace.watchNames();
    Thread.ofPlatform().daemon().name("netns-names").start(() -> tell(service, told));
    return new NameWatch(service);
  }

  private static void tell(WatchService service, Consumer<String> told) {
    while (true) {
      try {
        WatchKey key = service.take();
        key.pollEvents().stream()
            .filter(event -> event.context() != null) // else some were lost
            .map(event -> String.valueOf(event.context()))
            .forEach(told);
        key.reset();
      } catch (ClosedWatchServiceException | InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
