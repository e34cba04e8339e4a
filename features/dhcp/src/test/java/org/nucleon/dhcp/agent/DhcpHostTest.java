package org.nucleon.dhcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.agent.device.DeviceNames;
import org.nucleon.agent.device.HostDevices;
import org.nucleon.core.net.IpAddress;
import org.nucleon.core.net.IpPrefix;
import org.nucleon.core.net.MacAddress;
import org.nucleon.dhcp.api.Dhcp;
import org.nucleon.dhcp.api.ExtraDhcpOption;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.network.api.FixedIp;
import org.nucleon.network.api.HostRoute;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.api.Subnets;

/** A guest with a real DHCP client, a real dnsmasq, and a plain bridge between them. */
@Tag("lab")
class DhcpHostTest {
  private static final UUID GUEST = new UUID(0x4000_0000_0000_0000L, 1);
  private static final UUID OTHER_GUEST = new UUID(0x4000_0000_0000_0000L, 2);
  private static final String MAC = "fa:16:3e:00:00:10";
  private static final String SCRIPT =
      """
      #!/bin/sh
      echo "$1 ip=$ip mask=$mask router=$router dns=$dns mtu=$mtu routes=$staticroutes domain=$domain hostname=$hostname"
      """;

  @TempDir Path temp;
  private final Cloud cloud = new Cloud();
  private Host host;
  private Path script;

  @BeforeEach
  void open() throws Exception {
    script = Files.writeString(temp.resolve("udhcpc"), SCRIPT);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    host = start();
    run("ip", "netns", "add", "guest");
    run("ip", "link", "add", "sw0", "type", "bridge");
    run("ip", "link", "set", "sw0", "up");
    run(
        "ip", "link", "add", "g0", "type", "veth", "peer", "name", "eth0", "netns", "guest",
        "address", MAC);
    run("ip", "link", "set", "g0", "master", "sw0", "up");
    run("ip", "-n", "guest", "link", "set", "eth0", "up");
    cloud.port(GUEST, MAC, "10.0.0.10", p -> {});
  }

  private Host start() throws Exception {
    return new Host(temp.resolve("agent"), new HostDevices(), new DhcpHost());
  }

