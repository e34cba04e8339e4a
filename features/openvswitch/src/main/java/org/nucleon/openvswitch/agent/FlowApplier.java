package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.openflow.Action;
import org.nucleon.host.openflow.Bits;
import org.nucleon.host.openflow.Field;
import org.nucleon.host.openflow.Flow;
import org.nucleon.host.openflow.FlowChange;
import org.nucleon.host.openflow.FlowEvent;
import org.nucleon.host.openflow.OpenFlowConnection;
import org.nucleon.host.openflow.OpenFlowException;

/**
 * Makes flows, one atomic bundle a bridge. All flows of the integration and the tunnel bridge are
 * ours; of physical networks' bridges those that carry our mark.
 */
final class FlowApplier implements Applier<FlowItem> {

  private final SwitchDatabase database;
  private final Path folder;
  private final Set<String> ownBridges = new LinkedHashSet<>();
  private final Set<String> bridges = new LinkedHashSet<>();
  private final Map<String, BridgeChannel> channels = new HashMap<>();
  private final List<Runnable> anew = new CopyOnWriteArrayList<>();
  private final List<Runnable> metersGone = new CopyOnWriteArrayList<>();

  /**
   * An applier that is not started.
   *
   * @param folder where bridges' management sockets are
   */
  FlowApplier(SwitchDatabase database, Path folder, SwitchSettings settings) {
    this.database = database;
    this.folder = folder;
    ownBridges.add(settings.integrationBridge());
    if (settings.hasTunnels()) {
      ownBridges.add(settings.tunnelBridge());
    }
    bridges.addAll(ownBridges);
    bridges.addAll(settings.bridgeMappings().values());
  }

  @Override
  public Class<FlowItem> items() {
    return FlowItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.FLOWS;
  }

  @Override
  public void start(Drift<FlowItem> drift) {
    for (String bridge : bridges) {
      channels.put(
          bridge,
          new BridgeChannel(
              folder.resolve(bridge + ".mgmt"),
              () -> exists(bridge),
              events -> {
                tellOfMeters(events);
                drift.at(now(bridge, events));
              },
              () -> {
                anew.forEach(Runnable::run);
                drift.anywhere();
              }));
    }
  }

  /** Runs something first whenever a bridge is there anew, without all that was asked of it. */
  void onAnew(Runnable listener) {
    anew.add(listener);
  }

  /**
   * Runs something first whenever meters may have been removed: flows go with them, and nothing
   * else tells.
   */
  void onMetersGone(Runnable listener) {
    metersGone.add(listener);
  }

  private void tellOfMeters(List<FlowEvent> events) {
    if (events.stream()
        .anyMatch(event ->
            event instanceof FlowEvent.Removed
                && ConditionPlan.TABLES.contains(event.flow().table()))) {
      metersGone.forEach(Runnable::run);
    }
  }

  /** What is there after others changed flows: of those that are not ours, nothing. */
  private Map<Object, Optional<FlowItem>> now(String bridge, List<FlowEvent> events) {
    Map<Object, Optional<FlowItem>> now = new LinkedHashMap<>();
    for (FlowEvent event : events) {
      FlowItem item = new FlowItem(bridge, event.flow());
      now.put(
          item.key(),
          event instanceof FlowEvent.Removed || !isOurs(bridge, event.flow())
              ? Optional.empty()
              : Optional.of(item));
    }
    return now;
  }

  private boolean isOurs(String bridge, Flow flow) {
    return ownBridges.contains(bridge) || (flow.cookie() & Cookies.MASK) == Cookies.MARK;
  }

  boolean exists(String bridge) {
    return database.now().bridge(bridge) != null;
  }

  BridgeChannel channel(String bridge) {
    BridgeChannel channel = channels.get(bridge);
    if (channel == null) {
      throw new IllegalStateException("not started, or not a bridge of ours: " + bridge);
    }
    return channel;
  }

  @Override
  public Map<Object, FlowItem> read() throws ApplyException {
    Map<Object, FlowItem> items = new HashMap<>();
    for (String bridge : bridges) {
      if (exists(bridge)) {
        for (Flow flow : flows(bridge)) {
          FlowItem item = new FlowItem(bridge, flow);
          items.put(item.key(), item);
        }
      }
    }
    return items;
  }

  private List<Flow> flows(String bridge) throws ApplyException {
    BridgeChannel channel = channel(bridge);
    try {
      OpenFlowConnection connection = channel.connection();
      return ownBridges.contains(bridge)
          ? connection.flows()
          : connection.flows(Cookies.MARK, Cookies.MASK);
    } catch (IOException | OpenFlowException e) {
      channel.discard();
      throw new ApplyException("the flows of " + bridge + " cannot be read", e);
    }
  }

  @Override
  public Map<Object, String> apply(Collection<FlowItem> put, Collection<FlowItem> remove)
      throws ApplyException {
    Set<Object> wanted = put.stream().map(FlowItem::key).collect(Collectors.toSet());
    Map<String, List<Flow>> adds = byBridge(put);
    Map<String, List<Flow>> deletes =
        byBridge(remove.stream().filter(item -> !wanted.contains(item.key())).toList());
    Set<String> touched = new LinkedHashSet<>(adds.keySet());
    touched.addAll(deletes.keySet());
    Map<Object, String> failed = new HashMap<>();
    for (String bridge : touched) {
      apply(
          bridge,
          adds.getOrDefault(bridge, List.of()),
          deletes.getOrDefault(bridge, List.of()),
          failed);
    }
    return failed;
  }

  private static Map<String, List<Flow>> byBridge(Collection<FlowItem> items) {
    return items.stream()
        .collect(
            Collectors.groupingBy(
                FlowItem::bridge,
                LinkedHashMap::new,
                Collectors.mapping(FlowItem::flow, Collectors.toList())));
  }

  /** A flow that the switch refuses is left out, the rest goes in. */
  private void apply(
      String bridge, List<Flow> adds, List<Flow> deletes, Map<Object, String> failed) {
    List<Flow> left = new ArrayList<>(adds);
    BridgeChannel channel = channel(bridge);
    while (true) {
      try {
        channel.connection().apply(new FlowChange(left, List.of(), deletes));
        forgetConnections(channel.connection(), deletes);
        return;
      } catch (OpenFlowException e) {
        Flow refused = e.flow();
        if (refused == null || !left.remove(refused)) {
          fail(bridge, left, e, failed);
          return;
        }
        fail(bridge, List.of(refused), e, failed);
      } catch (IOException e) {
        channel.discard();
        fail(bridge, left, e, failed);
        fail(bridge, deletes, e, failed);
        return;
      }
    }
  }

  /** A zone is given out again some day: its next port must not inherit connections. */
  private static void forgetConnections(OpenFlowConnection connection, List<Flow> deletes)
      throws IOException {
    for (Flow flow : deletes) {
      if (flow.table() == Pipeline.CLASSIFY.number()) {
        for (Action action : flow.actions()) {
          if (action instanceof Action.SetField(Field field, Bits zone, Bits _)
              && field == Field.reg(Pipeline.ZONE)) {
            connection.flushConntrack((int) zone.low());
          }
        }
      }
    }
  }

  private static void fail(
      String bridge, List<Flow> flows, Exception cause, Map<Object, String> failed) {
    String reason = bridge + ": " + cause.getMessage();
    flows.forEach(flow -> failed.put(new FlowItem(bridge, flow).key(), reason));
  }

  @Override
  public void close() {
    channels.values().forEach(BridgeChannel::close);
  }
}
