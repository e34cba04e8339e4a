package org.nucleon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nucleon.host.ethernet.ChecksumOffload;
import org.nucleon.host.ethernet.MacAddress;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.Request;
import org.nucleon.host.netlink.VethEnd;

/**
 * A guest made by {@code plug}.
 *
 * @param name the namespace's name
 * @param device the end of its link that is plugged into the switch
 */
record Guest(String name, String device) {

  private static final String INNER = "eth0";

  /** Run by udhcpc with what the server gave in its environment; private to the namespace. */
  private static final String LEASE_SCRIPT =
      """
      #!/bin/busybox sh
      case "$1" in
        bound|renew)
          busybox ip link set "$interface" ${mtu:+mtu $mtu}
          busybox ip -4 address flush dev "$interface"
          busybox ip address add "$ip/$mask" dev "$interface"
          if [ -n "$staticroutes" ]; then
            set -- $staticroutes
            while [ $# -ge 2 ]; do
              if [ "$2" = 0.0.0.0 ]; then
                busybox ip route add "$1" dev "$interface"
              else
                busybox ip route add "$1" via "$2" dev "$interface"
              fi
              shift 2
            done
          else
            for r in $router; do busybox ip route add default via "$r"; break; done
          fi
          : > "/etc/netns/$GUEST/resolv.conf"
          for d in $dns; do echo "nameserver $d" >> "/etc/netns/$GUEST/resolv.conf"; done
          echo "$ip/$mask"
          ;;
      esac
      """;

  /**
   * Makes the namespace and its link.
   *
   * @param port the port's id
   * @param mac the port's MAC address
   * @param mtu bytes
   */
  static Guest make(String name, String port, String mac, int mtu) throws IOException, Refusal {
    if (NetworkNamespace.exists(name)) {
      throw new Refusal("there is a network namespace " + name + " already");
    }
    String device = "tap" + port.substring(0, 11);
    try (NetworkNamespace guest = NetworkNamespace.create(name);
        NetworkNamespace here = NetworkNamespace.current();
        Netlink inside = Netlink.open(guest);
        Netlink outside = Netlink.open(here)) {
      outside.apply(
          new Request.CreateVeth(
              new VethEnd(device, null, mtu, null),
              new VethEnd(INNER, MacAddress.parse(mac), mtu, guest)));
      // The kernel of the host hears what enters the switch, and must not answer.
      here.sysctl("net/ipv6/conf/" + device + "/disable_ipv6", "1");
      here.sysctl("net/ipv4/conf/" + device + "/arp_ignore", "8");
      ChecksumOffload.set(guest, INNER, false);
      ChecksumOffload.set(here, device, false);
      inside.apply(new Request.SetUp(index(inside, INNER), true));
      outside.apply(new Request.SetUp(index(outside, device), true));
    }
    return new Guest(name, device);
  }

  private static int index(Netlink netlink, String device) throws IOException {
    return netlink.link(device).map(Link::index).orElseThrow(() -> new IOException("no " + device));
  }

  /** Asks for an address by DHCP; the address and prefix length. */
  String takeAddress() throws IOException, InterruptedException, Refusal {
    Path own = Path.of("/etc/netns", name);
    Files.createDirectories(own);
    Path script = Files.createTempFile("nucleon-lease", ".sh");
    try (NetworkNamespace guest = NetworkNamespace.open(name)) {
      Files.writeString(script, LEASE_SCRIPT);
      if (!script.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + script + " executable");
      }
      ProcessBuilder client =
          new ProcessBuilder(
                  List.of(
                      "busybox",
                      "udhcpc",
                      "-f",
                      "-q",
                      "-n",
                      "-t",
                      "10",
                      "-T",
                      "1",
                      "-i",
                      INNER,
                      "-O",
                      "mtu",
                      "-s",
                      script.toString()))
              .redirectErrorStream(true);
      client.environment().put("GUEST", name);
      Process process = guest.start(client);
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new Refusal("no DHCP server gave the guest " + name + " an address: " + said);
      }
      return said.lines().filter(l -> l.matches("[0-9.]+/[0-9]+")).findFirst().orElse(said);
    } finally {
      Files.deleteIfExists(script);
    }
  }

  /** Removes a guest's namespace, and with it the link. */
  static void remove(String name) throws IOException {
    NetworkNamespace.delete(name);
    Path own = Path.of("/etc/netns", name);
    Files.deleteIfExists(own.resolve("resolv.conf"));
    Files.deleteIfExists(own);
  }
}
