package org.nucleon.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An agent is killed at any moment while a port comes into being: nothing passes to it that must
 * not, nothing else suffers, and the next agent ends up where the first would have.
 */
@Tag("lab")
@LabScenario
final class KilledAgentTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long SEED = 20_261_124;

  @Test
  void atAnyMoment(Lab lab) {
    killing(lab, 4);
  }

  @Test
  @Tag("soak")
  void atManyMoments(Lab lab) {
    killing(lab, 30);
  }

  private static void killing(Lab lab, int rounds) {
    SmallCloud small = new SmallCloud(lab);
    small.cloud.unlimited("security_group");
    Random random = new Random(SEED);
    ContinuousPing overlay = small.a.pings(small.cloud.address("b"));
    for (int round = 0; round < rounds; round++) {
      round(small, "x" + round, Duration.ofMillis(random.nextInt(250)));
    }
    List<Integer> lost = overlay.stopAndListLost();
    // A port that comes costs the switch itself a packet of another now and then, agent or not.
    assertThat(lost.stream().filter(number -> lost.contains(number + 1)))
        .as("in a row, of %s lost", lost)
        .isEmpty();
  }

  private static void round(SmallCloud small, String name, Duration moment) {
    Api api = small.cloud.api();
    String closed = api.create("security_group", Map.of("name", name)).get("id").asString();
    String port =
        api.create(
                "port",
                Map.of(
                    "network_id",
                    small.red,
                    "name",
                    name,
                    "binding:host_id",
                    small.h1.name(),
                    "device_owner",
                    "compute:nova",
                    "security_groups",
                    List.of(closed)))
            .get("id")
            .asString();
    String address = small.cloud.address(name);
    Daemon forbidden =
        small.b.machine().start("forbidden-" + name, "ping", "-n", "-i", "0.01", address);
    Guest guest = small.h1.guest(name);
    Thread killer =
        Thread.ofPlatform()
            .start(() -> {
              LockSupport.parkNanos(moment.toNanos()); // whatever the agent is at then
              small.cloud.agent(small.h1).kill();
            });
    guest.plug(port, api.show("port", port).get("mac_address").asString());
    guest.address(address + "/24");
    join(killer);
    small.cloud.agent(small.h1).awaitEnd();
    small.cloud.startAgent(small.h1);
    small.cloud.awaitStatus("port", port, "ACTIVE");
    Eventually.within(
        LIMIT,
        "nothing differs on " + small.h1,
        () -> small.cloud.difference(small.h1),
        difference -> difference.contains("no difference"));
    assertThat(forbidden.log()).as("killed after %s", moment).doesNotContain("time=");
    api.create("security_group_rule", Map.of("security_group_id", closed, "direction", "ingress"));
    Eventually.within(
        LIMIT, "what is allowed passes", () -> forbidden.log(), log -> log.contains("time="));
    forbidden.kill();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
