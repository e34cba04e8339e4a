package org.nucleon.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.Plan;

/**
 * What a unit's planner planned.
 *
 * @param items what is to be on the host
 * @param reports what the server is told once it is
 * @param numbers the numbers asked for
 * @param leftOut what of it is not on the host, and why
 * @param refusal why it was set aside, null if it was not
 */
record Planned(
    List<Item> items,
    List<Report> reports,
    Set<String> numbers,
    List<String> leftOut,
    @Nullable String refusal) {

  static final Planned NOTHING = new Planned(List.of(), List.of(), Set.of(), List.of(), null);

  static Planned refused(String reason) {
    return new Planned(List.of(), List.of(), Set.of(), List.of(), reason);
  }

  boolean isNothing() {
    return items.isEmpty()
        && reports.isEmpty()
        && numbers.isEmpty()
        && leftOut.isEmpty()
        && refusal == null;
  }

  /** Collects a plan. */
  static final class Collector implements Plan {
    private final List<Item> items = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    @Override
    public void leaveOut(String reason) {
      leftOut.add(reason);
    }

    @Override
    public void add(Item item) {
      items.add(item);
    }

    @Override
    public void report(String type, String kind, UUID id, Map<String, Object> details) {
      reports.add(new Report(type, kind, id, details));
    }

    Planned planned(Set<String> numbers) {
      return new Planned(
          List.copyOf(items),
          List.copyOf(reports),
          Set.copyOf(numbers),
          List.copyOf(leftOut),
          null);
    }
  }
}
