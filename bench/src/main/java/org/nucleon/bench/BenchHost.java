package org.nucleon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nucleon.host.ovsdb.OvsdbClient;
import org.nucleon.host.ovsdb.OvsdbListener;
import org.nucleon.host.ovsdb.Switch;
import org.nucleon.host.ovsdb.SwitchEdit;
import org.nucleon.lab.Api;
import org.nucleon.lab.Cloud;
import org.nucleon.lab.Eventually;
import org.nucleon.lab.Lab;
import org.nucleon.lab.LabHost;
import tools.jackson.databind.JsonNode;

/**
 * One host of a lab with an agent and as many ports as wanted. Their devices are of Open vSwitch's
 * type {@code dummy}, which costs it nothing but the port itself.
 */
final class BenchHost implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int AT_ONCE = 250;
  private static final int NETWORKS = 10;

  private final Lab lab = Lab.open();
  private final LabHost host;
  private final Cloud cloud;
  private final OvsdbClient database;
  private FlowWatch flows;
  private final List<String> networks = new ArrayList<>();
  private int ports;

  /** Boots it, its agent alive, without ports. */
  BenchHost() throws IOException {
    host = lab.hostWithExternal("h1");
    host.ovs().killForwarder();
    startForwarder();
    host.ovs().vsctl("set", "Open_vSwitch", ".", "external_ids:dummies=enabled");
    cloud = Cloud.on(lab, host);
    cloud.unlimited("port");
    database = OvsdbClient.open(run().resolve("db.sock"));
    database.monitor(Switch.MONITORED, new OvsdbListener() {});
    flows = FlowWatch.of(run().resolve("br-int.mgmt"));
    for (int i = 0; i < NETWORKS; i++) {
      networks.add(network("n" + i, "10." + (i + 1) + ".0.0/16"));
    }
  }

  private Path run() {
    return Path.of("/proc/" + host.machine().pid() + "/root/run/openvswitch");
  }

  private void startForwarder() {
    host.machine()
        .start(
            "ovs-vswitchd-with-dummies",
            "ovs-vswitchd",
            "unix:/run/openvswitch/db.sock",
            "--enable-dummy",
            "-vconsole:warn",
            "--pidfile=/run/openvswitch/ovs-vswitchd.pid");
  }

  /** Kills the switch and starts it again; returns when it has its ports. */
  void restartForwarder() throws IOException {
    flows.close();
    host.machine().exec("sh", "-c", "kill -9 $(cat /run/openvswitch/ovs-vswitchd.pid)");
    startForwarder();
    host.ovs().vsctl("set", "Open_vSwitch", ".", "external_ids:started=" + System.nanoTime());
    flows = FlowWatch.of(run().resolve("br-int.mgmt"));
  }

  /** The cloud that it is part of. */
  Cloud cloud() {
    return cloud;
  }

  /** The API, as an administrator. */
  Api api() {
    return cloud.api();
  }

  /** The host itself. */
  LabHost host() {
    return host;
  }

  /** What happens to br-int's flows. */
  FlowWatch flows() {
    return flows;
  }

  /** The network that half of the ports are on. */
  String network() {
    return networks.getFirst();
  }

  /** Makes a network with a subnet without DHCP; its id. */
  String network(String name, String cidr) {
    String network = api().create("network", Map.of("name", name)).get("id").asString();
    cloud.subnet(network, cidr, Map.of("enable_dhcp", false));
    return network;
  }

  /** A port of a network, bound to this host if wanted; its id. */
  String port(String network, boolean bound, Map<String, ?> more) {
    Map<String, Object> attributes = attributes(network, bound);
    attributes.putAll(more);
    return api().create("port", attributes).get("id").asString();
  }

  private Map<String, Object> attributes(String network, boolean bound) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("network_id", network);
    attributes.put("device_owner", "compute:nova");
    attributes.put("device_id", "bench");
    attributes.put("binding:host_id", bound ? host.name() : "");
    return attributes;
  }

  /**
   * Adds ports until there are so many, half of them on one network, and waits until all are
   * ACTIVE.
   *
   * @param more attributes of each new port
   */
  void fill(int wanted, Map<String, ?> more) throws IOException {
    while (ports < wanted) {
      List<Map<String, Object>> bodies = new ArrayList<>();
      int first = ports;
      for (; ports < wanted && ports - first < AT_ONCE; ports++) {
        int network = ports % 2 == 0 ? 0 : 1 + ports / 2 % (NETWORKS - 1);
        Map<String, Object> body = attributes(networks.get(network), true);
        body.putAll(more);
        bodies.add(body);
      }
      JsonNode made = api().send("POST", "/v2.0/ports", Map.of("ports", bodies)).body();
      SwitchEdit edit = edit();
      int number = first;
      for (JsonNode port : made.required("ports")) {
        device(edit, "d" + number++, port.get("id").asString());
      }
      edit.applyAndWait(database);
    }
    Eventually.within(
        PATIENCE,
        "all ports are ACTIVE",
        () -> api().list("port", Map.of("status", "DOWN", "fields", "id")).isEmpty());
    settle();
  }

  /** Changes of this host's switch. */
  SwitchEdit edit() {
    return new SwitchEdit(new Switch(database.cache()));
  }

  /** The switch's database. */
  OvsdbClient database() {
    return database;
  }

  /** A dummy device that says whose port it is. */
  static void device(SwitchEdit edit, String name, String port) {
    edit.port("br-int", name, "dummy", Map.of(), Map.of("iface-id", port));
  }

  /** Waits until neither the switch nor the agent has anything to do. */
  void settle() throws IOException {
    new SwitchEdit(new Switch(database.cache()))
        .externalIds(Map.of("bench", Long.toString(System.nanoTime())))
        .applyAndWait(database);
    flows.awaitQuiet();
    flows.forget();
  }

  /** How many ports it has been given by {@link #fill}. */
  int ports() {
    return ports;
  }

  /** How many flows br-int has. */
  int flowCount() throws IOException {
    return flows.connection().flows().size();
  }

  /** The agent's process. */
  long agent() {
    return cloud.agent(host).pid();
  }

  /** The process of ovs-vswitchd. */
  long forwarder() throws IOException {
    return process("ovs-vswitchd");
  }

  /** The process of ovsdb-server. */
  long databaseServer() throws IOException {
    return process("ovsdb-server");
  }

  /** The program of that name on the host, by the host's network namespace. */
  private long process(String program) throws IOException {
    Path network = Files.readSymbolicLink(Path.of("/proc/" + host.machine().pid() + "/ns/net"));
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("/" + program))
        .filter(process -> network.equals(networkOf(process)))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + program + " runs on " + host.name()))
        .pid();
  }

  private static Path networkOf(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net"));
    } catch (IOException e) {
      return Path.of("");
    }
  }

  @Override
  public void close() throws IOException {
    flows.close();
    database.close();
    cloud.close();
    lab.close();
  }
}
