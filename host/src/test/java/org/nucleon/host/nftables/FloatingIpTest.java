package org.nucleon.host.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.ethernet.IpPrefix;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Address;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.Request;
import org.nucleon.host.netlink.Route;
import org.nucleon.host.netlink.VethEnd;

/** A guest behind a router, made of this module's parts alone, reached with packets. */
@Tag("lab")
class FloatingIpTest {
  private static final String FLOATING = "192.0.2.10";
  private static final String GUEST = "10.0.0.10";

  private NetworkNamespace guest;
  private NetworkNamespace router;
  private NetworkNamespace outside;

  @BeforeEach
  void open() throws Exception {
    guest = NetworkNamespace.create("fip-guest");
    router = NetworkNamespace.create("fip-router");
    outside = NetworkNamespace.create("fip-outside");
    router.sysctl("net/ipv4/ip_forward", "1");
    try (Netlink netlink = Netlink.open(router)) {
      netlink.apply(
          new Request.CreateVeth(
              new VethEnd("qr-1", null, 0, null), new VethEnd("eth0", null, 0, guest)),
          new Request.CreateVeth(
              new VethEnd("qg-1", null, 0, null), new VethEnd("eth0", null, 0, outside)));
    }
    address(router, "qr-1", "10.0.0.1/24");
    address(router, "qg-1", "192.0.2.1/24");
    address(router, "qg-1", FLOATING + "/32");
    address(outside, "eth0", "192.0.2.2/24");
    int link = address(guest, "eth0", GUEST + "/24");
    try (Netlink netlink = Netlink.open(guest)) {
      netlink.apply(
          new Request.AddRoute(
              Route.via(4, IpPrefix.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.0.0.1"), link)));
    }
  }

  private static int address(NetworkNamespace namespace, String device, String prefix)
      throws Exception {
    try (Netlink netlink = Netlink.open(namespace)) {
      int link = netlink.link(device).orElseThrow().index();
      netlink.apply(
          new Request.SetUp(link, true),
          new Request.PutAddress(Address.of(link, IpPrefix.parse(prefix))));
      return link;
    }
  }

  @AfterEach
  void close() throws Exception {
    for (NetworkNamespace namespace : List.of(guest, router, outside)) {
      namespace.close();
      NetworkNamespace.delete(namespace.name().orElseThrow());
    }
  }

  private static NftTable table(Map<Data, Data> inward, Map<Data, Data> outward) {
    return new NftTable(
        Family.IP,
        "nucleon",
        List.of(
            new NftChain(
                "prerouting",
                new Hook(Hook.Type.NAT, Hook.Point.PREROUTING, -100, false),
                List.of(
                    NftRule.of(new Expression.DestinationByMap(Field.IP_DESTINATION, "inward")))),
            new NftChain(
                "postrouting",
                new Hook(Hook.Type.NAT, Hook.Point.POSTROUTING, 100, false),
                List.of(
                    NftRule.of(new Expression.SourceByMap(Field.IP_SOURCE, "outward")),
                    NftRule.of(
                        Expression.is(Field.OUT, new Data.Device("qg-1")),
                        new Expression.SourceTo(InetAddress.ofLiteral("192.0.2.1")))))),
        List.of(
            NftSet.map("inward", DataType.IPV4, DataType.IPV4, inward),
            NftSet.map("outward", DataType.IPV4, DataType.IPV4, outward)));
  }

  /** Which source the far end sees of one echo request of the guest. */
  private String seenFrom(NetworkNamespace target) throws Exception {
    try (Nftables nftables = Nftables.open(target)) {
      nftables.run(
          """
          add table ip seen
          delete table ip seen
          add table ip seen
          add set ip seen from { type ipv4_addr; flags dynamic; }
          add chain ip seen in { type filter hook input priority 0; }
          add rule ip seen in icmp type echo-request add @from { ip saddr }
          """);
      ping(guest, "192.0.2.2");
      return nftables
          .read(Family.IP, "seen")
          .orElseThrow()
          .sets()
          .get("from")
          .elements()
          .keySet()
          .toString();
    }
  }

  private static void ping(NetworkNamespace from, String to) throws Exception {
    Process ping =
        from.start(new ProcessBuilder("ping", "-c", "1", "-W", "5", to).redirectErrorStream(true));
    String output = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ping.waitFor()).as(output).isZero();
  }

  @Test
  void mapsTranslateBothWaysAndTheRestLeavesByTheGateway() throws Exception {
    try (Nftables nftables = Nftables.open(router)) {
      nftables.apply(table(Map.of(), Map.of()));
      assertThat(seenFrom(outside)).isEqualTo("[192.0.2.1]");

      nftables.apply(
          table(
              Map.of(Data.ip(FLOATING), Data.ip(GUEST)),
              Map.of(Data.ip(GUEST), Data.ip(FLOATING))));
      assertThat(seenFrom(outside)).isEqualTo("[" + FLOATING + "]");

      try (Nftables atGuest = Nftables.open(guest)) {
        atGuest.run(
            "add table ip t; add chain ip t in { type filter hook input priority 0; };"
                + "add rule ip t in icmp type echo-request drop");
        Process dropped = outside.start(new ProcessBuilder("ping", "-c", "1", "-W", "1", FLOATING));
        assertThat(dropped.waitFor()).as("it is the guest that answers").isNotZero();
        atGuest.run("delete table ip t");
      }
      ping(outside, FLOATING);
    }
  }
}
