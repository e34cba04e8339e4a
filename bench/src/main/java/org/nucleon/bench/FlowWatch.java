package org.nucleon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.nucleon.host.openflow.Flow;
import org.nucleon.host.openflow.FlowEvent;
import org.nucleon.host.openflow.OpenFlowConnection;
import org.nucleon.host.openflow.OpenFlowListener;

/** Sees from outside when the flows of a bridge change, by a flow monitor of its own. */
final class FlowWatch implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;
  private static final long QUIET_MILLISECONDS = 250;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition seen = lock.newCondition();
  private final List<Seen> events = new ArrayList<>();
  private final OpenFlowConnection connection;

  private record Seen(long nanoTime, Flow flow) {}

  private FlowWatch(Path socket) throws IOException {
    connection =
        OpenFlowConnection.open(
            socket,
            new OpenFlowListener() {
              @Override
              public void flowsChanged(List<FlowEvent> changes) {
                note(changes);
              }
            });
    connection.monitorFlows();
  }

  /** Begins to watch the bridge of this management socket. */
  static FlowWatch of(Path socket) throws IOException {
    return new FlowWatch(socket);
  }

  /** The connection, for flows of one's own, which are not told. */
  OpenFlowConnection connection() {
    return connection;
  }

  private void note(List<FlowEvent> changes) {
    long now = System.nanoTime();
    lock.lock();
    try {
      changes.forEach(change -> events.add(new Seen(now, change.flow())));
      seen.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what was seen. */
  void forget() {
    lock.lock();
    try {
      events.clear();
    } finally {
      lock.unlock();
    }
  }

  /** How many changes were seen since {@link #forget}. */
  int count() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until so many changes of wanted flows were seen.
   *
   * @return the {@link System#nanoTime} of the last of them
   * @throws IOException if they do not come within a minute
   */
  long await(Predicate<Flow> wanted, int number) throws IOException {
    long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    lock.lock();
    try {
      while (true) {
        List<Seen> found = events.stream().filter(event -> wanted.test(event.flow())).toList();
        if (found.size() >= number) {
          return found.get(number - 1).nanoTime();
        }
        if (left <= 0) {
          throw new IOException("of " + number + " changes of flows came " + found.size());
        }
        left = seen.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing has changed for a while.
   *
   * @return the {@link System#nanoTime} of the last change, 0 if there was none since {@link
   *     #forget}
   */
  long awaitQuiet() throws IOException {
    lock.lock();
    try {
      while (seen.await(QUIET_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        // Something changed: the time begins again.
      }
      return events.isEmpty() ? 0 : events.getLast().nanoTime();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
