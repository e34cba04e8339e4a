package org.nucleon.host.ovsdb;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an Open vSwitch database says, in Open vSwitch's words.
 *
 * @param rows the rows of a client that follows {@link #MONITORED}
 */
public record Switch(Snapshot rows) {
  /** The tables and columns that this view reads. */
  public static final List<Monitored> MONITORED =
      List.of(
          Monitored.all("Open_vSwitch", "bridges", "external_ids", "next_cfg", "cur_cfg"),
          Monitored.all(
              "Bridge", "name", "datapath_type", "fail_mode", "protocols", "ports", "external_ids"),
          Monitored.all("Port", "name", "interfaces", "external_ids"),
          Monitored.all(
              "Interface",
              "name",
              "type",
              "ofport",
              "mac_in_use",
              "link_state",
              "options",
              "external_ids",
              "error"));

  private static final Function<Row, Interface> INTERFACE = Switch::readInterface;
  private static final Function<Row, SwitchPort> PORT = Switch::readPort;
  private static final Function<Row, Bridge> BRIDGE = Switch::readBridge;

  /** All bridges. */
  public Stream<Bridge> bridges() {
    return rows.rows("Bridge").stream().map(Switch::bridge);
  }

  /** The bridge of this name; null if there is none. */
  public @Nullable Bridge bridge(String name) {
    Row row = named("Bridge", name);
    return row == null ? null : bridge(row);
  }

  /** The bridge that has this port; null if there is none. */
  public @Nullable Bridge bridgeOf(SwitchPort port) {
    return bridges().filter(bridge -> bridge.ports().contains(port.uuid())).findAny().orElse(null);
  }

  /** All ports of all bridges. */
  public Stream<SwitchPort> ports() {
    return rows.rows("Port").stream().map(Switch::port);
  }

  /** The ports of one bridge, its own device's included. */
  public Stream<SwitchPort> ports(Bridge bridge) {
    return bridge.ports().stream()
        .map(uuid -> rows.row("Port", uuid))
        .filter(Objects::nonNull)
        .map(Switch::port);
  }

  /** The port of this name; null if there is none. */
  public @Nullable SwitchPort port(String name) {
    Row row = named("Port", name);
    return row == null ? null : port(row);
  }

  /** All interfaces. */
  public Stream<Interface> interfaces() {
    return rows.rows("Interface").stream().map(Switch::iface);
  }

  /** The interfaces of one port. */
  public Stream<Interface> interfaces(SwitchPort port) {
    return port.interfaces().stream()
        .map(uuid -> rows.row("Interface", uuid))
        .filter(Objects::nonNull)
        .map(Switch::iface);
  }

  /** The interface of this name; null if there is none. */
  public @Nullable Interface iface(String name) {
    Row row = named("Interface", name);
    return row == null ? null : iface(row);
  }

  private @Nullable Row named(String table, String name) {
    for (Row row : rows.rows(table)) {
      if (name.equals(row.text("name"))) {
        return row;
      }
    }
    return null;
  }

  /** What others noted on the switch as a whole. */
  public Map<String, String> externalIds() {
    return rows.rows("Open_vSwitch").stream()
        .findAny()
        .map(row -> row.map("external_ids"))
        .orElse(Map.of());
  }

  /** The configuration that the switch has carried out; see {@link SwitchEdit#applyAndWait}. */
  public long carriedOut() {
    return rows.rows("Open_vSwitch").stream()
        .findAny()
        .map(row -> Objects.requireNonNullElse(row.integer("cur_cfg"), 0L))
        .orElse(0L);
  }

  /** Reads a row of table Interface, e.g. out of a {@link RowChange}. */
  public static Interface iface(Row row) {
    return row.read(INTERFACE);
  }

  private static Interface readInterface(Row row) {
    return new Interface(
        row.uuid(),
        string(row, "name"),
        string(row, "type"),
        row.integer("ofport"),
        row.text("mac_in_use"),
        row.text("link_state"),
        row.map("options"),
        row.map("external_ids"),
        row.text("error"));
  }

  /** Reads a row of table Port. */
  public static SwitchPort port(Row row) {
    return row.read(PORT);
  }

  private static SwitchPort readPort(Row row) {
    return new SwitchPort(
        row.uuid(), string(row, "name"), row.references("interfaces"), row.map("external_ids"));
  }

  /** Reads a row of table Bridge. */
  public static Bridge bridge(Row row) {
    return row.read(BRIDGE);
  }

  private static Bridge readBridge(Row row) {
    return new Bridge(
        row.uuid(),
        string(row, "name"),
        string(row, "datapath_type"),
        row.text("fail_mode"),
        row.texts("protocols"),
        row.references("ports"),
        row.map("external_ids"));
  }

  private static String string(Row row, String column) {
    return Objects.requireNonNullElse(row.text(column), "");
  }
}
