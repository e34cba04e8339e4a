package org.nucleon.host.openflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;

/** Comparison of flows that should be there with flows that are there. */
public final class FlowTable {
  private FlowTable() {}

  /**
   * What turns {@code actual} into {@code desired}. A flow with other actions or another cookie is
   * modified.
   *
   * @throws IllegalArgumentException if two desired flows have the same key and differ
   */
  public static FlowChange diff(Collection<Flow> desired, Collection<Flow> actual) {
    var there = HashMap.<Flow.Key, Flow>newHashMap(actual.size());
    actual.forEach(flow -> there.put(flow.key(), flow));
    var wanted = HashMap.<Flow.Key, Flow>newHashMap(desired.size());
    var adds = new ArrayList<Flow>();
    var modifies = new ArrayList<Flow>();
    for (Flow flow : desired) {
      Flow twin = wanted.put(flow.key(), flow);
      if (twin != null) {
        if (!twin.equals(flow)) {
          throw new IllegalArgumentException("two flows with one key: " + twin + " and " + flow);
        }
        continue;
      }
      Flow found = there.get(flow.key());
      if (found == null) {
        adds.add(flow);
      } else if (!found.equals(flow)) {
        modifies.add(flow);
      }
    }
    var deletes = there.values().stream().filter(f -> !wanted.containsKey(f.key())).toList();
    return new FlowChange(adds, modifies, deletes);
  }
}
