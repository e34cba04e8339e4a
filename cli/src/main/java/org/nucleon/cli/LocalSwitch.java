package org.nucleon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.host.ethernet.ChecksumOffload;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Address;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.Request;
import org.nucleon.host.ovsdb.Bridge;
import org.nucleon.host.ovsdb.Interface;
import org.nucleon.host.ovsdb.OvsdbClient;
import org.nucleon.host.ovsdb.OvsdbListener;
import org.nucleon.host.ovsdb.Switch;
import org.nucleon.host.ovsdb.SwitchEdit;

/** This host's Open vSwitch, as the command line uses it. */
final class LocalSwitch implements AutoCloseable {

  /** The bridge that {@code up} makes for the physical network {@code public}. */
  static final String EXTERNAL_BRIDGE = "br-ex";

  /** The mark of what {@code up} made; the agent's own mark is another, and it keeps off. */
  private static final String MADE_BY_UP = "nucleon-up";

  /** Names the guest on its device. */
  private static final String GUEST = "nucleon-guest";

  private static final Path SOCKET = Path.of("/run/openvswitch/db.sock");
  private static final Path CONTROL = Path.of("/usr/share/openvswitch/scripts/ovs-ctl");
  private static final long WAIT_SECONDS = 30;

  private final OvsdbClient client;

  private LocalSwitch(OvsdbClient client) {
    this.client = client;
  }

  /**
   * Connects to the switch that runs.
   *
   * @throws Refusal if none does
   */
  static LocalSwitch open() throws Refusal {
    try {
      OvsdbClient client = OvsdbClient.open(SOCKET);
      client.monitor(Switch.MONITORED, OvsdbListener.NONE);
      return new LocalSwitch(client);
    } catch (IOException e) {
      throw new Refusal("Open vSwitch is not running (" + SOCKET + "): " + Causes.plain(e));
    }
  }

  /**
   * Connects to the switch, which is started if it does not run.
   *
   * @throws Refusal if it cannot be started
   */
  static LocalSwitch start() throws Refusal, InterruptedException {
    if (!answers()) {
      if (!Files.isExecutable(CONTROL)) {
        throw new Refusal("Open vSwitch is not installed: there is no " + CONTROL);
      }
      run(CONTROL.toString(), "--no-ovs-vswitchd", "--system-id=random", "start");
      // The kernel module is not always there; without it the userspace datapath serves.
      run(CONTROL.toString(), "--no-ovsdb-server", "--system-id=random", "start");
    }
    return open();
  }

  private static boolean answers() {
    try (OvsdbClient client = OvsdbClient.open(SOCKET)) {
      return client.cache() != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(String... command) throws Refusal, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (process.waitFor() != 0 && !said.contains("openvswitch")) {
        throw new Refusal("Open vSwitch cannot be started: " + said.strip());
      }
    } catch (IOException e) {
      throw new Refusal("Open vSwitch cannot be started: " + Causes.plain(e));
    }
  }

  /** Whether bridges of the kernel's datapath can be made here. */
  static boolean kernelHasDatapath() {
    return Files.exists(Path.of("/sys/module/openvswitch"));
  }

  /**
   * Makes the bridge of the physical network {@code public}, with an address of this host on it.
   *
   * @param address by which this host is the gateway of the external network
   */
  void makeExternalBridge(IpPrefix address) throws Refusal {
    try {
      new SwitchEdit(new Switch(client.cache()))
          .bridge(
              EXTERNAL_BRIDGE,
              kernelHasDatapath() ? "system" : "netdev",
              SwitchEdit.PROTOCOLS,
              Map.of(MADE_BY_UP, "true"))
          .applyAndWait(client);
      client.await(
          rows -> hasPort(new Switch(rows).iface(EXTERNAL_BRIDGE)), WAIT_SECONDS, TimeUnit.SECONDS);
      try (NetworkNamespace here = NetworkNamespace.current();
          Netlink netlink = Netlink.open(here)) {
        Link link =
            netlink
                .link(EXTERNAL_BRIDGE)
                .orElseThrow(() -> new IOException("no device " + EXTERNAL_BRIDGE));
        netlink.apply(
            new Request.SetUp(link.index(), true),
            new Request.PutAddress(Address.of(link.index(), address)));
        ChecksumOffload.set(here, EXTERNAL_BRIDGE, false);
      }
    } catch (IOException e) {
      throw new Refusal("cannot make " + EXTERNAL_BRIDGE + ": " + Causes.plain(e));
    }
  }

  private static boolean hasPort(@Nullable Interface iface) {
    return iface != null && iface.ofport() != null && iface.ofport() > 0;
  }

  /** Plugs a device into the integration bridge as the given port, as Nova's os-vif does. */
  void plug(String device, String port, String mac, String guest) throws IOException {
    new SwitchEdit(new Switch(client.cache()))
        .systemPort(
            "br-int",
            device,
            Map.of("iface-id", port, "attached-mac", mac, "iface-status", "active", GUEST, guest))
        .apply(client);
  }

  /** The device of a guest that was plugged here, null if there is none. */
  @Nullable Interface guest(String name) {
    return guestDevices()
        .filter(i -> name.equals(i.externalIds().get(GUEST)))
        .findFirst()
        .orElse(null);
  }

  /** Takes a device out of the switch. */
  void unplug(String device) throws IOException {
    new SwitchEdit(new Switch(client.cache())).deletePort(device).apply(client);
  }

  /** The guests that {@code plug} made. */
  List<String> guests() {
    return guestDevices().map(i -> i.externalIds().getOrDefault(GUEST, "")).sorted().toList();
  }

  /** The bridges that {@code up} made. */
  List<String> bridgesOfUp() {
    return new Switch(client.cache())
        .bridges()
        .filter(b -> b.externalIds().containsKey(MADE_BY_UP))
        .map(Bridge::name)
        .sorted()
        .toList();
  }

  /** Removes what {@code up} and {@code plug} made in the switch, and waits until it is gone. */
  void removeOwn() throws IOException {
    SwitchEdit edit = new SwitchEdit(new Switch(client.cache()));
    guestDevices().map(Interface::name).toList().forEach(edit::deletePort);
    bridgesOfUp().forEach(edit::deleteBridge);
    edit.applyAndWait(client);
  }

  private Stream<Interface> guestDevices() {
    return new Switch(client.cache()).interfaces().filter(i -> i.externalIds().containsKey(GUEST));
  }

  @Override
  public void close() {
    client.close();
  }
}
