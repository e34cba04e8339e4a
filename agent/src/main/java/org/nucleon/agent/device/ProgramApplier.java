package org.nucleon.agent.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.nucleon.agent.api.Applier;
import org.nucleon.agent.api.ApplyException;
import org.nucleon.agent.api.Drift;
import org.nucleon.agent.api.Stage;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.netlink.Link;
import org.nucleon.host.netlink.NetlinkEvent;
import org.nucleon.host.process.ConfigFile;
import org.nucleon.host.process.ProcessSpec;
import org.nucleon.host.process.Processes;
import org.nucleon.host.process.RunningProcess;

/**
 * Runs programs, each with a folder of its own below one root. A program that was put is confirmed
 * once it serves; programs outlive the agent.
 */
final class ProgramApplier implements Applier<ProgramItem> {
  private static final int HUP = 1;
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final String LOG = "log";

  private final Path root;
  private final Namespaces namespaces;
  private final Processes processes;
  private final Map<Path, Run> running = new ConcurrentHashMap<>();
  private volatile Runnable drift = () -> {};

  /**
   * Runs the programs whose folders lie in {@code root}.
   *
   * @param loop tells when programs end; outlives this
   */
  ProgramApplier(Path root, Namespaces namespaces, EventLoop loop) {
    this.root = root;
    this.namespaces = namespaces;
    this.processes = new Processes(loop);
  }

  private record Run(RunningProcess process, ProgramRecord record) {
    boolean isOn(String namespace) {
      return record.namespace().equals(namespace);
    }
  }

  @Override
  public Class<ProgramItem> items() {
    return ProgramItem.class;
  }

  @Override
  public Stage stage() {
    return Stage.PROGRAMS;
  }

  @Override
  public void start(Drift<ProgramItem> onDrift) throws ApplyException {
    drift = onDrift::anywhere;
    namespaces.listen(
        new Namespaces.Listener() {
          @Override
          public void happened(String namespace, NetlinkEvent event) {
            if (event instanceof NetlinkEvent.Gone(Link link)
                && isAnyBound(namespace, link.index())) {
              onDrift.anywhere();
            }
          }

          @Override
          public void lost(String namespace) {
            if (running.values().stream().anyMatch(run -> run.isOn(namespace))) {
              onDrift.anywhere();
            }
          }
        });
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new ApplyException("make " + root, e);
    }
  }

  private boolean isAnyBound(String namespace, int link) {
    return running.values().stream()
        .anyMatch(run -> run.isOn(namespace) && run.record().deviceIndex() == link);
  }

  @Override
  public Map<Object, ProgramItem> read() throws ApplyException {
    try (Stream<Path> folders = Files.list(root)) {
      Map<Object, ProgramItem> found = new LinkedHashMap<>();
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        read(folder).ifPresent(item -> found.put(item.key(), item));
      }
      return found;
    } catch (IOException e) {
      throw new ApplyException("read programs in " + root, e);
    }
  }

  /** Of a program that does not run the command is empty, so that it equals no plan. */
  private Optional<ProgramItem> read(Path folder) throws IOException {
    Optional<ProgramRecord> record = ProgramRecord.read(folder);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    Optional<RunningProcess> process = find(folder, record.get());
    return Optional.of(
        record
            .get()
            .actual(
                folder,
                process.map(RunningProcess::command).orElse(List.of()),
                process.map(RunningProcess::pid).orElse(0L)));
  }

  private Optional<RunningProcess> find(Path folder, ProgramRecord record) throws IOException {
    Run held = running.get(folder);
    if (held != null) {
      return Optional.of(held.process());
    }
    Optional<RunningProcess> found =
        processes.find(spec(folder, record.namespace(), record.command(), List.of()));
    found.ifPresent(process -> hold(folder, new Run(process, record)));
    return found;
  }

  private void hold(Path folder, Run run) {
    running.put(folder, run);
    run.process()
        .exit()
        .thenRun(() -> {
          if (running.remove(folder, run)) {
            drift.run();
          }
        });
  }

  private static ProcessSpec spec(
      Path folder, String namespace, List<String> command, List<ConfigFile> files) {
    return new ProcessSpec(
        folder.getFileName().toString(),
        namespace,
        command,
        folder.resolve("pid"),
        folder.resolve(LOG),
        files);
  }

  @Override
  public Map<Object, String> apply(Collection<ProgramItem> put, Collection<ProgramItem> remove) {
    Map<Object, String> reasons = new LinkedHashMap<>();
    for (ProgramItem item : remove) {
      try {
        stop(item.folder());
        delete(item.folder());
      } catch (IOException e) {
        reasons.put(item.key(), String.valueOf(e.getMessage()));
      }
    }
    List<Starting> starting = new ArrayList<>();
    for (ProgramItem item : put) {
      try {
        bring(item).ifPresent(starting::add);
      } catch (IOException e) {
        reasons.put(item.key(), String.valueOf(e.getMessage()));
      }
    }
    for (Starting program : starting) {
      try {
        program.await(GRACE);
      } catch (IOException e) {
        reasons.put(program.folder(), e.getMessage() + lastWords(program.folder()));
      }
    }
    return reasons;
  }

  private static String lastWords(Path folder) {
    try {
      List<String> lines = Files.readAllLines(folder.resolve(LOG));
      return lines.isEmpty() ? "" : ": " + lines.getLast();
    } catch (IOException e) {
      return "";
    }
  }

  private Optional<Starting> bring(ProgramItem item) throws IOException {
    Path folder = item.folder();
    Optional<ProgramItem> actual = read(folder);
    Run run = running.get(folder);
    if (run != null && actual.isPresent() && item.isReloadOf(actual.get())) {
      ProgramRecord.of(item).write(folder);
      for (ConfigFile file : files(folder, item.reloaded())) {
        file.write();
      }
      run.process().signal(HUP);
      return Optional.empty();
    }
    stop(folder);
    Files.createDirectories(folder);
    ProgramRecord record = ProgramRecord.of(item);
    record.write(folder);
    List<ConfigFile> files = new ArrayList<>(files(folder, item.files()));
    files.addAll(files(folder, item.reloaded()));
    for (ConfigFile file : files(folder, item.initial().contents())) {
      if (Files.notExists(file.path())) {
        files.add(file);
      }
    }
    Starting starting = Starting.prepare(folder, item.ready());
    try {
      RunningProcess started =
          processes.start(spec(folder, item.namespace(), item.command(), files));
      hold(folder, new Run(started, record));
      return Optional.of(starting.with(started));
    } catch (IOException e) {
      starting.close();
      throw e;
    }
  }

  private static List<ConfigFile> files(Path folder, Map<String, String> contents) {
    return contents.entrySet().stream()
        .map(file -> new ConfigFile(folder.resolve(file.getKey()), file.getValue(), true))
        .toList();
  }

  private void stop(Path folder) throws IOException {
    Optional<ProgramRecord> record = ProgramRecord.read(folder);
    Optional<RunningProcess> process =
        record.isEmpty() ? Optional.empty() : find(folder, record.get());
    if (process.isPresent()) {
      running.remove(folder);
      process.get().stop(GRACE);
    }
    Files.deleteIfExists(folder.resolve("pid"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  /** Lets go of the programs, which run on. */
  @Override
  public void close() {
    for (Path folder : List.copyOf(running.keySet())) {
      Run run = running.remove(folder);
      try {
        if (run != null) {
          run.process().close();
        }
      } catch (IOException e) {
        System.getLogger("nucleon.device").log(System.Logger.Level.WARNING, "close programs", e);
      }
    }
  }
}
