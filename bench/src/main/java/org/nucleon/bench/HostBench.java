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
   * host), {@code router}, {@code many} (ports, with 1,000), {@code groups}, {@code idle}, {@code
   * restart}.
   *
   * @throws Exception if something does not come about within a minute
   */
  public static void main(String[] arguments) throws Exception {
    Set<String> wanted =
        arguments.length == 0
            ? Set.of("ports", "router", "many", "groups", "idle", "restart")
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
    if (wanted.contains("groups") || wanted.contains("idle")) {
      on(bench -> {
        if (wanted.contains("groups")) {
          groups(bench);
        }
        if (wanted.contains("idle")) {
          idle(bench);
        }
      });
    }
    if (wanted.contains("restart")) {
      on(HostBench::restart);
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
  }

  /** Adds and removes a flow in a table that nothing leads to; when the first was confirmed. */
  private static long flow(BenchHost bench) throws IOException {
    Flow flow = new Flow(250, 1, Match.any(), List.of(), 1);
    bench.flows().connection().apply(new FlowChange(List.of(flow), List.of(), List.of()));
    long confirmed = System.nanoTime();
    bench.flows().connection().apply(new FlowChange(List.of(), List.of(), List.of(flow)));
    return confirmed;
  }

  private static void groups(BenchHost bench) throws IOException {
    String group = bench.api().create("security_group", Map.of("name", "g")).get("id").asString();
    bench.fill(100, Map.of("security_groups", List.of(group)));
    Figures rules = Figures.of("group of 100 ports here: rule answered to enforced on all");
    for (int i = 0; i < TIMES; i++) {
      String rule =
          bench
              .api()
              .create(
                  "security_group_rule",
                  Map.of(
                      "security_group_id",
                      group,
                      "direction",
                      "ingress",
                      "protocol",
                      "tcp",
                      "port_range_min",
                      1000 + i,
                      "port_range_max",
                      1000 + i))
              .get("id")
              .asString();
      long answered = System.nanoTime();
      rules.add(answered, bench.flows().await(_ -> true, 100));
      bench.settle();
      bench.api().delete("security_group_rule", rule);
      bench.settle();
    }
    rules.print();
    bench
        .api()
        .create(
            "security_group_rule",
            Map.of("security_group_id", group, "direction", "ingress", "remote_group_id", group));
    bench.settle();
    Figures members = Figures.of("remote group of 100 ports here: member answered to let in");
    for (int i = 0; i < TIMES; i++) {
      String member = bench.port(bench.network(), false, Map.of("security_groups", List.of(group)));
      members.add(System.nanoTime(), bench.flows().await(of(group), 1));
      bench.settle();
      bench.api().delete("port", member);
      bench.settle();
    }
    members.print();
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

  private static void restart(BenchHost bench) throws IOException {
    bench.fill(500, Map.of());
    for (int i = 0; i < 3; i++) {
      bench.cloud().agent(bench.host()).terminate();
      bench.flows().forget();
      long start = System.nanoTime();
      bench.cloud().startAgent(bench.host());
      String difference = bench.cloud().difference(bench.host());
      while (difference.isEmpty()) { // The agent does not answer yet.
        difference = bench.cloud().difference(bench.host());
      }
      long end = System.nanoTime();
      ProcessCost cost = ProcessCost.of(bench.agent());
      long asked = System.nanoTime();
      bench.cloud().difference(bench.host());
      System.out.printf(
          Locale.ROOT,
          "restart with 500 ports: %.1f s from exec to the answer \"%s\", %d ms of CPU,"
              + " resident %d MB, %d flows changed; agent diff again %.0f ms%n",
          (end - start) / 1e9,
          difference.lines().findFirst().orElse("").strip(),
          cost.cpuMilliseconds(),
          cost.megabytes(),
          bench.flows().count(),
          (System.nanoTime() - asked) / 1e6);
    }
  }
}
