package org.nucleon.host.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.conntrack.Conntrack;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.nftables.NftEvent;
import org.nucleon.host.nftables.NftMonitor;

@Tag("lab")
final class IptablesTest {

  @Test
  void changesAreWholeAndLeaveTheRestAlone() throws IOException {
    try (NetworkNamespace namespace = NetworkNamespace.create("ipt-a")) {
      Iptables iptables = Iptables.in(namespace);
      iptables.restore(
          Ip.V4, "*filter\n:theirs - [0:0]\n-A theirs -j DROP\n-A FORWARD -j theirs\nCOMMIT\n");
      iptables.restore(Ip.V4, "*filter\n:ours - [0:0]\n-A ours -j ACCEPT\nCOMMIT\n");
      assertThat(iptables.save(Ip.V4).get("filter"))
          .containsEntry("theirs", List.of(Rule.of("-j DROP")))
          .containsEntry("ours", List.of(Rule.of("-j ACCEPT")))
          .containsEntry("FORWARD", List.of(Rule.of("-j theirs")));

      assertThatThrownBy(() ->
              iptables.restore(
                  Ip.V4, "*filter\n:ours - [0:0]\n-A ours -j DROP\n-A ours -j nobody\nCOMMIT\n"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("iptables-restore");
      assertThat(iptables.save(Ip.V4).get("filter"))
          .containsEntry("ours", List.of(Rule.of("-j ACCEPT")));
      assertThat(iptables.save(Ip.V6).getOrDefault("filter", Map.of())).doesNotContainKey("ours");
    }
    NetworkNamespace.delete("ipt-a");
  }

  @Test
  void whoChangedThemIsToldByItsProcessId() throws Exception {
    BlockingQueue<NftEvent> events = new LinkedBlockingQueue<>();
    try (NetworkNamespace namespace = NetworkNamespace.create("ipt-b");
        EventLoop loop = EventLoop.start();
        NftMonitor monitor = NftMonitor.watch(loop, namespace, events::add)) {
      assertThat(monitor).isNotNull();
      long port =
          Iptables.in(namespace)
              .restore(Ip.V4, "*filter\n:ours - [0:0]\n-A ours -j ACCEPT\nCOMMIT\n");
      NftEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event)
          .isInstanceOfSatisfying(
              NftEvent.TableChanged.class,
              change -> {
                assertThat(change.name()).isEqualTo("filter");
                assertThat((long) change.port()).isEqualTo(port);
              });
    }
    NetworkNamespace.delete("ipt-b");
  }

  @Test
  void setsAreMadeFilledAndEnded() throws IOException {
    try (NetworkNamespace namespace = NetworkNamespace.create("ipt-c")) {
      IpSets sets = IpSets.in(namespace);
      sets.restore(
          "create a hash:net family inet\nadd a 10.0.0.1\nadd a 10.0.0.1\nadd a 10.1.0.0/16\n");
      assertThat(sets.save().get("a").members()).isEqualTo(Set.of("10.0.0.1", "10.1.0.0/16"));
      sets.restore("del a 10.0.0.1\ndel a 10.0.0.9\n");
      assertThat(sets.save().get("a").members()).isEqualTo(Set.of("10.1.0.0/16"));
      assertThatThrownBy(() -> sets.restore("add nobody 10.0.0.1\n")).hasMessageContaining("ipset");
      sets.restore("destroy a\n");
      assertThat(sets.save()).isEmpty();
    }
    NetworkNamespace.delete("ipt-c");
  }

  /** A connection on loopback in zone 7, and one in none. */
  @Test
  void connectionsOfOneZoneEnd() throws Exception {
    try (NetworkNamespace namespace = NetworkNamespace.create("ipt-d");
        Conntrack conntrack = Conntrack.open(namespace)) {
      run(namespace, "ip", "link", "set", "lo", "up");
      Iptables.in(namespace)
          .restore(Ip.V4, "*raw\n-A OUTPUT -p udp --dport 7 -j CT --zone 7\nCOMMIT\n");
      Iptables.in(namespace)
          .restore(Ip.V6, "*raw\n-A OUTPUT -p udp --dport 7 -j CT --zone 7\nCOMMIT\n");
      for (Ip version : Ip.values()) {
        Iptables.in(namespace)
            .restore(version, "*filter\n-A OUTPUT -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n");
      }
      for (String address : List.of("127.0.0.1", "::1")) {
        for (int port : new int[] {7, 8}) {
          run(
              namespace,
              "python3",
              "-c",
              "import socket;s=socket.socket(socket.AF_INET6 if ':' in '%1$s' else socket.AF_INET,"
                      .formatted(address)
                  + "socket.SOCK_DGRAM);s.sendto(b'x',('%s',%d))".formatted(address, port));
        }
      }
      int others = conntrack.list().size();
      assertThat(conntrack.endZone(7)).isEqualTo(2);
      assertThat(conntrack.endZone(7)).isZero();
      assertThat(conntrack.list()).hasSize(others - 1);
    }
    NetworkNamespace.delete("ipt-d");
  }

  private static void run(NetworkNamespace namespace, String... command) throws Exception {
    Process process = namespace.start(new ProcessBuilder(command).inheritIO());
    assertThat(process.waitFor()).isZero();
  }
}
