package org.nucleon.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long a host takes until all is as planned again, after its agent or its switch was away. */
record SyncBench(BenchHost bench) {

  private static final int TIMES = 3;

  /** Measures with 500 and with 2,000 ports. */
  void run() throws IOException {
    for (int ports : List.of(500, 2_000)) {
      int before = bench.flowCount();
      int already = bench.ports();
      bench.fill(ports, Map.of());
      System.out.printf(
          Locale.ROOT,
          "%,d ports: %,d flows on br-int, %.1f for each port more%n",
          ports,
          bench.flowCount(),
          (double) (bench.flowCount() - before) / (ports - already));
      warm(ports);
      cold(ports);
    }
  }

  /** The agent is started again; the switch has gone on. */
  private void warm(int ports) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      bench.cloud().agent(bench.host()).terminate();
      bench.flows().forget();
      long start = System.nanoTime();
      bench.cloud().startAgent(bench.host());
      String difference = difference();
      long end = System.nanoTime();
      ProcessCost cost = ProcessCost.of(bench.agent());
      long asked = System.nanoTime();
      bench.cloud().difference(bench.host());
      System.out.printf(
          Locale.ROOT,
          "%,d ports, agent started again: %.1f s from exec to the answer \"%s\", %d ms of CPU,"
              + " resident %d MB, %d flows changed; agent diff again %.0f ms%n",
          ports,
          (end - start) / 1e9,
          difference,
          cost.cpuMilliseconds(),
          cost.megabytes(),
          bench.flows().count(),
          (System.nanoTime() - asked) / 1e6);
    }
  }

  /** The switch is started again, without flows; the agent has gone on. */
  private void cold(int ports) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      int flows = bench.flowCount();
      long agentBefore = ProcessCost.of(bench.agent()).cpuMilliseconds();
      long start = System.nanoTime();
      bench.restartForwarder();
      long bridges = System.nanoTime();
      while (bench.flowCount() < flows) {
        Thread.onSpinWait();
      }
      long end = System.nanoTime();
      String difference = difference();
      System.out.printf(
          Locale.ROOT,
          "%,d ports, switch started again: all %,d flows back %.2f s after its kill, %.2f s after its"
              + " ports were; %d ms of the agent's CPU; then \"%s\"%n",
          ports,
          flows,
          (end - start) / 1e9,
          (end - bridges) / 1e9,
          ProcessCost.of(bench.agent()).cpuMilliseconds() - agentBefore,
          difference);
    }
  }

  /** What the agent says once it answers. */
  private String difference() {
    String difference = bench.cloud().difference(bench.host());
    while (difference.isEmpty()) {
      difference = bench.cloud().difference(bench.host());
    }
    return difference.lines().findFirst().orElse("").strip();
  }
}
