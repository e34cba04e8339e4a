package org.nucleon.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine on a host, plugged into br-int as Nova's os-vif does it: a tap there whose
 * interface record names the port. Inside, the interface is {@code eth0}.
 */
public final class Guest extends Endpoint {
  /** The one interface of a guest. */
  public static final String DEVICE = "eth0";

  private static final Duration LEASE_LIMIT = Duration.ofSeconds(30);

  private final LabHost host;
  private final String dhcpScript;
  private final String uuid = UUID.randomUUID().toString();
  private final List<String> taps = new ArrayList<>();
  private @Nullable Daemon dhcpClient;

  /** Takes over a booted machine; the lab's scripts lie in {@code folder}. */
  Guest(Machine machine, LabHost host, Path folder) {
    super(machine, folder);
    this.host = host;
    this.dhcpScript = Script.DHCP.in(folder).toString();
  }

  /**
   * Where it runs.
   *
   * @return its host
   */
  public LabHost host() {
    return host;
  }

  /**
   * Its own id, as Nova would call it.
   *
   * @return the {@code vm-uuid} of its interface record
   */
  public String uuid() {
    return uuid;
  }

  /**
   * Plugs it in.
   *
   * @param port the port's id
   * @param mac the port's MAC address, which becomes the guest's
   * @return this
   */
  public Guest plug(String port, String mac) {
    return plug(port, mac, DEVICE);
  }

  /**
   * Plugs in one of its devices, for guests that have several. Where that failed half-way, because
   * the switch was away, another call goes on from there.
   *
   * @param port the port's id
   * @param mac the port's MAC address, which becomes the device's
   * @param device what the guest calls the device
   * @return this
   */
  public Guest plug(String port, String mac, String device) {
    String name = "tap" + port.substring(0, Math.min(11, port.length()));
    if (!taps.contains(name)) {
      Wire.connect(machine(), device, host.machine(), name);
      taps.add(name);
    }
    // Its link-local address is to be made of this MAC address, not of the one it was born with.
    machine().script("ip link set " + device + " down\nip link set " + device + " address " + mac);
    host.ovs().addBridge("br-int");
    host.ovs()
        .addPort(
            "br-int",
            name,
            "iface-id=" + port,
            "attached-mac=\"" + mac + "\"",
            "iface-status=active",
            "vm-uuid=" + uuid);
    machine().exec("ip", "link", "set", device, "up");
    return this;
  }

  /** Takes it off its networks as Nova does: the interface record first, then the tap. */
  public void unplug() {
    for (String tap : taps) {
      host.ovs().vsctl("--if-exists", "del-port", "br-int", tap);
      host.machine().exec("ip", "link", "del", tap);
    }
    taps.clear();
  }

  /**
   * The host's end of its cable; of several, the first one's.
   *
   * @return the name of the tap
   * @throws IllegalStateException if it is not plugged in
   */
  public String tap() {
    if (taps.isEmpty()) {
      throw new IllegalStateException(name() + " is not plugged in");
    }
    return taps.getFirst();
  }

  /**
   * Configures its address by hand.
   *
   * @param cidr an address with the length of its prefix
   */
  public void address(String cidr) {
    machine().exec("ip", "addr", "add", cidr, "dev", DEVICE);
  }

  /**
   * Asks for a lease with a real DHCP client, which stays and renews, and configures itself from
   * it.
   *
   * @return the lease
   * @throws AssertionError if there is none within 30 seconds
   */
  public Lease dhcp() {
    Daemon client =
        machine()
            .start(
                "udhcpc-" + UUID.randomUUID(),
                List.of(
                        "busybox",
                        "udhcpc",
                        "-f",
                        "-i",
                        DEVICE,
                        "-s",
                        dhcpScript,
                        "-O",
                        "mtu",
                        "-O",
                        "staticroutes",
                        "-t",
                        "10",
                        "-T",
                        "1",
                        "-A",
                        "2")
                    .toArray(String[]::new));
    dhcpClient = client;
    return Lease.of(client.await(Lease.LINE, LEASE_LIMIT));
  }

  /**
   * Has the client of {@link #dhcp} renew its lease now.
   *
   * @return what it has then
   * @throws IllegalStateException if there was no {@link #dhcp} before
   * @throws AssertionError if there is none within 30 seconds
   */
  public Lease renew() {
    Daemon client = dhcpClient;
    if (client == null) {
      throw new IllegalStateException(name() + " has no DHCP client");
    }
    int before = Lease.all(client.log()).size();
    client.signal("USR1");
    return Eventually.within(
            LEASE_LIMIT,
            name() + " renews its lease",
            () -> Lease.all(client.log()),
            leases -> leases.size() > before)
        .getLast();
  }

  /**
   * Asks once for a lease, for those that expect none.
   *
   * @return whether a DHCP server answered within about three seconds
   */
  public boolean dhcpAnswers() {
    return machine()
            .attempt(
                "busybox",
                "udhcpc",
                "-f",
                "-q",
                "-n",
                "-i",
                DEVICE,
                "-s",
                "/bin/true",
                "-t",
                "3",
                "-T",
                "1")
            .status()
        == 0;
  }

  /**
   * Gives the lease back and ends the client.
   *
   * @throws IllegalStateException if there was no {@link #dhcp} before
   */
  public void dhcpRelease() {
    if (dhcpClient == null) {
      throw new IllegalStateException(name() + " has no DHCP client");
    }
    dhcpClient.signal("USR2");
    dhcpClient.await(Pattern.compile("entering released state"), LEASE_LIMIT);
    dhcpClient.terminate();
    dhcpClient = null;
  }
}
