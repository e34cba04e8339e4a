package org.nucleon.agent;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;

/** A server as an agent meets it, in the test's hands. */
final class FakeLink implements ServerLink {

  /** What the agent says that it has, one for each time it connects. */
  final BlockingQueue<List<Resource>> connections = new LinkedBlockingQueue<>();

  final BlockingQueue<List<Report>> reports = new LinkedBlockingQueue<>();
  private final BlockingQueue<Sent> queue = new LinkedBlockingQueue<>();
  private final boolean reachable;

  private record Sent(@Nullable HostUpdate update, CompletableFuture<Void> taken) {}

  FakeLink(boolean reachable) {
    this.reachable = reachable;
  }

  /** Returns once the agent has it, if not yet acted on it. */
  void send(HostUpdate update) {
    Sent sent = new Sent(update, new CompletableFuture<>());
    queue.add(sent);
    sent.taken().join();
  }

  /** Ends the watch. */
  void breakOff() {
    Sent sent = new Sent(null, new CompletableFuture<>());
    queue.add(sent);
    sent.taken().join();
  }

  @Override
  public void watch(
      List<AgentDescription> agents, List<Resource> have, Consumer<HostUpdate> updates)
      throws IOException {
    connections.add(have);
    if (!reachable) {
      throw new IOException("nobody there");
    }
    try {
      while (true) {
        Sent sent = queue.take();
        HostUpdate update = sent.update();
        if (update == null) {
          sent.taken().complete(null);
          throw new IOException("broken off");
        }
        updates.accept(update);
        sent.taken().complete(null);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void report(List<Report> told) {
    reports.add(told);
  }

  @Override
  public void disconnect() {}
}
