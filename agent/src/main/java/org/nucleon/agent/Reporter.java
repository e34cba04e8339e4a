package org.nucleon.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.nucleon.agent.ServerLink.Report;

/**
 * Sends reports on a thread of its own; what cannot be sent is sent again once a server is reached.
 */
final class Reporter implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");

  private final BlockingQueue<List<Report>> queue = new LinkedBlockingQueue<>();
  private final ServerLink link;
  private final Thread thread;

  Reporter(ServerLink link) {
    this.link = link;
    this.thread = Thread.ofVirtual().name("reports").start(this::run);
  }

  void report(List<Report> reports) {
    if (!reports.isEmpty()) {
      queue.add(reports);
    }
  }

  /** A server has been reached: whatever it does not know yet is told now. */
  void connected(List<Report> outstanding) {
    report(outstanding);
  }

  private void run() {
    while (true) {
      List<List<Report>> waiting = new ArrayList<>();
      try {
        waiting.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(waiting);
      Set<Report> reports = new LinkedHashSet<>();
      waiting.forEach(reports::addAll);
      try {
        link.report(List.copyOf(reports));
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} reports were not taken: {1}",
            reports.size(),
            e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
