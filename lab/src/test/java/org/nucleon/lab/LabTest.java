package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lab's own words mean what they say, with no line of Nucleon's in play. */
@Tag("lab")
@LabScenario
final class LabTest {
  private static final String PORT_A = "aaaaaaaa-0000-4000-8000-000000000001";
  private static final String PORT_B = "bbbbbbbb-0000-4000-8000-000000000002";

  @Test
  void hostsReachEachOtherOnBothNetworks(Lab lab) {
    LabHost one = lab.host("h1");
    LabHost two = lab.host("h2");

    assertThat(one.machine().attempt("ping", "-c1", "-W2", two.managementAddress()).status())
        .isZero();
    assertThat(one.machine().attempt("ping", "-c1", "-W2", two.tunnelAddress()).status()).isZero();
    assertThat(one.machine().exec("hostname")).isEqualTo("h1");
    assertThat(one.ovs().bridges()).isEqualTo(List.of("br-phys"));
    assertThat(two.ovs().vsctl("get", "Open_vSwitch", ".", "external_ids:system-id"))
        .contains("h2");
  }

  @Test
  void guestsMeetOverTunnelMadeByHand(Lab lab) {
    LabHost one = lab.host("h1");
    LabHost two = lab.host("h2");
    Guest a = one.guest("a").plug(PORT_A, "fa:16:3e:00:00:0a");
    Guest b = two.guest("b").plug(PORT_B, "fa:16:3e:00:00:0b");
    a.address("10.0.0.1/24");
    b.address("10.0.0.2/24");
    assertThat(a.ping("10.0.0.2")).as("before there is a tunnel").isFalse();

    tunnel(one, two);
    tunnel(two, one);

    // The switch drops what it would tunnel until it has found the other end's MAC address.
    Eventually.within(
        Duration.ofSeconds(10), "the tunnel carries a ping", () -> a.ping("10.0.0.2"));
    assertThat(a.pingOfSize("10.0.0.2", 1450)).isTrue();
    assertThat(one.ovs().vsctl("get", "Interface", a.tap(), "external_ids:iface-id"))
        .contains(PORT_A);

    assertThat(a.tcp("10.0.0.2", 5000)).isEqualTo(Endpoint.Tcp.REFUSED);
    assertThat(a.udp("10.0.0.2", 5000)).isEqualTo(Endpoint.Udp.REFUSED);
    b.serve(5000, 80);
    assertThat(a.tcp("10.0.0.2", 5000)).isEqualTo(Endpoint.Tcp.OPEN);
    assertThat(a.udp("10.0.0.2", 5000)).isEqualTo(Endpoint.Udp.ANSWERED);
    assertThat(a.addressSeenBy("10.0.0.2", 80)).isEqualTo("10.0.0.1");
    try (Conversation talk = a.talk("10.0.0.2", 5000)) {
      assertThat(talk.say("one")).isEqualTo("one");
      two.ovs().ofctl("add-flow", "br-int", "priority=100,tcp,actions=drop");
      assertThat(a.tcp("10.0.0.2", 5000)).isEqualTo(Endpoint.Tcp.FILTERED);
      two.ovs().ofctl("--strict", "del-flows", "br-int", "priority=100,tcp");
      assertThat(talk.say("two")).isEqualTo("two");
    }
    b.unplug();
    assertThat(two.ovs().vsctl("list-ports", "br-int")).isEqualTo("vx");
  }

  @Test
  void continuousPingCountsWhatWasLost(Lab lab) {
    LabHost host = lab.host("h1");
    Guest a = host.guest("a").plug(PORT_A, "fa:16:3e:00:00:0a");
    Guest b = host.guest("b").plug(PORT_B, "fa:16:3e:00:00:0b");
    a.address("10.0.0.1/24");
    b.address("10.0.0.2/24");

    assertThat(a.pings("10.0.0.2").stopAndListLost()).isEmpty();

    ContinuousPing pings = a.pings("10.0.0.2");
    host.ovs().ofctl("add-flow", "br-int", "priority=100,icmp,actions=drop");
    awaitSilence(a, pings);
    host.ovs().ofctl("--strict", "del-flows", "br-int", "priority=100,icmp");
    assertThat(pings.stopAndListLost()).hasSizeGreaterThanOrEqualTo(3);
  }

