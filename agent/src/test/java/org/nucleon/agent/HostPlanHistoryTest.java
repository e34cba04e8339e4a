package org.nucleon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.agent.Toy.forget;
import static org.nucleon.agent.Toy.guest;
import static org.nucleon.agent.Toy.id;
import static org.nucleon.agent.Toy.put;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.agent.api.Item;
import org.nucleon.core.watch.HostUpdate;

/** However the host came to be as it is, and wherever the agent died: it ends as it should be. */
final class HostPlanHistoryTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
  private static final List<String> POISONS = List.of("", "", "", "unplannable", "throws");

  private static HostUpdate random(Random random, long number) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    if (random.nextInt(4) == 0) {
      return forget(number, name);
    }
    return put(
        number,
        guest(
            name,
            number,
            Map.of(
                "net",
                "n" + random.nextInt(3),
                "poison",
                POISONS.get(random.nextInt(POISONS.size())),
                "size",
                random.nextInt(3))));
  }

  /** What must hold at every moment, whatever is under way. */
  private static void closedBeforeOpen(FakeHost host) {
    Map<Integer, String> nets = new HashMap<>();
    for (Item item : host.of(Toy.Flow.class).values()) {
      Toy.Flow flow = (Toy.Flow) item;
      assertThat(host.of(Toy.Plug.class)).containsKey(flow.name());
      assertThat(nets.merge(flow.vlan(), flow.net(), (one, other) -> one))
          .as("nets that share vlan %s", flow.vlan())
          .isEqualTo(flow.net());
    }
    assertThat(host.of(Toy.Link.class).keySet()).containsAll(host.of(Toy.Plug.class).keySet());
    for (Item entry : host.of(Toy.Entry.class).values()) {
      assertThat(host.of(Toy.Link.class)).containsKey(entry.key());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void planningChangesGivesWhatAFullPlanGives(long seed) {
    Random random = new Random(seed);
    FakeHost host = new FakeHost();
    host.afterStep = () -> closedBeforeOpen(host);
    Rig rig = new Rig(host);
    rig.begin(put(1));
    for (int number = 2; number < 100; number++) {
      if (random.nextInt(5) == 0) {
        host.refused.add(id(NAMES.get(random.nextInt(NAMES.size()))).toString());
      }
      rig.change(random(random, number));
      if (random.nextInt(3) == 0) {
        host.refused.clear();
        rig.apply();
        assertThat(rig.plan.difference()).allSatisfy(l -> assertThat(l).startsWith("aside"));

        FakeHost fresh = new FakeHost();
        fresh.numbers.putAll(host.numbers);
        new Rig(fresh).begin(new HostUpdate(number, rig.mirror.everything(), List.of()));
        assertThat(host.everything()).as("after change %s", number).isEqualTo(fresh.everything());
        assertThat(host.numbers).isEqualTo(fresh.numbers);
      }
    }
  }

  private static FakeHost established() {
    FakeHost host = new FakeHost();
    new Rig(host).begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n2"), guest("c", 1, "n2")));
    host.journal.clear();
    host.afterStep = () -> closedBeforeOpen(host);
    return host;
  }

  /** A guest moves to another net, one goes, one comes, one grows, all at once. */
  private static final HostUpdate AFTER =
      put(
          2,
          guest("a", 2, "n3"),
          guest("c", 2, Map.of("net", "n2", "size", 5)),
          guest("d", 2, "n4"));

  @Test
  void anAgentKilledBetweenAnyTwoStepsIsCaughtUpByTheNext() {
    FakeHost undisturbed = established();
    new Rig(undisturbed).begin(AFTER);
    int steps = undisturbed.journal.size();
    assertThat(steps).isGreaterThan(15);

    int deaths = 0;
    for (int survived = 0; survived < steps; survived++) {
      FakeHost host = established();
      host.stepsToLive = survived;
      try {
        new Rig(host).begin(AFTER);
      } catch (FakeHost.Killed e) {
        deaths++;
      }
      host.stepsToLive = Integer.MAX_VALUE;
      new Rig(host).begin(AFTER);
      assertThat(host.everything())
          .as("killed after %s steps", survived)
          .isEqualTo(undisturbed.everything());
      assertThat(host.numbers).isEqualTo(undisturbed.numbers);
    }
    assertThat(deaths).isGreaterThan(15);
  }
}
