package org.nucleon.host.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;

@Tag("lab")
class NftMonitorTest {
  @Test
  void ownChangesAreToldFromThoseOfOthers() throws Exception {
    BlockingQueue<NftEvent> events = new LinkedBlockingQueue<>();
    NftTable table =
        new NftTable(
            Family.IP,
            "mine",
            List.of(new NftChain("c", null, List.of(NftRule.of(new Expression.Counter())))),
            List.of());
    try (NetworkNamespace namespace = NetworkNamespace.create("nfm-a");
        Nftables nftables = Nftables.open(namespace);
        Nftables another = Nftables.open(namespace);
        EventLoop loop = EventLoop.start();
        NftMonitor monitor = NftMonitor.watch(loop, namespace, events::add)) {
      assertThat(nftables.port()).isNotZero().isNotEqualTo(another.port());

      nftables.apply(table);
      assertThat(events.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new NftEvent.TableChanged(Family.IP, "mine", nftables.port()));
      another.run("add rule ip mine c accept");
      assertThat(events.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new NftEvent.TableChanged(Family.IP, "mine", another.port()));

      Process nft =
          namespace.start(new ProcessBuilder("nft", "add table ip theirs; flush table ip mine"));
      assertThat(nft.waitFor()).isZero();
      NftEvent first = events.poll(10, TimeUnit.SECONDS);
      NftEvent second = events.poll(10, TimeUnit.SECONDS);
      assertThat(List.of(first, second))
          .allSatisfy(event ->
              assertThat(((NftEvent.TableChanged) event).port())
                  .isNotIn(nftables.port(), another.port()))
          .extracting(event -> ((NftEvent.TableChanged) event).name())
          .containsExactlyInAnyOrder("theirs", "mine");
      assertThat(nftables.apply(table)).isPresent();
      assertThat(events.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new NftEvent.TableChanged(Family.IP, "mine", nftables.port()));
      assertThat(monitor).isNotNull();
    } finally {
      NetworkNamespace.delete("nfm-a");
    }
  }
}
