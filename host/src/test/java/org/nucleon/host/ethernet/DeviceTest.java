package org.nucleon.host.ethernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.namespace.Errno;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.namespace.SystemCallException;
import org.nucleon.host.netlink.Address;
import org.nucleon.host.netlink.Neighbour;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.netlink.Request;
import org.nucleon.host.netlink.RouteMonitor;
import org.nucleon.host.netlink.VethEnd;

@Tag("lab")
class DeviceTest {
  private static final MacAddress OLD = MacAddress.parse("fa:16:3e:00:00:01");
  private static final MacAddress NEW = MacAddress.parse("fa:16:3e:00:00:02");

  private NetworkNamespace near;
  private NetworkNamespace far;
  private Netlink netlink;
  private Netlink farNetlink;
  private int link;
  private int farLink;

  @BeforeEach
  void open() throws Exception {
    near = NetworkNamespace.create("dev-near");
    far = NetworkNamespace.create("dev-far");
    netlink = Netlink.open(near);
    farNetlink = Netlink.open(far);
    netlink.apply(
        new Request.CreateVeth(new VethEnd("d0", NEW, 0, null), new VethEnd("d1", null, 0, far)));
    link = netlink.link("d0").orElseThrow().index();
    farLink = farNetlink.link("d1").orElseThrow().index();
    netlink.apply(new Request.SetUp(link, true));
    farNetlink.apply(new Request.SetUp(farLink, true));
  }

  @AfterEach
  void close() throws Exception {
    netlink.close();
    farNetlink.close();
    near.close();
    far.close();
    NetworkNamespace.delete("dev-near");
    NetworkNamespace.delete("dev-far");
  }

  private String ethtool() throws Exception {
    Process process = near.start(new ProcessBuilder("ethtool", "-k", "d0"));
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void checksumOffloadGoesOffAndOnAsEthtoolSeesIt() throws Exception {
    assertThat(ethtool()).contains("tx-checksumming: on");
    ChecksumOffload.set(near, "d0", false);
    String off = ethtool();
    assertThat(off).contains("tx-checksumming: off", "tx-tcp-segmentation: off");
    assertThat(ChecksumOffload.isOn(near, "d0")).isFalse();
    ChecksumOffload.set(near, "d0", true);
    assertThat(ethtool()).contains("tx-checksumming: on");
    assertThat(ChecksumOffload.isOn(near, "d0")).isTrue();
    assertThat(near.start(new ProcessBuilder("ethtool", "-K", "d0", "tx", "off")).waitFor())
        .isZero();
    assertThat(ethtool()).isEqualTo(off);
  }

  @Test
  void missingDeviceIsNamed() {
    assertThatThrownBy(() -> ChecksumOffload.isOn(near, "none"))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV))
        .hasMessageContaining("none");
  }

  /** A neighbour that believes in the old MAC believes in the new one after the announcement. */
  @Test
  void announcementMovesAddressInTheNeighboursTable() throws Exception {
    far.sysctl("net/ipv4/conf/d1/arp_accept", "1");
    farNetlink.apply(
        new Request.PutAddress(Address.of(farLink, IpPrefix.parse("10.0.0.2/24"))),
        new Request.PutAddress(
            Address.of(farLink, IpPrefix.parse("2001:db8::2/64"), Address.Flag.NODAD)));
    InetAddress ipv4 = InetAddress.ofLiteral("10.0.0.1");
    InetAddress ipv6 = InetAddress.ofLiteral("2001:db8::1");
    int stale = 0x04;
    for (InetAddress address : List.of(ipv4, ipv6)) {
      farNetlink.apply(new Request.PutNeighbour(new Neighbour(farLink, address, OLD, stale)));
    }

    CountDownLatch moved4 = new CountDownLatch(1);
    CountDownLatch moved6 = new CountDownLatch(1);
    try (EventLoop loop = EventLoop.start();
        RouteMonitor monitor =
            RouteMonitor.watch(
                loop,
                far,
                Set.of(RouteMonitor.Group.NEIGHBOUR),
                event -> {
                  if (event instanceof NetlinkEvent.Present(Neighbour neighbour)
                      && NEW.equals(neighbour.mac())) {
                    (neighbour.address().equals(ipv4) ? moved4 : moved6).countDown();
                  }
                })) {
      List<Announcement> both = List.of(new Announcement(ipv4, NEW), new Announcement(ipv6, NEW));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      do { // a device drops what it is to send until the kernel has noticed that it is up
        Announcement.send(near, link, both);
      } while ((!moved4.await(100, TimeUnit.MILLISECONDS)
              || !moved6.await(100, TimeUnit.MILLISECONDS))
          && System.nanoTime() < end);
      assertThat(moved4.getCount() + moved6.getCount()).isZero();
      assertThat(monitor).isNotNull();
    }
    assertThat(farNetlink.neighbours())
        .filteredOn(neighbour -> List.of(ipv4, ipv6).contains(neighbour.address()))
        .extracting(Neighbour::mac)
        .containsExactly(NEW, NEW);
  }
}
