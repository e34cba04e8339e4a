package org.nucleon.host.ovsdb;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Changes of a switch, gathered into one transaction. Each method says how things should be and
 * adds what is missing compared with the view that the edit began with: nothing, if all is so
 * already. No column is touched but those named, and of {@code external_ids} only the keys given.
 */
public final class SwitchEdit {
  /** OpenFlow versions of a bridge that {@link org.nucleon.host.openflow} can talk to. */
  public static final Set<String> PROTOCOLS =
      Set.of("OpenFlow10", "OpenFlow13", "OpenFlow14", "OpenFlow15");

  private static final long PATIENCE_SECONDS = 60;

  private final Switch current;
  private final Transaction transaction = new Transaction();
  private final Set<String> newPorts = new HashSet<>();

  /** Begins with how the switch is now. */
  public SwitchEdit(Switch current) {
    this.current = current;
  }

  /** Whether nothing has to be changed. */
  public boolean isEmpty() {
    return transaction.isEmpty();
  }

  /** What has to be changed. */
  public Transaction transaction() {
    return transaction;
  }

  /**
   * A bridge that passes nothing without flows ({@code fail_mode=secure}).
   *
   * @param name its name
   * @param datapathType {@code system}, {@code netdev} or, in tests, {@code dummy}
   * @param protocols the OpenFlow versions, e.g. {@link #PROTOCOLS}
   * @param externalIds keys to be set
   */
  public SwitchEdit bridge(
      String name, String datapathType, Set<String> protocols, Map<String, String> externalIds) {
    Bridge found = current.bridge(name);
    if (found == null) {
      Value own = port(name, "internal", Map.of(), Map.of());
      var row = new LinkedHashMap<String, Value>();
      row.put("name", Value.of(name));
      row.put("datapath_type", Value.of(datapathType));
      row.put("fail_mode", Value.of("secure"));
      row.put("protocols", Value.texts(protocols));
      row.put("external_ids", Value.of(externalIds));
      row.put("ports", own);
      Value bridge = transaction.insert("Bridge", row);
      transaction.mutate("Open_vSwitch", Condition.ALL, Mutation.insert("bridges", bridge));
      return this;
    }
    var wrong = new LinkedHashMap<String, Value>();
    if (!found.datapathType().equals(datapathType)) {
      wrong.put("datapath_type", Value.of(datapathType));
    }
    if (!Objects.equals(found.failMode(), "secure")) {
      wrong.put("fail_mode", Value.of("secure"));
    }
    if (!found.protocols().equals(protocols)) {
      wrong.put("protocols", Value.texts(protocols));
    }
    if (!wrong.isEmpty()) {
      transaction.update("Bridge", Condition.row(found.uuid()), wrong);
    }
    return keys("Bridge", found.uuid(), found.externalIds(), externalIds);
  }

  /** A device of the kernel as a port of a bridge; {@code externalIds} go to its interface. */
  public SwitchEdit systemPort(String bridge, String device, Map<String, String> externalIds) {
    return port(bridge, device, "", Map.of(), externalIds);
  }

  /** A tunnel as a port of a bridge: type {@code vxlan}, {@code gre}, {@code geneve} ... */
  public SwitchEdit tunnelPort(
      String bridge,
      String name,
      String type,
      Map<String, String> options,
      Map<String, String> externalIds) {
    return port(bridge, name, type, options, externalIds);
  }

  /** Two bridges joined by a pair of patch ports. */
  public SwitchEdit patch(String bridge, String port, String otherBridge, String otherPort) {
    return port(bridge, port, "patch", Map.of("peer", otherPort), Map.of())
        .port(otherBridge, otherPort, "patch", Map.of("peer", port), Map.of());
  }

  /**
   * A port of a bridge with one interface. A port of this name on another bridge is moved here.
   *
   * @param bridge the bridge, there already or made by this edit
   * @param name the name of port and interface
   * @param type the interface's type
   * @param options all options of the interface
   * @param externalIds keys to be set on the interface
   */
  public SwitchEdit port(
      String bridge,
      String name,
      String type,
      Map<String, String> options,
      Map<String, String> externalIds) {
    SwitchPort port = current.port(name);
    Interface iface = current.iface(name);
    Bridge home = port == null ? null : current.bridgeOf(port);
    if (port == null || iface == null || home == null || !home.name().equals(bridge)) {
      if (port != null) {
        deletePort(name);
      }
      if (newPorts.add(name)) {
        Value made = port(name, type, options, externalIds);
        transaction.demand("Bridge", bridge);
        transaction.mutate("Bridge", Condition.name(bridge), Mutation.insert("ports", made));
      }
      return this;
    }
    var wrong = new LinkedHashMap<String, Value>();
    if (!iface.type().equals(type)) {
      wrong.put("type", Value.of(type));
    }
    if (!iface.options().equals(options)) {
      wrong.put("options", Value.of(options));
    }
    if (!wrong.isEmpty()) {
      transaction.update("Interface", Condition.row(iface.uuid()), wrong);
    }
    return keys("Interface", iface.uuid(), iface.externalIds(), externalIds);
  }

