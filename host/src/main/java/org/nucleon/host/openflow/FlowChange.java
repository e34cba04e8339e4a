package org.nucleon.host.openflow;

import java.util.List;

/**
 * What is to be done to a bridge's flows, all or nothing.
 *
 * @param adds flows that are not there yet
 * @param modifies flows whose key is there with other actions or another cookie
 * @param deletes flows to take away; only their keys count
 */
public record FlowChange(List<Flow> adds, List<Flow> modifies, List<Flow> deletes) {
  /** Nothing to be done. */
  public static final FlowChange NONE = new FlowChange(List.of(), List.of(), List.of());

  /** Takes copies of the lists. */
  public FlowChange {
    adds = List.copyOf(adds);
    modifies = List.copyOf(modifies);
    deletes = List.copyOf(deletes);
  }

  /** Whether there is nothing to be done. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** How many flows are touched. */
  public int size() {
    return adds.size() + modifies.size() + deletes.size();
  }
}
