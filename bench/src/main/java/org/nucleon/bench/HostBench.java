package org.nucleon.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.nucleon.host.openflow.Flow;
import org.nucleon.host.openflow.FlowChange;
import org.nucleon.host.openflow.Match;

/**
 * How long a host takes to follow the API, seen from outside: by a flow monitor of its switch, in
 * its routers' namespaces, and in the API. Runs under {@code lab/namespaced/enter}.
 */
public final class HostBench {

  private static final int WARM_UP = 20;
  private static final int TIMES = 30;

  private HostBench() {}

  /**
   * Runs what the arguments name, everything if there are none: {@code ports} (with 10 on the
   * host), {@code router}, {@code many} (ports, with 1,000), {@code groups} (of 10, 100 and 1,000
   * ports), {@code idle}, {@code sync} (with 500 and 2,000 ports), {@code dhcp} (with 10 and 1,000
   * ports on a network), {@code firewall} (both drivers).
   *
   * @throws Exception if something does not come about within a minute
   */
  public static void main(String[] arguments) throws Exception {
    Set<String> wanted =
        arguments.length == 0
            ? Set.of("ports", "router", "many", "groups", "idle", "sync", "dhcp", "firewall")
            : Set.of(arguments);
    if (wanted.contains("ports") || wanted.contains("router")) {
      on(bench -> {
        bench.fill(10, Map.of());
        if (wanted.contains("ports")) {
          ports(bench, WARM_UP, "warming up: ");
          ports(bench, TIMES, "10 ports: ");
        }
        if (wanted.contains("router")) {
          new RouterBench(bench).run();
        }
      });
    }
    if (wanted.contains("many")) {
      on(bench -> {
        bench.fill(1_000, Map.of());
        ports(bench, WARM_UP, "warming up: ");
        ports(bench, TIMES, "1,000 ports: ");
      });
    }
    if (wanted.contains("groups")) {
      on(bench -> new GroupBench(bench).run());
    }
    if (wanted.contains("idle")) {
      on(HostBench::idle);
    }
    if (wanted.contains("sync")) {
      on(bench -> new SyncBench(bench).run());
    }
    if (wanted.contains("dhcp")) {
      on(bench -> new DhcpBench(bench).run());
    }
    if (wanted.contains("firewall")) {
      new FirewallBench("openvswitch").run();
      new FirewallBench("iptables_hybrid").run();
    }
  }

  @FunctionalInterface
  private interface Measurement {
    void on(BenchHost bench) throws Exception;
  }

  /** Measures on a host of its own; if that fails, what its agent said is told. */
  private static void on(Measurement measurement) throws Exception {
    try (BenchHost bench = new BenchHost()) {
      try {
        measurement.on(bench);
      } catch (Exception e) {
        System.err.println(bench.cloud().agent(bench.host()).tail(40));
        System.err.println(bench.cloud().difference(bench.host()));
        throw e;
      }
    }
  }

  /** Of a resource's flows; the cookie has the first 48 bits of its id below a mark of 16. */
  static Predicate<Flow> of(String id) {
    long cookie = UUID.fromString(id).getMostSignificantBits() >>> 16;
    return flow -> (flow.cookie() & 0xffff_ffff_ffffL) == cookie;
  }

  private static void ports(BenchHost bench, int times, String what) throws IOException {
    Figures bound = Figures.of(what + "device there, binding answered to flows confirmed");
    Figures active = Figures.of(what + "device there, binding answered to ACTIVE");
    Figures plugged = Figures.of(what + "port bound, iface-id written to flows confirmed");
    Figures flowFloor = Figures.of(what + "(one flow and barrier alone)");
    Figures writeFloor = Figures.of(what + "(iface-id written, one flow and barrier)");
    Figures addFloor = Figures.of(what + "(add-port of a dummy alone, carried out)");
    HostCost before = HostCost.of(bench);
    for (int i = 0; i < times; i++) {
      String device = "m" + i % 2;
      String first = bench.port(bench.network(), false, Map.of());
      var add = bench.edit();
      BenchHost.device(add, device, first);
      long start = System.nanoTime();
      add.applyAndWait(bench.database());
      addFloor.add(start, System.nanoTime());
      bench.settle();
      bench.api().update("port", first, Map.of("binding:host_id", bench.host().name()));
      long answered = System.nanoTime();
      bound.add(answered, bench.flows().await(of(first), 1));
      bench.cloud().awaitStatus("port", first, "ACTIVE");
      active.add(answered, System.nanoTime());
      bench.api().delete("port", first);
      bench.settle();

      String second = bench.port(bench.network(), true, Map.of());
      bench.settle();
      var write = bench.edit();
      BenchHost.device(write, device, second);
      write.apply(bench.database());
      long written = System.nanoTime();
      plugged.add(written, bench.flows().await(of(second), 1));
      bench.api().delete("port", second);
      bench.settle();

      flowFloor.add(System.nanoTime(), flow(bench));
      var other = bench.edit();
      BenchHost.device(other, device, UUID.randomUUID().toString());
      other.apply(bench.database());
      writeFloor.add(System.nanoTime(), flow(bench));
      bench.edit().deletePort(device).applyAndWait(bench.database());
      bench.settle();
    }
    List.of(bound, active, plugged, flowFloor, writeFloor, addFloor).forEach(Figures::print);
    HostCost.of(bench).since(before).print(what + "each round of these", times);
  }

  /** Adds and removes a flow in a table that nothing leads to; when the first was confirmed. */
  private static long flow(BenchHost bench) throws IOException {
    Flow flow = new Flow(250, 1, Match.any(), List.of(), 1);
    bench.flows().connection().apply(new FlowChange(List.of(flow), List.of(), List.of()));
    long confirmed = System.nanoTime();
    bench.flows().connection().apply(new FlowChange(List.of(), List.of(), List.of(flow)));
    return confirmed;
  }

  /** In the second minute after a change: in the first, code of its signs of life is compiled. */
  private static void idle(BenchHost bench) throws Exception {
    bench.fill(100, Map.of());
    TimeUnit.SECONDS.sleep(Integer.getInteger("nucleon.bench.rest", 60));
    ProcessCost before = ProcessCost.of(bench.agent());
    TimeUnit.SECONDS.sleep(60);
    ProcessCost after = ProcessCost.of(bench.agent());
    System.out.printf(
        Locale.ROOT,
        "idle with 100 ports: %d ms of CPU in 60 s (%.2f %% of a core), resident %d MB%n",
        after.cpuMilliseconds() - before.cpuMilliseconds(),
        (after.cpuMilliseconds() - before.cpuMilliseconds()) / 600.0,
        after.megabytes());
  }
}
