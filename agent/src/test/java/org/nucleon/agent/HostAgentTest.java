package org.nucleon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nucleon.agent.Toy.forget;
import static org.nucleon.agent.Toy.guest;
import static org.nucleon.agent.Toy.id;
import static org.nucleon.agent.Toy.poisoned;
import static org.nucleon.agent.Toy.put;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.HostSide;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.feature.Option;
import org.nucleon.core.feature.UndeclaredOptionException;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.watch.HostUpdate;
import org.nucleon.core.watch.HostUpdate.Aside;
import org.nucleon.core.watch.HostUpdate.Forgotten;

/** An agent with and without a server, on a host in memory. */
@Timeout(60)
final class HostAgentTest {

  @TempDir Path folder;
  private final FakeHost host = new FakeHost();

  private HostAgent agent(FakeLink link) throws ApplyException, IOException {
    return agent(folder, link);
  }

  private HostAgent agent(Path folder, FakeLink link) throws ApplyException, IOException {
    HostFeature feature =
        new HostFeature() {
          @Override
          public String name() {
            return "toy";
          }

          @Override
          public void join(HostSide side) {
            side.planner(new ToyPlanner());
            host.appliers().forEach(side::applier);
            side.numbers(host);
          }
        };
    return new HostAgent(
        "h1",
        folder,
        Configuration.defaults(),
        Toy.CATALOG,
        List.of(feature),
        Drivers.CLASS_PATH,
        link);
  }

  /** Reads options when it joins, of which it declares some. */
  private record Reader(String name, List<Option<?>> options, List<Option<?>> reads)
      implements HostFeature {
    @Override
    public void join(HostSide side) {
      reads.forEach(side.configuration()::get);
    }
  }

  @Test
  void aFeatureReadsTheOptionsThatItDeclaresAndNoOthers() throws Exception {
    Option<Integer> size = Option.integer("toys", "size", 7, "How large");
    Option<String> colour = Option.text("toys", "colour", "red", "Which colour");
    Reader declares = new Reader("one", List.of(size, colour), List.of(size, colour));
    Reader doesNot = new Reader("other", List.of(size), List.of(size, colour));
    var joined =
        Joining.of(
            "h1",
            folder,
            Configuration.defaults(),
            List.of(declares),
            Drivers.CLASS_PATH,
            HostAgentTest::unread,
            (k, f) -> {});
    assertThat(joined.roles).isEmpty();
    assertThatThrownBy(() ->
            Joining.of(
                "h1",
                folder,
                Configuration.defaults(),
                List.of(declares, doesNot),
                Drivers.CLASS_PATH,
                HostAgentTest::unread,
                (k, f) -> {}))
        .isInstanceOf(UndeclaredOptionException.class)
        .hasMessageContainingAll("[toys] colour", "other");
  }

  private static View unread() {
    throw new AssertionError("nobody looks at resources while an agent is put together");
  }

  private static Resource[] two() {
    return new Resource[] {guest("a", 1, "n1"), guest("b", 1, "n2")};
  }

