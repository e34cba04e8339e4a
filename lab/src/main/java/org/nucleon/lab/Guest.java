package org.nucleon.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine on a host, plugged as Nova's os-vif does it: a tap in br-int whose interface
 * record names the port, or by way of a Linux bridge. Inside, the interface is {@code eth0}.
 */
public final class Guest extends Endpoint {
  /** The one interface of a guest. */
  public static final String DEVICE = "eth0";

  private static final Duration LEASE_LIMIT = Duration.ofSeconds(30);

  private final LabHost host;
  private final String dhcpScript;
  private final String uuid = UUID.randomUUID().toString();
  private final List<Cable> cables = new ArrayList<>();
  private @Nullable Daemon dhcpClient;

  /**
   * How one of its devices is plugged.
   *
   * @param tap the host's end of its cable
   * @param switchEnd what is in br-int
   * @param bridge the Linux bridge between them; null for none
   */
  private record Cable(String tap, String switchEnd, @Nullable String bridge) {}

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
    String tap = "tap" + beginning(port);
    Cable cable = new Cable(tap, tap, null);
    if (!cables.contains(cable)) {
      Wire.connect(machine(), device, host.machine(), tap);
      cables.add(cable);
    }
    giveAddress(device, mac);
    plugIntoSwitch(tap, port, mac);
    machine().exec("ip", "link", "set", device, "up");
    return this;
  }

  /**
   * Plugs it in by way of a Linux bridge, as os-vif does where {@code ovs_hybrid_plug} is true.
   *
   * @param port the port's id
   * @param mac the port's MAC address, which becomes the guest's
   * @return this
   */
  public Guest plugHybrid(String port, String mac) {
    String id = beginning(port);
    String tap = "tap" + id;
    Wire.connect(machine(), DEVICE, host.machine(), tap);
    cables.add(new Cable(tap, "qvo" + id, "qbr" + id));
    giveAddress(DEVICE, mac);
    host.machine()
        .script(
            """
            ip link add name qbr%1$s type bridge forward_delay 0 ageing_time 0 mcast_snooping 0
            ip link add name qvb%1$s type veth peer name qvo%1$s
            for device in qbr%1$s qvb%1$s qvo%1$s tap%1$s; do
              echo 1 >/proc/sys/net/ipv6/conf/$device/disable_ipv6
            done
            for end in qvb%1$s qvo%1$s; do
              ethtool -K $end tx off >/dev/null
              ip link set $end promisc on up
            done
            ip link set qvb%1$s master qbr%1$s
            ip link set tap%1$s master qbr%1$s
            ip link set qbr%1$s up
            """
                .formatted(id));
    plugIntoSwitch("qvo" + id, port, mac);
    machine().exec("ip", "link", "set", DEVICE, "up");
    return this;
  }

  private static String beginning(String port) {
    return port.substring(0, Math.min(11, port.length()));
  }

  /** Its link-local address is to be made of this MAC address, not of the one it was born with. */
  private void giveAddress(String device, String mac) {
    machine().script("ip link set " + device + " down\nip link set " + device + " address " + mac);
  }

  private void plugIntoSwitch(String device, String port, String mac) {
    host.ovs().addBridge("br-int");
    host.ovs()
        .addPort(
            "br-int",
            device,
            "iface-id=" + port,
            "attached-mac=\"" + mac + "\"",
            "iface-status=active",
            "vm-uuid=" + uuid);
  }

  /** Takes it off its networks as Nova does: the interface record first, then the tap. */
  public void unplug() {
    for (Cable cable : cables) {
      host.ovs().vsctl("--if-exists", "del-port", "br-int", cable.switchEnd());
      host.machine().exec("ip", "link", "del", cable.tap());
      if (cable.bridge() != null) {
        host.machine().exec("ip", "link", "del", cable.switchEnd());
        host.machine().exec("ip", "link", "del", cable.bridge());
      }
    }
    cables.clear();
  }

  /**
   * The host's end of its cable; of several, the first one's.
   *
   * @return the name of the tap
   * @throws IllegalStateException if it is not plugged in
   */
  public String tap() {
    if (cables.isEmpty()) {
      throw new IllegalStateException(name() + " is not plugged in");
    }
    return cables.getFirst().tap();
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
