package org.nucleon.agent.device;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.process.RunningProcess;

/**
 * A program between its start and the moment when it serves, which it shows by making a file.
 *
 * @param folder the program's
 * @param ready the file's name; empty if it shows nothing
 * @param watch tells of new files; closed when the program ends
 * @param process null before it is started
 */
record Starting(Path folder, String ready, WatchService watch, @Nullable RunningProcess process) {

  /** Begins to watch a folder, before the program is started. */
  static Starting prepare(Path folder, String ready) throws IOException {
    WatchService watch = folder.getFileSystem().newWatchService();
    if (!ready.isEmpty()) {
      Files.deleteIfExists(folder.resolve(ready));
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    }
    return new Starting(folder, ready, watch, null);
  }

  /** The same once the program is started. */
  Starting with(RunningProcess started) {
    started.exit().thenRun(this::close);
    return new Starting(folder, ready, watch, started);
  }

  /**
   * Returns once it serves.
   *
   * @throws IOException if it ends instead, or takes longer than the limit
   */
  void await(Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    try (watch) {
      while (!ready.isEmpty() && !Files.exists(folder.resolve(ready))) {
        WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (key == null) {
          throw new IOException(name() + " does not serve within " + limit.toSeconds() + " s");
        }
        key.pollEvents();
        key.reset();
      }
    } catch (ClosedWatchServiceException e) {
      throw new IOException(name() + " has ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + name() + " was starting");
    }
  }

  private String name() {
    return process == null ? "the program" : process.command().getFirst();
  }

  /** Ends the watch. */
  void close() {
    try {
      watch.close();
    } catch (IOException e) {
      System.getLogger("nucleon.device").log(System.Logger.Level.DEBUG, "close watch", e);
    }
  }
}
