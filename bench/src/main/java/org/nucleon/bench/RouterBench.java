package org.nucleon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.nucleon.host.namespace.NetworkNamespace;
import org.nucleon.host.netlink.Netlink;
import org.nucleon.host.nftables.Family;
import org.nucleon.host.nftables.Nftables;

/** How long a router takes from the API to packets. */
final class RouterBench {

  private static final int WARM_UP = 10;
  private static final int TIMES = 30;
  private static final long PAUSE_NANOSECONDS = 500_000;
  private static final long PATIENCE_NANOSECONDS = 30_000_000_000L;

  private final BenchHost bench;
  private final String external;
  private final String subnet;

  /** A router's first network, on a host that has other ports. */
  RouterBench(BenchHost bench) throws IOException {
    this.bench = bench;
    external = bench.cloud().externalNetwork();
    String inner = bench.api().create("network", Map.of("name", "behind")).get("id").asString();
    subnet = bench.cloud().subnet(inner, "192.168.7.0/24", Map.of("enable_dhcp", false));
    bench.settle();
  }

  /** Measures and reports. */
  void run() throws IOException {
    Figures warm = Figures.of("warming up");
    for (int i = 0; i < WARM_UP; i++) {
      once(warm);
    }
    Figures figures =
        Figures.of("router: add_router_interface answered to addresses, default route, NAT, flows");
    for (int i = 0; i < TIMES; i++) {
      once(figures);
    }
    figures.print();
  }

  private void once(Figures figures) throws IOException {
    String router =
        bench
            .api()
            .create("router", Map.of("external_gateway_info", Map.of("network_id", external)))
            .get("id")
            .asString();
    bench.settle();
    Map<String, String> body = Map.of("subnet_id", subnet);
    String port =
        bench
            .api()
            .action("router", router, "add_router_interface", body)
            .get("port_id")
            .asString();
    long answered = System.nanoTime();
    long routed = awaitRouted("qrouter-" + router);
    long confirmed = bench.flows().await(HostBench.of(port), 1);
    figures.add(answered, Math.max(routed, confirmed));
    bench.settle();
    bench.api().action("router", router, "remove_router_interface", body);
    bench.api().delete("router", router);
    bench.settle();
  }

  /** Looks into the namespace again and again: nothing tells of it before it is there. */
  private long awaitRouted(String namespace) throws IOException {
    Path theirs = Path.of("/proc/" + bench.host().machine().pid() + "/root/run/netns", namespace);
    Path ours = Path.of("/run/netns", namespace);
    Files.createSymbolicLink(ours, theirs);
    try {
      long end = System.nanoTime() + PATIENCE_NANOSECONDS;
      while (System.nanoTime() < end) {
        if (Files.exists(theirs) && isRouted(namespace)) {
          return System.nanoTime();
        }
        LockSupport.parkNanos(PAUSE_NANOSECONDS);
      }
      throw new IOException(namespace + " does not route");
    } finally {
      Files.delete(ours);
    }
  }

  private static boolean isRouted(String name) {
    try (NetworkNamespace namespace = NetworkNamespace.open(name);
        Netlink netlink = Netlink.open(namespace)) {
      long addresses =
          netlink.addresses().stream()
              .filter(address -> address.prefix().address().getAddress().length == 4)
              .filter(address -> !address.prefix().address().isLoopbackAddress())
              .count();
      if (addresses < 2
          || netlink.routes().stream().noneMatch(route -> route.destination().length() == 0)) {
        return false;
      }
      try (Nftables nftables = Nftables.open(namespace)) {
        return nftables.listJson(Family.IP, "nucleon").isPresent();
      }
    } catch (IOException _) {
      return false; // Being made.
    }
  }
}