  @AfterEach
  void close() throws Exception {
    cloud.update(Networks.NETWORK, Cloud.NETWORK, n -> n.set(Dhcp.HOSTS, List.of()));
    host.converge(cloud.picture());
    host.close();
    assertThat(NetworkNamespace.exists(DeviceNames.dhcpNamespace(Cloud.NETWORK))).isFalse();
    assertThat(temp.resolve("agent/programs")).isEmptyDirectory();
    run("ip", "link", "del", "g0");
    run("ip", "link", "del", "sw0");
    run("ip", "netns", "del", "guest");
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private void serve() throws Exception {
    host.converge(cloud.picture());
    run("ip", "link", "set", DeviceNames.outer(Cloud.DHCP_PORT), "master", "sw0");
  }

  /** What the client was given, empty if nobody answered. */
  private String lease(int tries) throws Exception {
    String output =
        run(
            "ip",
            "netns",
            "exec",
            "guest",
            "busybox",
            "udhcpc",
            "-f",
            "-q",
            "-n",
            "-i",
            "eth0",
            "-s",
            script.toString(),
            "-O",
            "mtu",
            "-O",
            "staticroutes",
            "-t",
            tries + "",
            "-T",
            "1");
    return output.lines().filter(l -> l.startsWith("bound")).findFirst().orElse("");
  }

  private String process() throws Exception {
    return Files.readString(
        Dnsmasq.folder(temp.resolve("agent/programs"), Cloud.NETWORK).resolve("pid"));
  }

  @Test
  void aGuestIsGivenItsAddressAndWhatTheSubnetSays() throws Exception {
    cloud.update(
        Subnets.SUBNET,
        Cloud.SUBNET,
        s ->
            s.set(Subnets.DNS_NAMESERVERS, List.of(IpAddress.parse("192.0.2.53")))
                .set(
                    Subnets.HOST_ROUTES,
                    List.of(
                        new HostRoute(
                            IpPrefix.parse("172.16.0.0/16"), IpAddress.parse("10.0.0.9")))));
    serve();
    assertThat(lease(5))
        .contains(
            "ip=10.0.0.10",
            "mask=24",
            "router=10.0.0.1",
            "dns=192.0.2.53",
            "mtu=1450",
            "routes=172.16.0.0/16 10.0.0.9 0.0.0.0/0 10.0.0.1",
            "domain=openstacklocal");
  }

  @Test
  void aNewAgentFindsEverythingAndTouchesNothing() throws Exception {
    serve();
    String before = process();
    host.close();
    host = start();
    // What the kernel believes of neighbours has no mark: it is gone through once more.
    assertThat(host.converge(cloud.picture())).isEqualTo(Map.of("NeighbourItem", 1));
    assertThat(host.converge(cloud.picture())).isEmpty();
    assertThat(process()).isEqualTo(before);
  }

  @Test
  void changesOfPortsReachTheRunningServer() throws Exception {
    cloud.delete(Ports.PORT, GUEST);
    serve();
    String before = process();
    assertThat(lease(1)).as("a stranger").isEmpty();

    cloud.port(GUEST, MAC, "10.0.0.10", p -> {});
    assertThat(host.converge(cloud.picture()))
        .isEqualTo(Map.of("HostEntryItem", 1, "NeighbourItem", 1));
    assertThat(lease(5)).contains("ip=10.0.0.10");

    cloud.update(
        Ports.PORT,
        GUEST,
        p ->
            p.set(
                Ports.FIXED_IPS, List.of(new FixedIp(Cloud.SUBNET, IpAddress.parse("10.0.0.11")))));
    host.converge(cloud.picture());
    assertThat(lease(5)).contains("ip=10.0.0.11");

    cloud.delete(Ports.PORT, GUEST);
    host.converge(cloud.picture());
    assertThat(lease(1)).as("a removed port").isEmpty();
    assertThat(process()).isEqualTo(before);
  }

  /** All that can be told is, dnsmasq runs on, and no other port is told of it. */
  @Test
  void aPortIsToldItsOwnOptions() throws Exception {
    serve();
    assertThat(lease(5)).contains("router=10.0.0.1");
    cloud.update(
        Ports.PORT,
        GUEST,
        p ->
            p.set(
                ExtraDhcpOption.OF_PORT,
                List.of(
                    new ExtraDhcpOption("router", "10.0.0.77", 4),
                    new ExtraDhcpOption("dns-server", "10.0.0.78,10.0.0.79", 4),
                    new ExtraDhcpOption("mtu", "1300", 4),
                    new ExtraDhcpOption("domain-name", "example.com", 4),
                    new ExtraDhcpOption("domain-search", "a.example.com,b.example.com", 4),
                    new ExtraDhcpOption("bootfile-name", "http://10.0.0.9/a?b=c", 4),
                    new ExtraDhcpOption("server-ip-address", "10.0.0.9", 4),
                    new ExtraDhcpOption("classless-static-route", "10.8.0.0/16,10.0.0.9", 4),
                    new ExtraDhcpOption("150", "10.0.0.9", 4),
                    new ExtraDhcpOption("209", "pxelinux.cfg/default", 4),
                    new ExtraDhcpOption("43", "01:02:03", 4),
                    new ExtraDhcpOption("T1", "300", 4),
                    new ExtraDhcpOption("no-such-option", "x", 4))));
    serve();
    assertThat(lease(5))
        .contains(
            "router=10.0.0.77",
            "dns=10.0.0.78 10.0.0.79",
            "mtu=1300",
            "domain=example.com",
            "10.8.0.0/16 10.0.0.9");
    cloud.port(OTHER_GUEST, "fa:16:3e:00:00:11", "10.0.0.11", p -> {});
    serve();
    run("ip", "-n", "guest", "link", "set", "eth0", "address", "fa:16:3e:00:00:11");
    assertThat(lease(5)).contains("ip=10.0.0.11", "router=10.0.0.1", "mtu=1450");
    run("ip", "-n", "guest", "link", "set", "eth0", "address", MAC);
    cloud.update(Ports.PORT, GUEST, p -> p.set(ExtraDhcpOption.OF_PORT, List.of()));
    serve();
    assertThat(lease(5)).contains("router=10.0.0.1", "mtu=1450");
  }

  @Test
  void anAddressWithALeaseIsGivenToItsNextOwner() throws Exception {
    serve();
    assertThat(lease(5)).contains("ip=10.0.0.10");
    String namespace = DeviceNames.dhcpNamespace(Cloud.NETWORK);
    String device = DeviceNames.dhcp(Cloud.DHCP_PORT);
    run("ip", "-n", namespace, "neigh", "replace", "10.0.0.10", "lladdr", MAC, "dev", device);
    assertThat(run("ip", "-n", namespace, "neigh")).contains(MAC);
    cloud.update(
        Ports.PORT, GUEST, p -> p.set(Ports.MAC_ADDRESS, MacAddress.parse("fa:16:3e:00:00:11")));
    host.converge(cloud.picture());
    assertThat(run("ip", "-n", namespace, "neigh")).doesNotContain(MAC);
    run("ip", "-n", "guest", "link", "set", "eth0", "address", "fa:16:3e:00:00:11");
    assertThat(lease(5)).contains("ip=10.0.0.10");
  }

  @Test
  void aThousandPortsAreServedAndOneMoreIsOneItem() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      String mac = "fa:16:3e:01:%02x:%02x".formatted(i >> 8, i & 255);
      String address = "10.0.%d.%d".formatted(1 + i / 250, 1 + i % 250);
      cloud.port(new UUID(0x5000_0000_0000_0000L, i), mac, address, p -> {});
    }
    cloud.update(
        Subnets.SUBNET, Cloud.SUBNET, s -> s.set(Subnets.CIDR, IpPrefix.parse("10.0.0.0/16")));
    cloud.delete(Ports.PORT, GUEST);
    serve();
    String before = process();
    run("ip", "-n", "guest", "link", "set", "eth0", "address", "fa:16:3e:01:02:01");
    assertThat(lease(5)).contains("ip=10.0.3.14");
    cloud.port(GUEST, MAC, "10.0.200.1", p -> {});
    assertThat(host.converge(cloud.picture()))
        .isEqualTo(Map.of("HostEntryItem", 1, "NeighbourItem", 1));
    run("ip", "-n", "guest", "link", "set", "eth0", "address", MAC);
    assertThat(lease(5)).contains("ip=10.0.200.1");
    assertThat(process()).as("reloaded, not restarted").isEqualTo(before);
  }

  @Test
  void aNewSubnetIsServedAndLeasesAreKept() throws Exception {
    serve();
    assertThat(lease(5)).contains("ip=10.0.0.10");
    cloud.subnet(Cloud.OTHER_SUBNET, "10.1.0.0/24", null, s -> {});
    cloud.update(
        Ports.PORT,
        Cloud.DHCP_PORT,
        p ->
            p.set(
                Ports.FIXED_IPS,
                List.of(
                    new FixedIp(Cloud.SUBNET, IpAddress.parse("10.0.0.2")),
                    new FixedIp(Cloud.OTHER_SUBNET, IpAddress.parse("10.1.0.2")))));
    host.converge(cloud.picture());
    Path leases =
        Dnsmasq.folder(temp.resolve("agent/programs"), Cloud.NETWORK).resolve(Dnsmasq.LEASES);
    assertThat(leases).content().contains(MAC + " 10.0.0.10");
    cloud.update(
        Ports.PORT,
        GUEST,
        p ->
            p.set(
                Ports.FIXED_IPS,
                List.of(new FixedIp(Cloud.OTHER_SUBNET, IpAddress.parse("10.1.0.10")))));
    host.converge(cloud.picture());
    assertThat(lease(5)).contains("ip=10.1.0.10", "router= ", "dns=10.1.0.2");
  }
}
