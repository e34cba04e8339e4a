package org.nucleon.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nucleon.agent.ServerLink.Report;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Facts;
import org.nucleon.agent.api.Facts.FactKey;
import org.nucleon.agent.api.HostFeature;
import org.nucleon.agent.api.Item;
import org.nucleon.core.feature.AgentDescription;
import org.nucleon.core.feature.Configuration;
import org.nucleon.core.feature.Drivers;
import org.nucleon.core.resource.Resource;
import org.nucleon.core.resource.View;
import org.nucleon.core.schema.Catalog;
import org.nucleon.core.state.Change;
import org.nucleon.core.state.Picture;
import org.nucleon.core.watch.HostUpdate;

/**
 * One host's agent: watches what concerns the host, plans, applies the difference, reports.
 * Everything that happens is an event on one thread; nothing is polled.
 */
public final class HostAgent implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("nucleon.agent");
  private static final long FULL_CHECK_SECONDS = 600;
  private static final int MAX_RETRY_SECONDS = 10;
  private static final Duration REPORT_AGAIN = Duration.ofSeconds(5);

  private final ServerLink link;
  private final List<AgentDescription> roles = new ArrayList<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("clock").factory());
  private final FileChannel lockFile;
  private final Mirror mirror;
  private final SnapshotFile snapshotFile;
  private final HostPlan plan;
  private final List<Engine<?>> engines = new ArrayList<>();
  private final Reporter reporter;
  private final Thread loop;
  private final Thread watcher;
  private volatile boolean closed;
  private Facts facts;
  private boolean synced;
  private CompletableFuture<Void> saving = CompletableFuture.completedFuture(null);
  private int retrySeconds;
  private boolean retryWaits;
  private final CompletableFuture<Void> firstApplied = new CompletableFuture<>();

  private sealed interface Event {}

  private record Updated(HostUpdate update, boolean first) implements Event {}

  private record Recalled(List<HostUpdate> updates) implements Event {}

  private record FactsRead(String kind, Map<String, ?> facts) implements Event {}

  private record Drifted(Runnable noted) implements Event {}

  private record CheckAll(String why) implements Event {}

  private record Retry() implements Event {}

  private record CaughtUp(CompletableFuture<List<Resource>> have) implements Event {}

  private record Asked(String command, CompletableFuture<List<String>> answer) implements Event {}

  private record Stop() implements Event {}

  /**
   * Takes hold of the host. What was right already stays untouched.
   *
   * @param stateFolder the agent's own folder; a second agent on it is refused
   * @param features what features do on hosts
   * @param drivers what they find of the interfaces that they are open to others by
   * @throws ApplyException if the host lacks what a feature needs; the message is for people
   */
  public HostAgent(
      String host,
      Path stateFolder,
      Configuration configuration,
      Catalog catalog,
      List<HostFeature> features,
      Drivers drivers,
      ServerLink link)
      throws ApplyException, IOException {
    this.link = link;
    this.facts = Facts.none(host);
    this.mirror = new Mirror(catalog);
    Files.createDirectories(
        stateFolder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.lockFile = lock(stateFolder);
    this.snapshotFile = new SnapshotFile(stateFolder, catalog);
    Joining joining =
        Joining.of(
            host,
            stateFolder,
            configuration,
            features,
            drivers,
            mirror::picture,
            (kind, read) -> events.add(new FactsRead(kind, read)));
    roles.addAll(joining.roles);
    for (Applier<? extends Item> applier : joining.appliers) {
      engines.add(new Engine<>(applier));
    }
    this.plan =
        new HostPlan(
            joining.planners, engines, new Numbers(Optional.ofNullable(joining.numberStore)));
    for (Engine<?> engine : engines) {
      engine.start(noted -> events.add(new Drifted(noted)));
    }
    this.reporter = new Reporter(link, REPORT_AGAIN);
    List<HostUpdate> recalled = snapshotFile.load();
    if (!recalled.isEmpty()) {
      events.add(new Recalled(recalled));
    }
    this.loop = Thread.ofPlatform().name("agent").start(this::run);
    this.watcher = Thread.ofVirtual().name("watch").start(this::watch);
    clock.scheduleWithFixedDelay(
        () -> events.add(new CheckAll("periodic check")),
        FULL_CHECK_SECONDS,
        FULL_CHECK_SECONDS,
        TimeUnit.SECONDS);
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = file.tryLock();
      if (lock != null) {
        return file;
      }
    } catch (OverlappingFileLockException e) {
      LOG.log(System.Logger.Level.DEBUG, "locked by this very process", e);
    }
    file.close();
    throw new IOException("another agent is running on " + folder);
  }

  private void watch() {
    long wait = 100;
    boolean told = false;
    while (!closed) {
      boolean[] reached = new boolean[1];
      try {
        link.watch(
            roles,
            have(),
            update -> {
              if (!reached[0] || !update.isEmpty()) { // else a bookmark
                events.add(new Updated(update, !reached[0]));
              }
              reached[0] = true;
            });
      } catch (IOException | RuntimeException e) {
        if (closed) {
          return;
        }
        if (!told || reached[0]) {
          LOG.log(
              System.Logger.Level.WARNING,
              "no server: {0}; the host is held as it is meanwhile",
              e instanceof IOException ? e.getMessage() : e.toString());
        }
        told = true;
      }
      wait = reached[0] ? 100 : Math.min(wait * 2, 5_000);
      told &= !reached[0];
      try {
        TimeUnit.MILLISECONDS.sleep(wait);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** What the agent has once all that was sent to it so far is part of it. */
  private List<Resource> have() throws IOException {
    CompletableFuture<List<Resource>> have = new CompletableFuture<>();
    events.add(new CaughtUp(have));
    try {
      return have.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("the agent is stopping", e);
    }
  }

  private void run() {
    List<Event> batch = new ArrayList<>();
    while (true) {
      batch.clear();
      try {
        batch.add(events.take());
      } catch (InterruptedException e) {
        return;
      }
      events.drainTo(batch);
      try {
        if (!handle(batch)) {
          return;
        }
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "an event failed; everything is checked again", e);
        clock.schedule(this::resume, 1, TimeUnit.SECONDS);
        batch.forEach(this::giveUp);
      }
    }
  }

  /** After a failure: whatever update was lost in it comes again, and everything is checked. */
  private void resume() {
    link.disconnect();
    events.add(new CheckAll("check after a failure"));
  }

  /** Nobody waits for what has failed. */
  private void giveUp(Event event) {
    switch (event) {
      case Asked question -> question.answer().complete(List.of("failed, see the agent's log"));
      case CaughtUp caughtUp -> caughtUp.have().complete(mirror.everything());
      default -> {}
    }
  }

  /** Handles what happened; false at the end. */
  private boolean handle(List<Event> batch) {
    Picture before = mirror.picture();
    List<Change> changes = new ArrayList<>();
    Set<FactKey> changedFacts = new HashSet<>();
    boolean all = false;
    boolean connected = false;
    String check = null;
    List<Asked> asked = new ArrayList<>();
    List<CaughtUp> waiting = new ArrayList<>();
    boolean stop = false;
    for (Event event : batch) {
      switch (event) {
        case Recalled recalled -> {
          recalled.updates().forEach(update -> changes.addAll(mirror.apply(update)));
          all |= !synced;
          synced = true;
        }
        case Updated updated -> {
          snapshotFile.append(updated.update());
          changes.addAll(mirror.apply(updated.update()));
          if (updated.first()) {
            mirror.whole(updated.update());
          }
          all |= !synced;
          synced = true;
          connected |= updated.first();
        }
        case FactsRead read -> changedFacts.addAll(learn(read));
        case Drifted drifted -> drifted.noted().run();
        case CheckAll checkAll -> {
          all = true;
          check = checkAll.why();
          plan.doubtEverything();
        }
        case Retry retry -> retryWaits = false;
        case CaughtUp caughtUp -> waiting.add(caughtUp);
        case Asked question -> asked.add(question);
        case Stop end -> stop = true;
      }
    }
    if (stop) {
      return false;
    }
    if (synced) {
      List<Report> confirmed = work(changes, changedFacts, before, all, check);
      reporter.report(connected ? plan.outstanding() : confirmed);
    }
    waiting.forEach(caughtUp -> caughtUp.have().complete(mirror.everything()));
    asked.forEach(this::answer);
    if (saving.isDone() && snapshotFile.isDue()) {
      save(clock);
    }
    return true;
  }

  private List<Report> work(
      List<Change> changes,
      Set<FactKey> changedFacts,
      Picture before,
      boolean all,
      @Nullable String check) {
    View now = mirror.picture();
    Set<Unit> units = new LinkedHashSet<>();
    if (all) {
      units.addAll(plan.all(now, facts));
    }
    units.addAll(plan.affected(changes, before, now, facts));
    units.addAll(plan.affected(changedFacts, now, facts));
    plan.plan(units, now, facts);
    int touched = plan.apply();
    if (check != null && touched > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the {0} found and repaired {1} items that no event had told of: a bug",
          check,
          touched);
    }
    List<Report> confirmed = plan.confirmed();
    if (plan.hasFailures()) {
      scheduleRetry();
    } else {
      retrySeconds = 0;
      firstApplied.complete(null);
    }
    return confirmed;
  }

  private Set<FactKey> learn(FactsRead read) {
    Facts before = facts;
    facts = facts.with(read.kind(), read.facts());
    return facts.changedSince(before, read.kind());
  }

  private void scheduleRetry() {
    if (retryWaits) {
      return;
    }
    retryWaits = true;
    retrySeconds = Math.min(Math.max(1, retrySeconds * 2), MAX_RETRY_SECONDS);
    clock.schedule(() -> events.add(new Retry()), retrySeconds, TimeUnit.SECONDS);
  }

  /** Takes what is known now, to be written without holding up the next event. */
  private void save(Executor writer) {
    try {
      int journal = snapshotFile.beginJournal();
      long number = mirror.picture().number();
      List<Resource> known = mirror.everything();
      saving = CompletableFuture.runAsync(() -> snapshotFile.save(journal, number, known), writer);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "no snapshot can be written: {0}", e.getMessage());
    }
  }

  private void answer(Asked question) {
    question
        .answer()
        .complete(
            switch (question.command()) {
              case "diff" ->
                  Stream.concat(plan.difference().stream(), mirror.aside().stream()).toList();
              case "plan" -> plan.everything();
              default -> List.of("no such question: " + question.command());
            });
  }

  /**
   * Asks the agent.
   *
   * @param command {@code diff}: what is asked and not there, or there and not asked, or set aside;
   *     {@code plan}: everything that is asked
   */
  public List<String> ask(String command) {
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    events.add(new Asked(command, answer));
    return answer.join();
  }

  /** Waits until the host is for the first time as it should be. */
  public void awaitFirstApplied() {
    firstApplied.join();
  }

  /** Lets go of the host, which stays as it is. */
  @Override
  public void close() {
    closed = true;
    link.disconnect();
    watcher.interrupt();
    events.add(new Stop());
    try {
      loop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    saving.join();
    clock.shutdownNow();
    reporter.close();
    if (synced) {
      save(Runnable::run);
    }
    engines.forEach(Engine::close);
    try {
      snapshotFile.close();
      lockFile.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the state folder", e);
    }
  }
}
