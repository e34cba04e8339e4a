package org.nucleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.agent.Credential;
import org.nucleon.agent.HttpsLink;
import org.nucleon.core.Caller;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.network.api.Binding;
import org.nucleon.network.api.NetworkFeature;
import org.nucleon.network.api.Networks;
import org.nucleon.network.api.Ports;
import org.nucleon.network.server.NetworkServer;
import org.nucleon.server.Features;
import org.nucleon.server.NucleonServer;
import org.nucleon.server.config.IniConfiguration;
import org.nucleon.server.plugin.Plugins;
import org.nucleon.server.watch.Enrollment;
import org.nucleon.store.SqliteStore;

/** However often the wire breaks while things change, a host ends up with what concerns it. */
@Timeout(120)
final class BrokenWireTest {

  private static final String HOST = "h1";
  private static final int STEPS = 400;

  @TempDir Path folder;
  private final Features features =
      Features.of(List.of(new NetworkFeature()), List.of(new NetworkServer()));
  private final Catalog catalog = features.catalog();
  private final Map<UUID, Resource> mirror = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean ended;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingIsLost(long seed) throws Exception {
    try (NucleonServer server =
        new NucleonServer(
            features,
            Plugins.none(),
            new IniConfiguration(),
            SqliteStore.open(folder.resolve("state")),
            false)) {
      Enrollment enrollment = new Enrollment(folder.resolve("enrolled"));
      AgentCertificate certificate = AgentCertificate.of(folder.resolve("keys"));
      InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      int port = server.serveAgents(anywhere, certificate.tls(), enrollment);
      String token = enrollment.enroll(HOST);
      try (CuttingProxy wire = new CuttingProxy(port)) {
        HttpsLink link =
            new HttpsLink(
                catalog, credential(wire.port(), token, certificate), Configuration.defaults());
        Thread watching = Thread.ofVirtual().start(() -> watch(link));
        change(server, wire, new Random(seed));
        HttpsLink direct =
            new HttpsLink(catalog, credential(port, token, certificate), Configuration.defaults());
        Map<UUID, Long> asked = snapshot(direct);
        assertThat(asked).isNotEmpty();
        while (!numbers().equals(asked)) { // the test's time is the limit
          Thread.onSpinWait();
        }
        assertThat(connections.get()).as("the wire did break").isGreaterThan(10);
        ended = true;
        link.disconnect();
        watching.join();
      }
    }
  }

  private Credential credential(int port, String token, AgentCertificate certificate)
      throws Exception {
    return new Credential(URI.create("https://127.0.0.1:" + port), HOST, token, certificate.pem());
  }

  private void watch(HttpsLink link) {
    while (!ended) {
      connections.incrementAndGet();
      try {
        link.watch(List.of(), List.copyOf(mirror.values()), this::apply);
      } catch (IOException e) {
        // cut: once more, with what is there
      }
    }
  }

  private void apply(HostUpdate update) {
    update.put().forEach(resource -> mirror.put(resource.id(), resource));
    update.forgotten().forEach(gone -> mirror.remove(gone.id()));
  }

  private Map<UUID, Long> numbers() {
    Map<UUID, Long> numbers = new HashMap<>();
    mirror.forEach((id, resource) -> numbers.put(id, resource.number()));
    return numbers;
  }

  private static Map<UUID, Long> snapshot(HttpsLink link) throws Exception {
    BlockingQueue<HostUpdate> first = new ArrayBlockingQueue<>(16);
    Thread.ofVirtual()
        .start(() -> {
          try {
            link.watch(List.of(), List.of(), first::offer);
          } catch (IOException e) {
            // disconnected below
          }
        });
    Map<UUID, Long> numbers = new HashMap<>();
    first.take().put().forEach(resource -> numbers.put(resource.id(), resource.number()));
    link.disconnect();
    return numbers;
  }

  private static void change(NucleonServer server, CuttingProxy wire, Random random) {
    Resource network =
        server.engine().write(Caller.SYSTEM, tx -> tx.create(tx.draft(Networks.NETWORK, "p")));
    List<Resource> ports = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int what = random.nextInt(10);
      if (what < 5 || ports.isEmpty()) {
        ports.add(
            server
                .engine()
                .write(
                    Caller.SYSTEM,
                    tx ->
                        tx.create(
                            tx.draft(Ports.PORT, "p")
                                .set(Ports.NETWORK_ID, network.id())
                                .set(Binding.HOST_ID, HOST)
                                .set(Binding.VIF_TYPE, "ovs")
                                .set(Ports.FIXED_IPS, List.of()))));
      } else {
        Resource port = ports.get(random.nextInt(ports.size()));
        String host = what < 8 ? HOST : "elsewhere";
        String name = "n" + step;
        if (what == 9) {
          ports.remove(port);
          server.engine().write(Caller.SYSTEM, tx -> delete(tx, port));
        } else {
          server
              .engine()
              .write(
                  Caller.SYSTEM,
                  tx ->
                      tx.update(
                          tx.get(Ports.PORT, port.id()),
                          draft -> draft.set(Binding.HOST_ID, host).set(Ports.NAME, name)));
        }
      }
      if (random.nextInt(12) == 0) {
        wire.cut();
      }
    }
  }

  private static boolean delete(org.nucleon.core.transaction.Transaction tx, Resource port) {
    tx.delete(tx.get(Ports.PORT, port.id()));
    return true;
  }
}
