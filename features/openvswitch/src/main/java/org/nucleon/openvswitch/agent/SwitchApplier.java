package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.ovsdb.Bridge;
import org.nucleon.host.ovsdb.Interface;
import org.nucleon.host.ovsdb.OvsdbException;
import org.nucleon.host.ovsdb.Switch;
import org.nucleon.host.ovsdb.SwitchEdit;
import org.nucleon.host.ovsdb.SwitchPort;
import org.nucleon.openvswitch.agent.SwitchItem.BridgeItem;
import org.nucleon.openvswitch.agent.SwitchItem.PortItem;

/** Makes bridges and ports, one OVSDB transaction a time. Guests' ports are not ours. */
final class SwitchApplier implements Applier<SwitchItem> {

  /** The mark as it is written. */
  static final Map<String, String> MARK = Map.of(SwitchItem.MARK, "switch");

  /** The keys of an interface's {@code external_ids} that are ours to say. */
  private static final Set<String> KEYS = Set.of("iface-id", "attached-mac", "iface-status");

  private final SwitchDatabase database;
  private final BridgeNumbers numbers;
  private volatile Runnable drift = () -> {};

  /** What was there after the last change of ours; null while one is under way. */
  private volatile @Nullable Map<Object, SwitchItem> settled;

  /**
   * An applier that is not started.
   *
   * @param numbers what the bridge that keeps them is made with
   */
  SwitchApplier(SwitchDatabase database, BridgeNumbers numbers) {
    this.database = database;
    this.numbers = numbers;
  }

  @Override
  public Class<SwitchItem> items() {
    return SwitchItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.SWITCH;
  }

  @Override
  public void start(Drift<SwitchItem> onDrift) {
    drift = onDrift::anywhere;
    settled = read();
    database.onChange(() -> {
      Map<Object, SwitchItem> expected = settled;
      if (expected != null && !expected.equals(read())) {
        onDrift.anywhere();
      }
    });
  }

  @Override
  public Map<Object, SwitchItem> read() {
    Switch now = database.now();
    Map<Object, SwitchItem> items = new HashMap<>();
    now.bridges()
        .forEach(bridge -> {
          if (bridge.externalIds().containsKey(SwitchItem.MARK)) {
            items.put(bridge.name(), item(bridge));
          }
          now.ports(bridge)
              .flatMap(port -> items(now, bridge, port))
              .forEach(item -> items.put(item.key(), item));
        });
    return items;
  }

  private static BridgeItem item(Bridge bridge) {
    return new BridgeItem(
        bridge.name(),
        bridge.datapathType(),
        Objects.requireNonNullElse(bridge.failMode(), ""),
        bridge.protocols());
  }

  private static Stream<PortItem> items(Switch now, Bridge bridge, SwitchPort port) {
    return now.interfaces(port)
        .filter(one -> one.externalIds().containsKey(SwitchItem.MARK))
        .map(one ->
            new PortItem(
                port.name(),
                bridge.name(),
                one.type(),
                one.options(),
                one.externalIds().entrySet().stream()
                    .filter(entry -> KEYS.contains(entry.getKey()))
                    .collect(
                        Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue))));
  }

  @Override
  public Map<Object, String> apply(Collection<SwitchItem> put, Collection<SwitchItem> remove)
      throws ApplyException {
    Map<Object, SwitchItem> before = read();
    settled = null;
    try {
      return change(put, remove, before);
    } catch (IOException | OvsdbException e) {
      throw new ApplyException("the switch did not take " + put + " without " + remove, e);
    } finally {
      Map<Object, SwitchItem> after = read();
      settled = after;
      if (!others(before, put, remove).equals(others(after, put, remove))) {
        drift.run();
      }
    }
  }

  /** What a change was not about: whatever happens to it meanwhile is somebody else's doing. */
  private static Map<Object, SwitchItem> others(
      Map<Object, SwitchItem> items, Collection<SwitchItem> put, Collection<SwitchItem> remove) {
    Map<Object, SwitchItem> others = new HashMap<>(items);
    put.forEach(item -> others.remove(item.key()));
    remove.forEach(item -> others.remove(item.key()));
    return others;
  }

  private Map<Object, String> change(
      Collection<SwitchItem> put, Collection<SwitchItem> remove, Map<Object, SwitchItem> there)
      throws IOException {
    Switch now = database.now();
    SwitchEdit edit = new SwitchEdit(now);
    Map<Object, String> failed = new HashMap<>();
    Set<Object> wanted = put.stream().map(SwitchItem::key).collect(Collectors.toSet());
    remove(
        remove.stream()
            .filter(item -> !wanted.contains(item.key()) && there.containsKey(item.key())),
        edit);
    Set<String> bridges = now.bridges().map(Bridge::name).collect(Collectors.toSet());
    for (SwitchItem item : put) {
      if (item instanceof BridgeItem bridge) {
        edit.bridge(bridge.name(), bridge.datapathType(), bridge.protocols(), externalIds(bridge));
        bridges.add(bridge.name());
      }
    }
    for (SwitchItem item : put) {
      if (item instanceof PortItem port) {
        if (bridges.contains(port.bridge())) {
          Map<String, String> ids = new HashMap<>(port.externalIds());
          ids.putAll(MARK);
          edit.port(port.bridge(), port.name(), port.type(), port.options(), ids);
        } else {
          failed.put(port.key(), "there is no bridge " + port.bridge());
        }
      }
    }
    edit.applyAndWait(database.client());
    put.forEach(item -> check(item, failed));
    return failed;
  }

  private Map<String, String> externalIds(BridgeItem bridge) {
    Map<String, String> ids = new HashMap<>(MARK);
    if (bridge.name().equals(numbers.bridge())) {
      ids.putAll(numbers.entries());
    }
    return ids;
  }

  private static void remove(Stream<SwitchItem> items, SwitchEdit edit) {
    Set<String> bridges = new HashSet<>();
    items.forEach(item -> {
      switch (item) {
        case PortItem port -> edit.deletePort(port.name());
        case BridgeItem bridge -> bridges.add(bridge.name());
      }
    });
    bridges.forEach(edit::deleteBridge);
  }

  /** The switch has seen the change; what it could not do it says at the interface. */
  private void check(SwitchItem item, Map<Object, String> failed) {
    Interface made = database.now().iface(item.name());
    Long ofport = made == null ? null : made.ofport();
    if (made != null && (ofport == null || ofport < 0)) {
      failed.putIfAbsent(
          item.key(),
          Objects.requireNonNullElse(
              made.error(), "the switch gave " + item.name() + " no number"));
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