  private Value port(
      String name, String type, Map<String, String> options, Map<String, String> externalIds) {
    var row = new HashMap<String, Value>();
    row.put("name", Value.of(name));
    row.put("type", Value.of(type));
    row.put("options", Value.of(options));
    row.put("external_ids", Value.of(externalIds));
    Value iface = transaction.insert("Interface", row);
    return transaction.insert("Port", Map.of("name", Value.of(name), "interfaces", iface));
  }

  /** No port of this name on any bridge. */
  public SwitchEdit deletePort(String name) {
    SwitchPort port = current.port(name);
    Bridge bridge = port == null ? null : current.bridgeOf(port);
    if (port != null && bridge != null) {
      transaction.mutate(
          "Bridge", Condition.row(bridge.uuid()), Mutation.delete("ports", Value.of(port.uuid())));
    }
    return this;
  }

  /** No bridge of this name; its ports go with it. */
  public SwitchEdit deleteBridge(String name) {
    Bridge bridge = current.bridge(name);
    if (bridge != null) {
      transaction.mutate(
          "Open_vSwitch", Condition.ALL, Mutation.delete("bridges", Value.of(bridge.uuid())));
    }
    return this;
  }

  /** Keys of a bridge's {@code external_ids}; nothing if there is no such bridge. */
  public SwitchEdit bridgeExternalIds(String name, Map<String, String> entries) {
    Bridge bridge = current.bridge(name);
    return bridge == null ? this : keys("Bridge", bridge.uuid(), bridge.externalIds(), entries);
  }

  /** Keys of an interface's {@code external_ids}; nothing if there is no such interface. */
  public SwitchEdit interfaceExternalIds(String name, Map<String, String> entries) {
    Interface iface = current.iface(name);
    return iface == null ? this : keys("Interface", iface.uuid(), iface.externalIds(), entries);
  }

  /** Keys of the {@code external_ids} of the switch as a whole. */
  public SwitchEdit externalIds(Map<String, String> entries) {
    for (Row row : current.rows().rows("Open_vSwitch")) {
      keys("Open_vSwitch", row.uuid(), current.externalIds(), entries);
    }
    return this;
  }

  /** Takes keys out of the {@code external_ids} of an interface. */
  public SwitchEdit removeInterfaceExternalIds(String name, Set<String> keys) {
    Interface iface = current.iface(name);
    return iface == null ? this : remove("Interface", iface.uuid(), iface.externalIds(), keys);
  }

  /** Takes keys out of the {@code external_ids} of a bridge. */
  public SwitchEdit removeBridgeExternalIds(String name, Set<String> keys) {
    Bridge bridge = current.bridge(name);
    return bridge == null ? this : remove("Bridge", bridge.uuid(), bridge.externalIds(), keys);
  }

  private SwitchEdit remove(String table, UUID uuid, Map<String, String> there, Set<String> keys) {
    Set<String> found = keys.stream().filter(there::containsKey).collect(Collectors.toSet());
    if (!found.isEmpty()) {
      transaction.mutate(table, Condition.row(uuid), Mutation.deleteKeys("external_ids", found));
    }
    return this;
  }

  private SwitchEdit keys(
      String table, UUID uuid, Map<String, String> there, Map<String, String> wanted) {
    Map<String, String> wrong =
        wanted.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(there.get(entry.getKey())))
            .collect(Collectors.toMap(Entry::getKey, Entry::getValue));
    if (!wrong.isEmpty()) {
      // Inserting alone would leave the old value of a key that is there.
      transaction.mutate(
          table,
          Condition.row(uuid),
          Mutation.deleteKeys("external_ids", wrong.keySet()),
          Mutation.insert("external_ids", wrong));
    }
    return this;
  }

  /**
   * Does it, if there is anything to do. The switch itself follows on its own time.
   *
   * @throws OvsdbException if the server refuses, e.g. because a bridge is not there
   * @throws IOException if the connection is lost, the server silent, or the thread interrupted
   */
  public void apply(OvsdbClient client) throws IOException {
    if (!isEmpty()) {
      client.transact(transaction);
    }
  }

  /**
   * Does it and waits until the switch has carried it out, as ovs-vsctl does. The client has to
   * follow {@link Switch#MONITORED}.
   *
   * @throws OvsdbException if the server refuses
   * @throws IOException if the connection is lost, the switch does not carry it out within a
   *     minute, or the thread is interrupted
   */
  public void applyAndWait(OvsdbClient client) throws IOException {
    if (isEmpty()) {
      return;
    }
    transaction.mutate("Open_vSwitch", Condition.ALL, new Mutation("next_cfg", "+=", Value.of(1)));
    transaction.select("Open_vSwitch", Condition.ALL, "next_cfg");
    Row row = client.transact(transaction).getLast().rows().getFirst();
    long wanted = Objects.requireNonNull(row.integer("next_cfg"));
    client.await(
        snapshot -> new Switch(snapshot).carriedOut() >= wanted,
        PATIENCE_SECONDS,
        TimeUnit.SECONDS);
  }
}
