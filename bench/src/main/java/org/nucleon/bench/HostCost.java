package org.nucleon.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * What a host's share of the work has cost so far, in milliseconds of processor time.
 *
 * @param agent the agent's
 * @param forwarder that of ovs-vswitchd
 * @param database that of ovsdb-server
 */
record HostCost(long agent, long forwarder, long database) {

  /** So far. */
  static HostCost of(BenchHost bench) throws IOException {
    return new HostCost(
        ProcessCost.of(bench.agent()).cpuMilliseconds(),
        ProcessCost.of(bench.forwarder()).cpuMilliseconds(),
        ProcessCost.of(bench.databaseServer()).cpuMilliseconds());
  }

  /** What came upon an earlier one. */
  HostCost since(HostCost before) {
    return new HostCost(
        agent - before.agent, forwarder - before.forwarder, database - before.database);
  }

  /** Reports the share of each of so many times. */
  void print(String what, int times) {
    System.out.printf(
        Locale.ROOT,
        "%s: processor time of agent %.1f, ovs-vswitchd %.1f, ovsdb-server %.1f ms%n",
        what,
        (double) agent / times,
        (double) forwarder / times,
        (double) database / times);
  }
}