  /**
   * Waits until several requests have gone out since the last answer. The switch's own count would
   * not tell: it counts for a new flow what passed shortly before.
   */
  private static void awaitSilence(Guest guest, ContinuousPing pings) {
    AtomicInteger answered = new AtomicInteger(-1);
    AtomicLong sentByThen = new AtomicLong();
    Eventually.within(
        Duration.ofSeconds(5),
        "requests that nobody answers",
        () -> {
          long sent = sent(guest);
          int now = pings.answered();
          if (answered.getAndSet(now) != now) {
            sentByThen.set(sent(guest));
            return 0L;
          }
          return sent - sentByThen.get();
        },
        unanswered -> unanswered >= 8);
  }

  private static long sent(Guest guest) {
    String file = "/sys/class/net/" + Guest.DEVICE + "/statistics/tx_packets";
    return Long.parseLong(guest.machine().exec("cat", file).strip());
  }

  @Test
  void guestsSendAndHearAnyFrame(Lab lab) {
    LabHost host = lab.host("h1");
    Guest a = host.guest("a").plug(PORT_A, "fa:16:3e:00:00:0a");
    Guest b = host.guest("b").plug(PORT_B, "fa:16:3e:00:00:0b");
    String foreign = "fa:16:3e:00:00:0f";
    List<Frame> frames =
        List.of(
            Frame.arpRequest(foreign, "10.0.0.9", "10.0.0.2"),
            Frame.arpReply(foreign, "10.0.0.9", "fa:16:3e:00:00:0b", "10.0.0.2"),
            Frame.text(foreign, "fa:16:3e:00:00:0b", "10.0.0.9", "10.0.0.2", 9, "spoofed"),
            Frame.dhcpOffer(foreign, "10.0.0.9", "fa:16:3e:00:00:0b", "10.0.0.66"),
            Frame.routerAdvertisement(foreign, "fe80::f", "2001:db8:1::"));

    try (Capture capture = b.capture(Guest.DEVICE)) {
      frames.forEach(frame -> a.send(Guest.DEVICE, frame));
      capture.await(Duration.ofSeconds(5), "the advertisement", frames.getLast()::equals);
      assertThat(capture.frames()).containsSubsequence(frames);
      assertThat(capture.heard(frame -> frame.carries("spoofed"))).isTrue();
    }
    Eventually.within(
        Duration.ofSeconds(5),
        "the guest's kernel takes the advertised prefix",
        () -> b.machine().exec("ip", "-6", "addr", "show", "dev", Guest.DEVICE),
        shown -> shown.contains("2001:db8:1:"));
  }

