package org.nucleon.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.ServerLink;
import org.nucleon.core.ApiException;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Forgotten;
import org.nucleon.server.watch.AgentService;
import org.nucleon.server.watch.HostStream;

/** The way from an agent to the server in the same process. */
final class LocalLink implements ServerLink {

  private final AgentService service;
  private final String host;
  private volatile @Nullable HostStream stream;

  LocalLink(AgentService service, String host) {
    this.service = service;
    this.host = host;
  }

  @Override
  public void watch(
      List<AgentDescription> agents, List<Resource> have, Consumer<HostUpdate> updates)
      throws IOException {
    Map<Forgotten, Long> numbers = new HashMap<>();
    have.forEach(r -> numbers.put(new Forgotten(r.type(), r.id()), r.number()));
    HostStream opened = service.connect(host, agents, numbers);
    stream = opened;
    try {
      for (HostUpdate update = opened.next(); update != null; update = opened.next()) {
        updates.accept(update);
      }
      throw new IOException("the watch ended");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      stream = null;
      service.disconnect(opened);
    }
  }

  @Override
  public void report(List<Report> reports) throws IOException {
    try {
      service.report(
          host,
          reports.stream()
              .map(r ->
                  new AgentService.Report(r.type(), r.kind(), r.id(), new HashMap<>(r.details())))
              .toList());
    } catch (ApiException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void disconnect() {
    HostStream open = stream;
    if (open != null) {
      service.disconnect(open);
    }
  }
}
