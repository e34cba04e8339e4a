package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nucleon.lab.Killer.Victim;
import org.nucleon.lab.Tenant.Placed;

/**
 * Server, agents, ovs-vswitchd and ovsdb-server die at random moments while tenants make, change
 * and remove what is theirs: what was answered holds, everything comes to what was asked, and
 * nothing is left over. {@code -Dlab.seed=N} repeats a run, as far as moments can be repeated.
 */
@Tag("lab")
@LabScenario
final class KillsTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int TENANTS = 2;

  @Test
  void aFewUnderChangesOfTheApi(Lab lab) throws Exception {
    killing(lab, 4, Long.getLong("lab.seed", 20_261_128));
  }

  @Test
  @Tag("soak")
  void manyUnderChangesOfTheApi(Lab lab) throws Exception {
    killing(lab, 40, Long.getLong("lab.seed", System.nanoTime()));
  }

  private static void killing(Lab lab, int kills, long seed) throws Exception {
    System.err.println("seed " + seed);
    // Who is killed again and again may be away for longer than others would wait for it.
    SmallCloud small = new SmallCloud(lab, "agent_down_time = 3600\n");
    small.cloud.unlimited(
        "network",
        "subnet",
        "port",
        "router",
        "floatingip",
        "security_group",
        "security_group_rule");
    List<LabHost> hosts = List.of(small.h1, small.h2);
    hosts.forEach(host -> awaitRight(small.cloud, host));
    List<Inventory> before = hosts.stream().map(Inventory::of).toList();
    Ledger ledger = new Ledger();
    List<Tenant> tenants =
        IntStream.range(1, TENANTS + 1).mapToObj(i -> new Tenant(small, ledger, i, seed)).toList();
    Killer killer = new Killer(small.cloud, hosts, seed);
    AtomicBoolean enough = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(TENANTS)) {
      List<? extends Future<?>> busy =
          tenants.stream().map(tenant -> threads.submit(() -> busy(tenant, enough))).toList();
      try {
        connectionsOutlive(
            lab, small, () -> killer.kill(kills, EnumSet.of(Victim.SERVER, Victim.AGENT)));
        killer.kill(kills, EnumSet.allOf(Victim.class));
      } finally {
        enough.set(true);
      }
      for (Future<?> one : busy) {
        one.get();
      }
    }
    System.err.println(ledger.size() + " resources, killed " + killer);
    ledger.verify(small.cloud.api());
    for (Placed guest : guests(tenants)) {
      small.cloud.awaitStatus("port", guest.port, "ACTIVE");
    }
    hosts.forEach(small.cloud::awaitAlive);
    hosts.forEach(host -> awaitRight(small.cloud, host));
    traffic(lab, small, tenants);

    inParallel(tenants, Tenant::leave);
    ledger.verify(small.cloud.api());
    for (Inventory one : before) {
      Eventually.within(LIMIT, one + " is as before", one::changes, List::isEmpty);
    }
    hosts.forEach(host -> awaitRight(small.cloud, host));
  }

  private static void busy(Tenant tenant, AtomicBoolean enough) {
    while (!enough.get()) {
      tenant.change();
    }
  }

  /** The switch runs on: what passes it does not notice. */
  private static void connectionsOutlive(Lab lab, SmallCloud small, Runnable deaths) {
    List.of(small.a, small.b, small.c).forEach(guest -> guest.serve(7000));
    try (Conversation overlay = small.a.talk(small.cloud.address("b"), 7000);
        Conversation routed = small.a.talk(small.cloud.address("c"), 7000);
        Conversation floating = lab.internet().server().talk(SmallCloud.FLOATING, 7000)) {
      List<Conversation> all = List.of(overlay, routed, floating);
      all.forEach(one -> assertThat(one.say("before")).isEqualTo("before"));
      deaths.run();
      all.forEach(one -> assertThat(one.say("after")).isEqualTo("after"));
    }
  }

  private static void traffic(Lab lab, SmallCloud small, List<Tenant> tenants) {
    reached(small.a, small.cloud.address("b"));
    reached(small.a, small.cloud.address("c"));
    reached(lab.internet().server(), SmallCloud.FLOATING);
    inParallel(
        guests(tenants), one -> assertThat(one.guest.dhcp().address()).isEqualTo(one.address));
    inParallel(tenants, tenant -> probes(lab, tenant, true));
    inParallel(tenants, tenant -> probes(lab, tenant, false));
    tenants.forEach(Tenant::open);
    inParallel(tenants, tenant -> probes(lab, tenant, true));
  }

  /** What passes, or what does not. */
  private static void probes(Lab lab, Tenant tenant, boolean open) {
    for (Placed one : tenant.guests()) {
      if (open && one.routed()) {
        reached(one.guest, Internet.SERVER);
      }
      if (tenant.open(one) != open) {
        continue;
      }
      for (Placed other : tenant.guests()) {
        if (one.neighbours(other)) {
          probe(other.guest, one.address, open);
        }
      }
      String floating = one.floating();
      if (floating != null) {
        probe(lab.internet().server(), floating, open);
      }
    }
  }

  private static void probe(Endpoint from, String address, boolean open) {
    if (open) {
      reached(from, address);
    } else {
      assertThat(from.ping(address)).as("%s reaches %s", from, address).isFalse();
    }
  }

  private static void reached(Endpoint from, String address) {
    Eventually.within(LIMIT, from + " reaches " + address, () -> from.ping(address));
  }

  private static List<Placed> guests(List<Tenant> tenants) {
    return tenants.stream().flatMap(tenant -> tenant.guests().stream()).toList();
  }

  private static <T> void inParallel(List<T> all, java.util.function.Consumer<T> work) {
    all.parallelStream().forEach(work);
  }

  private static void awaitRight(Cloud cloud, LabHost host) {
    Eventually.within(
        LIMIT,
        "nothing differs on " + host,
        () -> cloud.difference(host),
        difference -> difference.contains("no difference"));
  }
}