  @Test
  void guestTakesLeaseFromDnsmasq(Lab lab) {
    LabHost host = lab.host("h1");
    Guest a = host.guest("a").plug(PORT_A, "fa:16:3e:00:00:0a");
    Guest b = host.guest("b").plug(PORT_B, "fa:16:3e:00:00:0b");
    assertThat(a.dhcpAnswers()).isFalse();
    b.address("10.0.0.2/24");
    Daemon dnsmasq =
        b.machine()
            .start(
                "dnsmasq",
                "dnsmasq",
                "-k",
                "--conf-file=/dev/null",
                "--log-facility=-",
                "--log-dhcp",
                "--no-ping",
                "--dhcp-leasefile=/run/leases",
                "--dhcp-range=10.0.0.50,10.0.0.50,255.255.255.0,3600",
                "--dhcp-option=option:router,10.0.0.2",
                "--dhcp-option=option:mtu,1450",
                "--dhcp-option=option:classless-static-route,169.254.169.254/32,10.0.0.3,0.0.0.0/0,10.0.0.2");
    dnsmasq.await(Pattern.compile("DHCP, IP range"), Duration.ofSeconds(10));

    Lease lease = a.dhcp();

    assertThat(lease.address()).isEqualTo("10.0.0.50");
    assertThat(lease.prefixLength()).isEqualTo(24);
    assertThat(lease.mtu()).isEqualTo("1450");
    assertThat(lease.server()).isEqualTo("10.0.0.2");
    assertThat(a.machine().exec("ip", "route"))
        .contains("default via 10.0.0.2", "169.254.169.254 via 10.0.0.3");
    assertThat(a.machine().exec("ip", "link", "show", Guest.DEVICE)).contains("mtu 1450");
    assertThat(a.machine().exec("cat", "/etc/resolv.conf")).isEqualTo("nameserver 10.0.0.2");
    assertThat(b.machine().exec("cat", "/etc/resolv.conf")).isNotEqualTo("nameserver 10.0.0.2");
    assertThat(a.ping("10.0.0.2")).isTrue();
    a.dhcpRelease();
    dnsmasq.await(Pattern.compile("DHCPRELEASE"), Duration.ofSeconds(10));
  }

  @Test
  void programStartedAgainIsNotKnownByItsFormerWords(Lab lab) {
    Machine machine = lab.host("h1").machine();
    Pattern ready = Pattern.compile("ready (\\w+)");
    Daemon first = machine.start("again", "sh", "-c", "echo ready one; sleep 1000");
    assertThat(first.await(ready, Duration.ofSeconds(10)).group(1)).isEqualTo("one");
    first.kill();

    Daemon second = machine.start("again", "sh", "-c", "echo ready two; sleep 1000");

    assertThat(second.await(ready, Duration.ofSeconds(10)).group(1)).isEqualTo("two");
    assertThat(second.log()).contains("one", "two");
  }

  @Test
  void internetAnswersOnExternalNetwork(Lab lab) {
    LabHost host = lab.hostWithExternal("h1");
    host.machine()
        .script(
            "ip addr add 203.0.113.7/24 dev br-ex\nip link set br-ex up\nip route add default via 203.0.113.1");

    assertThat(host.machine().attempt("ping", "-c1", "-W2", Internet.SERVER).status()).isZero();
    assertThat(lab.internet().server().ping("203.0.113.7")).isTrue();
    assertThat(lab.internet().server().tcp("203.0.113.7", 22)).isEqualTo(Endpoint.Tcp.REFUSED);
  }

  @Test
  void servicesOnLoopbackAreReached(Lab lab) {
    LabHost host = lab.host("h1");
    int port = host.machine().reach(8080);
    host.machine().script("mkdir /run/www\necho hello >/run/www/index.html");
    host.machine()
        .start("httpd", "busybox", "httpd", "-f", "-p", "127.0.0.1:8080", "-h", "/run/www");
    URI page = URI.create("http://127.0.0.1:" + port + "/index.html");

    String text =
        Eventually.within(
            Duration.ofSeconds(5), "the page", () -> read(page), body -> !body.isEmpty());

    assertThat(text).isEqualTo("hello\n");
  }

  @Test
  void switchComesBackAfterKill(Lab lab) {
    LabHost one = lab.host("h1");
    LabHost two = lab.host("h2");

    one.ovs().killForwarder();
    one.ovs().restartForwarder();

    assertThat(two.machine().attempt("ping", "-c1", "-W2", one.tunnelAddress()).status()).isZero();
  }

  private static String read(URI page) {
    try (InputStream body = page.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tunnel(LabHost from, LabHost to) {
    from.ovs()
        .vsctl(
            "add-port",
            "br-int",
            "vx",
            "--",
            "set",
            "Interface",
            "vx",
            "type=vxlan",
            "options:local_ip=" + from.tunnelAddress(),
            "options:remote_ip=" + to.tunnelAddress(),
            "options:key=100");
  }
}
