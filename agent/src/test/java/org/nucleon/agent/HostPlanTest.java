package org.nucleon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nucleon.agent.Toy.forget;
import static org.nucleon.agent.Toy.guest;
import static org.nucleon.agent.Toy.id;
import static org.nucleon.agent.Toy.poisoned;
import static org.nucleon.agent.Toy.put;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.agent.api.Item;

/** What is asked comes about in order, what differs and nothing else, and a fault stays alone. */
final class HostPlanTest {

  private final FakeHost host = new FakeHost();
  private final Rig rig = new Rig(host);

  private List<String> kinds() {
    return host.journal.stream()
        .filter(line -> !line.equals("bundle"))
        .map(line -> line.replaceFirst("[ \\[].*", ""))
        .toList();
  }

  private boolean runs(String guest) {
    return host.of(Toy.Flow.class).containsKey(id(guest).toString());
  }

  private static String key(String guest) {
    return id(guest).toString();
  }

  @Test
  void bringsAboutInTheOrderOfStages() {
    rig.begin(put(1, guest("a", 1, "n1")));
    assertThat(kinds())
        .containsExactly("numbers", "+Link", "+Plug", "+Flow", "+Route", "+Program", "+Entry");
  }

  @Test
  void removesBackwardsButClosesFirst() {
    rig.begin(put(1, guest("a", 1, "n1")));
    host.journal.clear();
    rig.change(forget(2, "a"));
    assertThat(kinds())
        .containsExactly("-Flow", "-Route", "-Entry", "-Program", "-Plug", "-Link", "numbers");
    assertThat(host.everything()).isEmpty();
    assertThat(host.numbers).isEmpty();
  }

  @Test
  void touchesOnlyWhatDiffers() {
    rig.begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n1")));
    host.journal.clear();
    rig.change(put(2, guest("a", 2, Map.of("net", "n1", "size", 7))));
    assertThat(host.journal).containsExactly("+" + new Toy.Entry(key("a"), 7));
  }

  @Test
  void keepsWhatAnotherUnitStillAsksFor() {
    rig.begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n1")));
    rig.change(forget(2, "a"));
    assertThat(host.of(Toy.Program.class)).containsOnlyKeys("n1");
    rig.change(forget(3, "b"));
    assertThat(host.of(Toy.Program.class)).isEmpty();
  }

  @Test
  void restartTouchesNothing() {
    rig.begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n2")));
    host.journal.clear();
    new Rig(host).begin(put(1, guest("b", 1, "n2"), guest("a", 1, "n1")));
    assertThat(host.journal).isEmpty();
  }

