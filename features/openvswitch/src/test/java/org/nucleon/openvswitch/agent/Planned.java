package org.nucleon.openvswitch.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Group;
import org.nucleon.agent.api.Item;
import org.nucleon.agent.api.Plan;
import org.nucleon.agent.api.Planner;
import org.nucleon.agent.api.Planning;
import org.nucleon.agent.api.Unplannable;
import org.nucleon.core.resource.View;

/** Plans kept by group, with numbers given out in order of asking: what the agent does of it. */
final class Planned {

  final Map<Group, List<Item>> items = new HashMap<>();
  final Map<Group, List<String>> reports = new HashMap<>();
  final Map<Group, String> refused = new HashMap<>();
  final Map<Group, List<String>> leftOut = new HashMap<>();
  private final Map<String, Integer> numbers;
  private final Planner planner;

  Planned(Planner planner, Map<String, Integer> numbers) {
    this.planner = planner;
    this.numbers = numbers;
  }

  static Planned all(Planner planner, Map<String, Integer> numbers, View view, Facts facts) {
    Planned planned = new Planned(planner, numbers);
    Planning in = planned.planning(view, facts);
    planner.groups(in, group -> planned.plan(group, view, facts));
    return planned;
  }

  Planning planning(View view, Facts facts) {
    return new Planning() {
      @Override
      public View view() {
        return view;
      }

      @Override
      public Facts facts() {
        return facts;
      }

      @Override
      public int number(String kind, String key) {
        return numbers.computeIfAbsent(
            kind + ":" + key,
            name -> 1 + (int) numbers.keySet().stream().filter(n -> n.startsWith(kind)).count());
      }
    };
  }

  void plan(Group group, View view, Facts facts) {
    List<Item> planned = new ArrayList<>();
    List<String> reported = new ArrayList<>();
    List<String> without = new ArrayList<>();
    leftOut.remove(group);
    items.remove(group);
    reports.remove(group);
    refused.remove(group);
    try {
      planner.plan(
          group,
          planning(view, facts),
          new Plan() {
            @Override
            public void add(Item item) {
              planned.add(item);
            }

            @Override
            public void leaveOut(String reason) {
              without.add(reason);
            }

            @Override
            public void report(String type, String kind, UUID id, Map<String, Object> details) {
              reported.add(type + " " + kind + " " + id + " " + details);
            }
          });
    } catch (Unplannable e) {
      refused.put(group, e.getMessage());
      return;
    }
    if (!planned.isEmpty()) {
      items.put(group, planned);
    }
    if (!without.isEmpty()) {
      leftOut.put(group, without);
    }
    if (!reported.isEmpty()) {
      reports.put(group, reported);
    }
  }

  /** All items, by key; two that differ under one key are a fault of the planner. */
  Map<Object, Item> byKey() {
    Map<Object, Item> all = new HashMap<>();
    items.forEach((group, planned) ->
        planned.forEach(item -> {
          Item other = all.put(item.key(), item);
          if (other != null && !other.equals(item)) {
            throw new AssertionError(group + ": " + item + " against " + other);
          }
        }));
    return all;
  }

  Set<FlowItem> flows() {
    Set<FlowItem> flows = new LinkedHashSet<>();
    byKey()
        .values()
        .forEach(item -> {
          if (item instanceof FlowItem flow) {
            flows.add(flow);
          }
        });
    return flows;
  }
}
