package org.nucleon.core.feature;

import java.util.List;
import org.nucleon.core.transaction.Transaction;

/** Writes down which agents there are. */
public interface AgentRegistry {

  /** A host's agent process is connected, with these roles. */
  void connected(Transaction tx, String host, List<AgentDescription> agents);

  /** A host's agent process is lost. */
  void lost(Transaction tx, String host);

  /** No agent is connected: the server starts. */
  void allLost(Transaction tx);
}