  @Test
  void restartRemovesWhatIsGoneMeanwhile() {
    rig.begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n2")));
    Rig restarted = new Rig(host);
    restarted.begin(put(2, guest("b", 1, "n2")));
    assertThat(host.of(Toy.Link.class)).containsOnlyKeys(key("b"));
    assertThat(host.numbers).containsExactly(Map.entry("vlan:n2", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unplannable", "throws", "affected"})
  void poisonStaysAlone(String poison) {
    rig.begin(put(1, guest("a", 1, "n1")));
    List<Report> told =
        rig.change(put(2, poisoned("bad", 2, poison), guest("b", 2, "n1"), guest("c", 2, "n2")));
    assertThat(runs("a")).isTrue();
    assertThat(runs("b")).isTrue();
    assertThat(runs("c")).isTrue();
    assertThat(told).extracting(Report::id).contains(id("b"), id("c"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unplannable", "throws"})
  void setsAsideTheWholeUnitAndNamesIt(String poison) {
    List<Report> told = rig.begin(put(1, poisoned("bad", 1, poison)));
    assertThat(host.everything()).isEmpty();
    assertThat(told).isEmpty();
    assertThat(rig.plan.outstanding()).isEmpty();
    assertThat(rig.plan.difference()).singleElement().asString().contains(key("bad"));
  }

  @Test
  void takesAwayWhatBecomesUnplannable() {
    rig.begin(put(1, guest("a", 1, "n1")));
    rig.change(put(2, poisoned("a", 2, "unplannable")));
    assertThat(host.everything()).isEmpty();
  }

  @Test
  void appliesAUnitThatRecovers() {
    rig.begin(put(1, poisoned("a", 1, "unplannable")));
    List<Report> told = rig.change(put(2, guest("a", 2, "n1")));
    assertThat(runs("a")).isTrue();
    assertThat(told).extracting(Report::id).containsExactly(id("a"));
    assertThat(rig.plan.difference()).isEmpty();
  }

  @Test
  void triesAgainWhatWasRefusedAndHoldsUpNothingElse() {
    host.refused.add(key("a"));
    List<Report> told = rig.begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n1")));
    assertThat(runs("b")).isTrue();
    assertThat(told).extracting(Report::id).containsExactly(id("b"));
    assertThat(rig.plan.hasFailures()).isTrue();
    assertThat(rig.plan.difference()).anySatisfy(l -> assertThat(l).contains("aside", key("a")));

    host.refused.clear();
    assertThat(rig.apply()).extracting(Report::id).containsExactly(id("a"));
    assertThat(rig.plan.hasFailures()).isFalse();
    assertThat(rig.plan.difference()).isEmpty();
  }

  @Test
  void forgetsTheFailureOfWhatIsNoLongerAsked() {
    host.refused.add(key("a"));
    rig.begin(put(1, guest("a", 1, "n1")));
    rig.change(forget(2, "a"));
    assertThat(rig.plan.hasFailures()).isFalse();
    assertThat(rig.plan.difference()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEngineThatDoesNotAnswerHoldsUpNoOther(boolean bug) {
    host.down.put(Toy.Route.class, bug);
    assertThat(rig.begin(put(1, guest("a", 1, "n1")))).isEmpty();
    assertThat(runs("a")).isTrue();
    assertThat(host.of(Toy.Entry.class)).hasSize(1);
    assertThat(rig.plan.hasFailures()).isTrue();

    host.down.clear();
    assertThat(rig.apply()).extracting(Report::id).containsExactly(id("a"));
    assertThat(rig.plan.hasFailures()).isFalse();
  }

  @Test
  void reportsOnceAndAgainToANewServer() {
    assertThat(rig.begin(put(1, guest("a", 1, "n1")))).hasSize(1);
    assertThat(rig.apply()).isEmpty();
    assertThat(rig.plan.outstanding()).extracting(Report::id).containsExactly(id("a"));
  }

  @Test
  void driftOfAnEngineReadsThatOneOnly() {
    rig.begin(put(1, guest("a", 1, "n1")));
    host.reads.clear();
    host.journal.clear();
    host.of(Toy.Flow.class).clear();
    rig.engines.get(Toy.Flow.class).doubt();
    rig.apply();
    assertThat(host.reads).containsExactly(Map.entry(Toy.Flow.class, 1));
    assertThat(kinds()).containsExactly("+Flow");
  }

  @Test
  void removesWhatDriftBrought() {
    rig.begin(put(1, guest("a", 1, "n1")));
    Item foreign = new Toy.Flow("x", 9, "n9");
    host.of(Toy.Flow.class).put("x", foreign);
    rig.engines.get(Toy.Flow.class).doubt();
    rig.apply();
    assertThat(host.of(Toy.Flow.class)).containsOnlyKeys(key("a"));
  }

  @Test
  void aFactCompletesAUnit() {
    rig.begin(put(1, poisoned("a", 1, "no device")));
    assertThat(runs("a")).isFalse();
    rig.learn("device", Map.of(key("a"), "tap0"));
    assertThat(runs("a")).isTrue();
  }

  @Test
  void numbersAreKeptBeforeTheirFirstUse() {
    host.numbersDown = true;
    assertThat(rig.begin(put(1, guest("a", 1, "n1")))).isEmpty();
    assertThat(host.everything()).isEmpty();
    assertThat(rig.plan.hasFailures()).isTrue();

    host.numbersDown = false;
    assertThat(rig.apply()).extracting(Report::id).containsExactly(id("a"));
    assertThat(host.journal.getFirst()).startsWith("numbers +[vlan:n1]");
  }

  @Test
  void numbersOutliveTheAgent() {
    rig.begin(put(1, guest("a", 1, "n1"), guest("b", 1, "n2")));
    Map<String, Integer> before = Map.copyOf(host.numbers);
    Rig restarted = new Rig(host);
    restarted.begin(put(1, guest("b", 1, "n2"), guest("a", 1, "n1")));
    assertThat(host.numbers).isEqualTo(before);
  }

  @Test
  void aNumberIsNotReusedWhileItsUseIsStillThere() {
    rig.begin(put(1, guest("a", 1, "n1")));
    host.refused.add(key("a"));
    rig.change(forget(2, "a"));
    rig.change(put(3, guest("b", 3, "n2")));
    assertThat(host.of(Toy.Flow.class).get(key("a"))).isEqualTo(new Toy.Flow(key("a"), 1, "n1"));
    assertThat(host.of(Toy.Flow.class).get(key("b"))).isEqualTo(new Toy.Flow(key("b"), 2, "n2"));

    host.refused.clear();
    rig.apply();
    rig.change(put(4, guest("c", 4, "n3")));
    assertThat(host.of(Toy.Flow.class).get(key("c"))).isEqualTo(new Toy.Flow(key("c"), 1, "n3"));
  }
}
