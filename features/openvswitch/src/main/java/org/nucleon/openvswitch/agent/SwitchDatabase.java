package org.nucleon.openvswitch.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.host.ovsdb.Bridge;
import org.nucleon.host.ovsdb.Interface;
import org.nucleon.host.ovsdb.OvsdbClient;
import org.nucleon.host.ovsdb.OvsdbException;
import org.nucleon.host.ovsdb.OvsdbListener;
import org.nucleon.host.ovsdb.Row;
import org.nucleon.host.ovsdb.RowChange;
import org.nucleon.host.ovsdb.Snapshot;
import org.nucleon.host.ovsdb.Switch;

/** The switch's database: followed, and read for facts. Safe for many threads. */
final class SwitchDatabase implements AutoCloseable {

  private final OvsdbClient client;
  private final String integrationBridge;
  private final BiConsumer<String, Map<String, ?>> facts;
  private final ReentrantLock publishing = new ReentrantLock();
  private final Map<String, Map<String, ?>> published = new HashMap<>();
  private volatile Runnable onChange = () -> {};

  private SwitchDatabase(
      OvsdbClient client, String integrationBridge, BiConsumer<String, Map<String, ?>> facts) {
    this.client = client;
    this.integrationBridge = integrationBridge;
    this.facts = facts;
  }

  /**
   * Connects, and follows from then on.
   *
   * @param integrationBridge the bridge whose interfaces are facts
   * @param facts takes kinds of facts and all facts of the kind, whenever they change
   * @throws ApplyException if there is no such database
   */
  static SwitchDatabase open(
      Path socket, String integrationBridge, BiConsumer<String, Map<String, ?>> facts)
      throws ApplyException {
    try {
      var database = new SwitchDatabase(OvsdbClient.open(socket), integrationBridge, facts);
      database.follow();
      return database;
    } catch (IOException | OvsdbException e) {
      throw new ApplyException(
          "Open vSwitch's database does not answer at " + socket + "; is it running?", e);
    }
  }

  private void follow() throws IOException {
    client.monitor(
        Switch.MONITORED,
        new OvsdbListener() {
          @Override
          public void changed(List<RowChange> changes, Snapshot now) {
            if (changes.stream().anyMatch(SwitchDatabase::matters)) {
              publish();
              onChange.run();
            }
          }
        });
  }

  /**
   * Whether facts or items may be others now. Numbers are kept with every new port and must not
   * cost a look at all ports.
   */
  private static boolean matters(RowChange change) {
    Row before = change.before();
    Row after = change.after();
    if (change.table().equals("Bridge") && before != null && after != null) {
      return !unnumbered(before).equals(unnumbered(after));
    }
    return !change.table().equals("Open_vSwitch");
  }

  private static Bridge unnumbered(Row row) {
    Bridge bridge = Switch.bridge(row);
    Map<String, String> ids = new HashMap<>(bridge.externalIds());
    ids.keySet().removeIf(BridgeNumbers::isNumber);
    return new Bridge(
        bridge.uuid(),
        bridge.name(),
        bridge.datapathType(),
        bridge.failMode(),
        bridge.protocols(),
        bridge.ports(),
        ids);
  }

  /** The client, for transactions. */
  OvsdbClient client() {
    return client;
  }

  /** The switch as the database last told. */
  Switch now() {
    return new Switch(client.cache());
  }

  /** Sets what is run when the switch's bridges, ports or interfaces change; takes no time. */
  void onChange(Runnable listener) {
    onChange = listener;
  }

  /** Tells facts that differ from those told last. */
  void publish() {
    publishing.lock();
    try {
      Switch now = now();
      publish(SwitchInterface.KIND, interfaces(now));
      publish(JoiningPort.KIND, joining(now));
    } finally {
      publishing.unlock();
    }
  }

  private void publish(String kind, Map<String, ?> now) {
    if (!now.equals(published.get(kind))) {
      published.put(kind, now);
      facts.accept(kind, now);
    }
  }

  private Map<String, SwitchInterface> interfaces(Switch now) {
    Map<String, SwitchInterface> found = new HashMap<>();
    Bridge bridge = now.bridge(integrationBridge);
    if (bridge != null) {
      // Of two that claim to be the same port the one that comes first by name is it.
      numbered(now.ports(bridge).flatMap(now::interfaces))
          .sorted(Comparator.comparing(Interface::name))
          .forEach(one -> {
            String port = one.externalIds().get("iface-id");
            Long ofport = one.ofport();
            if (port != null && ofport != null) {
              found.putIfAbsent(
                  port,
                  new SwitchInterface(
                      one.name(), ofport, "up".equals(one.linkState()), one.externalIds()));
            }
          });
    }
    return found;
  }

  private static Map<String, JoiningPort> joining(Switch now) {
    Map<String, JoiningPort> found = new HashMap<>();
    numbered(now.interfaces())
        .filter(one -> one.type().equals("patch") || TunnelType.of(one.type()).isPresent())
        .forEach(one -> {
          Long ofport = one.ofport();
          if (ofport != null) {
            found.put(one.name(), new JoiningPort(one.name(), ofport));
          }
        });
    return found;
  }

  private static Stream<Interface> numbered(Stream<Interface> interfaces) {
    return interfaces.filter(one -> one.ofport() != null && one.ofport() > 0);
  }

  @Override
  public void close() {
    client.close();
  }
}
