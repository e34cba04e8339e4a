package org.nucleon.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nucleon.agent.ServerLink.Report;

/**
 * Sends reports on a thread of its own; what could not be sent is sent again after a while, or with
 * what comes next.
 */
final class Reporter implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final BlockingQueue<List<Report>> queue = new LinkedBlockingQueue<>();
  private final ServerLink link;
  private final Duration again;
  private final Thread thread;

  /** {@code again}: how long after a failure the same is sent again, if nothing new comes. */
  Reporter(ServerLink link, Duration again) {
    this.link = link;
    this.again = again;
    this.thread = Thread.ofVirtual().name("reports").start(this::run);
  }

  void report(List<Report> reports) {
    if (!reports.isEmpty()) {
      queue.add(reports);
    }
  }

  private void run() {
    Set<Report> held = new LinkedHashSet<>();
    boolean told = false;
    while (true) {
      try {
        List<Report> next =
            held.isEmpty() ? queue.take() : queue.poll(again.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null) {
          held.addAll(next);
        }
        for (List<Report> more = queue.poll(); more != null; more = queue.poll()) {
          held.addAll(more);
        }
      } catch (InterruptedException e) {
        return;
      }
      try {
        link.report(List.copyOf(held));
        held.clear();
        told = false;
      } catch (IOException | RuntimeException e) {
        if (!told) {
          LOG.log(
              System.Logger.Level.WARNING,
              "{0} reports were not taken, and will be sent again: {1}",
              held.size(),
              e.getMessage());
        }
        told = true;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
