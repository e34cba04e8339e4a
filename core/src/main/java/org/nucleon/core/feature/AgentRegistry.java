package org.nucleon.core.feature;

import java.util.List;
import org.nucleon.core.transaction.Transaction;

/** Writes down which agents there are. */
public interface AgentRegistry {

  /** How long an agent may be silent. */
  Option<Integer> DOWN_TIME =
      Option.integer(
          "DEFAULT",
          "agent_down_time",
          75,
          "Seconds of silence after which an agent counts as lost, and after which what a lost one"
              + " served is given to others");

  /** A host's agent process is connected, with these roles. */
  void connected(Transaction tx, String host, List<AgentDescription> agents);

  /** A host's agent process is lost. */
  void lost(Transaction tx, String host);

  /** No agent is connected: the server starts. */
  void allLost(Transaction tx);
}
