package org.nucleon.agent;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.watch.HostUpdate;

/** An agent's way to a server. */
public interface ServerLink {

  /**
   * Holds the host's watch open until it ends.
   *
   * @param agents the roles under which the host appears in the API
   * @param have what the agent has already; the first update is the difference to it
   * @param updates called for each change set, in order
   * @throws IOException if the server cannot be reached, refuses, or the watch breaks
   */
  void watch(List<AgentDescription> agents, List<Resource> have, Consumer<HostUpdate> updates)
      throws IOException;

  /**
   * Tells what the data plane has confirmed. What the server will not hear is logged.
   *
   * @throws IOException if the server cannot be reached, or cannot take it now
   */
  void report(List<Report> reports) throws IOException;

  /** Breaks the watch off, from another thread. */
  void disconnect();

  /**
   * One report.
   *
   * @param type the resource type's name
   * @param kind what is reported, such as {@code switch}
   * @param id the resource
   * @param details the rest of it
   */
  record Report(String type, String kind, UUID id, Map<String, Object> details) {}
}