  /** A host as an agent has left it. */
  private List<String> leave() throws ApplyException, IOException {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      return agent.ask("plan");
    }
  }

  @Test
  void closingLeavesTheHostAsItIs() throws Exception {
    leave();
    assertThat(host.of(Toy.Flow.class)).hasSize(2);
    assertThat(host.of(Toy.Program.class)).hasSize(2);
  }

  @Test
  void holdsTheHostByItsSnapshotWithNoServer() throws Exception {
    List<String> plan = leave();
    host.journal.clear();
    host.of(Toy.Flow.class).clear();
    try (HostAgent agent = agent(new FakeLink(false))) {
      agent.awaitFirstApplied();
      assertThat(agent.ask("plan")).isEqualTo(plan);
      assertThat(agent.ask("diff")).isEmpty();
    }
    assertThat(host.journal).hasSize(3).allSatisfy(l -> assertThat(l).matches("bundle|\\+Flow.*"));
  }

  @Test
  void touchesNothingBeforeTheFirstSnapshot() throws Exception {
    leave();
    Files.delete(folder.resolve("snapshot.json"));
    var before = host.everything();
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.connections.take();
      host.drift.get(Toy.Flow.class).run();
      assertThat(agent.ask("plan")).isEmpty();
      assertThat(host.everything()).isEqualTo(before);

      link.send(put(2, guest("a", 1, "n1")));
      agent.awaitFirstApplied();
      assertThat(host.of(Toy.Link.class)).containsOnlyKeys(id("a").toString());
    }
  }

  /** The state folder as a process leaves it that is killed. */
  private Path copy() throws IOException {
    Path copy = Files.createTempDirectory(folder, "killed");
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  @Test
  void killedRightAfterAChangeItKnowsTheChange() throws Exception {
    FakeLink link = new FakeLink(true);
    Path killed;
    List<String> plan;
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      link.send(put(2, guest("c", 3, "n1")));
      link.send(forget(3, "a"));
      plan = agent.ask("plan");
      killed = copy();
    }
    for (int start = 0; start < 3; start++) {
      try (HostAgent agent = agent(killed, new FakeLink(false))) {
        agent.awaitFirstApplied();
        assertThat(agent.ask("plan")).isEqualTo(plan);
        assertThat(agent.ask("diff")).isEmpty();
      }
    }
  }

  @Test
  void aLineThatWasCutOffIsNotKnown() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      List<String> plan = agent.ask("plan");
      Path killed = copy();
      Files.writeString(
          killed.resolve("journal.0"), "{\"number\":2,\"pu", StandardOpenOption.APPEND);
      try (HostAgent again = agent(killed, new FakeLink(false))) {
        again.awaitFirstApplied();
        assertThat(again.ask("plan")).isEqualTo(plan);
      }
    }
  }

  @Test
  void aBrokenJournalPutsAllAside() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      Path killed = copy();
      Files.writeString(killed.resolve("journal.0"), "{\"pu\n{}\n", StandardOpenOption.APPEND);
      FakeLink none = new FakeLink(false);
      try (HostAgent again = agent(killed, none)) {
        assertThat(none.connections.take()).isEmpty();
        assertThat(again.ask("plan")).isEmpty();
      }
      assertThat(killed.resolve("broken.journal.0")).exists();
    }
  }

  @Test
  void manyChangesMakeASnapshotAndLeaveNoJournalBehind() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      for (int number = 2; number < 1_300; number++) {
        link.send(put(number, guest("a", number, "n1")));
      }
      while (Files.exists(folder.resolve("journal.0"))) {
        Thread.onSpinWait();
      }
      Path killed = copy();
      try (HostAgent again = agent(killed, new FakeLink(false))) {
        again.awaitFirstApplied();
        assertThat(again.ask("plan")).isEqualTo(agent.ask("plan"));
      }
    }
    try (var files = Files.newDirectoryStream(folder, "journal.*")) {
      assertThat(files).hasSizeLessThan(2);
    }
  }

  @Test
  void putsABrokenSnapshotAside() throws Exception {
    leave();
    var before = host.everything();
    Files.writeString(folder.resolve("snapshot.json"), "{\"number\": 1, \"put\": [{");
    FakeLink link = new FakeLink(false);
    try (HostAgent agent = agent(link)) {
      assertThat(link.connections.take()).isEmpty();
      assertThat(agent.ask("plan")).isEmpty();
    }
    assertThat(folder.resolve("snapshot.broken")).exists();
    assertThat(host.everything()).isEqualTo(before);
  }

  @Test
  void putsASnapshotByANewerAgentAside() throws Exception {
    leave();
    var before = host.everything();
    Path snapshot = folder.resolve("snapshot.json");
    Files.writeString(
        snapshot, Files.readString(snapshot).replace("\"poison\",", "\"poison\",\"remote\","));
    FakeLink link = new FakeLink(false);
    try (HostAgent agent = agent(link)) {
      assertThat(link.connections.take()).isEmpty();
      assertThat(agent.ask("plan")).isEmpty();
    }
    assertThat(folder.resolve("snapshot.broken")).exists();
    assertThat(host.everything()).isEqualTo(before);
  }

  @Test
  void onlyItsOwnerReadsTheSnapshot() throws Exception {
    leave();
    assertThat(Files.getPosixFilePermissions(folder.resolve("snapshot.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void refusesASecondAgentInOneLine() throws Exception {
    try (HostAgent agent = agent(new FakeLink(true))) {
      assertThatThrownBy(() -> agent(new FakeLink(true)))
          .isInstanceOf(IOException.class)
          .hasMessage("another agent is running on " + folder);
      assertThat(agent.ask("plan")).isEmpty();
    }
    agent(new FakeLink(true)).close();
  }

  @Test
  void saysWhatItHasFromDiskWhenItConnects() throws Exception {
    leave();
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      assertThat(link.connections.take()).extracting(Resource::id).contains(id("a"), id("b"));
      link.send(forget(2, "b"));
      assertThat(agent.ask("plan"))
          .hasSize(6)
          .allSatisfy(l -> assertThat(l).contains("" + id("a")));
    }
    assertThat(host.of(Toy.Flow.class)).hasSize(1);
  }

  @Test
  void countsAllThatWasSentBeforeTheWatchBroke() throws Exception {
    FakeLink link = new FakeLink(true);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (HostAgent agent = agent(link)) {
      assertThat(link.connections.take()).isEmpty();
      host.afterStep =
          () -> {
            busy.countDown();
            await(go);
          };
      link.send(put(1, two()));
      await(busy);
      link.send(put(2, guest("c", 2, "n1")));
      link.breakOff();
      go.countDown();
      assertThat(link.connections.take())
          .extracting(Resource::id)
          .containsExactlyInAnyOrder(id("a"), id("b"), id("c"));
      assertThat(agent.ask("diff")).isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void takesSeveralUpdatesAtOnce() throws Exception {
    FakeLink link = new FakeLink(true);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (HostAgent agent = agent(link)) {
      host.afterStep =
          () -> {
            busy.countDown();
            await(go);
          };
      link.send(put(1, two()));
      await(busy);
      link.send(put(2, guest("a", 2, "n2"), guest("c", 2, "n3")));
      link.send(forget(3, "b", "c"));
      go.countDown();
      assertThat(agent.ask("diff")).isEmpty();
    }
    assertThat(host.of(Toy.Flow.class)).containsOnlyKeys(id("a").toString());
    assertThat(host.of(Toy.Program.class)).containsOnlyKeys("n2");
    assertThat(host.numbers).containsOnlyKeys("vlan:n2");
  }

  @Test
  void reportsWhenConfirmedAndAgainToANewServer() throws Exception {
    FakeLink link = new FakeLink(true);
    host.refused.add(id("b").toString());
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      assertThat(link.reports.take()).extracting(ServerLink.Report::id).containsExactly(id("a"));
      link.breakOff();
      link.send(put(1));
      assertThat(link.reports.take()).extracting(ServerLink.Report::id).containsExactly(id("a"));
      host.refused.clear();
      assertThat(link.reports.take()).extracting(ServerLink.Report::id).containsExactly(id("b"));
      assertThat(agent.ask("diff")).isEmpty();
    }
  }

  @Test
  void aPoisonedChangeHoldsUpNothingElse() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      link.send(
          put(2, poisoned("x", 2, "affected"), poisoned("y", 2, "throws"), guest("c", 2, "n1")));
      assertThat(agent.ask("diff"))
          .singleElement()
          .asString()
          .startsWith("aside")
          .contains("" + id("y"));
    }
    assertThat(host.of(Toy.Flow.class)).hasSize(4);
  }

  @Test
  void isClosedToWhatItDoesNotUnderstand() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      Aside newer = new Aside(new Forgotten(Toy.GUEST, id("a")), "this agent is too old");
      link.send(new HostUpdate(2, List.of(), List.of(), List.of(newer)));
      assertThat(agent.ask("diff"))
          .containsExactly("aside   guest " + id("a") + ": this agent is too old");
      assertThat(host.of(Toy.Link.class)).containsOnlyKeys(id("b").toString());

      link.send(put(3, guest("a", 3, Map.of("net", "n1"))));
      assertThat(agent.ask("diff")).isEmpty();
      assertThat(host.of(Toy.Link.class)).hasSize(2);

      link.send(new HostUpdate(4, List.of(), List.of(), List.of(newer)));
      link.breakOff();
      link.send(put(5));
      assertThat(agent.ask("diff")).as("gone while nobody was connected").isEmpty();
    }
  }

  @Test
  void repairsDriftOfOneEngine() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      host.of(Toy.Route.class).clear();
      host.drift.get(Toy.Route.class).run();
      assertThat(agent.ask("diff")).isEmpty();
      assertThat(host.reads).containsEntry(Toy.Link.class, 2);
    }
    assertThat(host.of(Toy.Route.class)).hasSize(2);
  }

  @Test
  void repairsWhatIsToldToHaveChangedWithoutReadingTheRest() throws Exception {
    FakeLink link = new FakeLink(true);
    try (HostAgent agent = agent(link)) {
      link.send(put(1, two()));
      agent.awaitFirstApplied();
      var planned = Map.copyOf(host.of(Toy.Flow.class));
      Object lost = id("a").toString();
      Object changed = id("b").toString();
      host.of(Toy.Flow.class).remove(lost);
      host.of(Toy.Flow.class).put(changed, new Toy.Flow(changed.toString(), 9, "n9"));
      host.of(Toy.Flow.class).put("x", new Toy.Flow("x", 9, "n9"));
      int reads = host.reads.get(Toy.Flow.class);
      for (Object key : List.of(lost, changed, "x")) {
        host.driftAt.get(Toy.Flow.class).accept(key);
      }
      agent.ask("plan");
      assertThat(host.of(Toy.Flow.class)).isEqualTo(planned);
      assertThat(host.reads).containsEntry(Toy.Flow.class, reads);
      assertThat(agent.ask("diff")).isEmpty();
    }
  }
}
