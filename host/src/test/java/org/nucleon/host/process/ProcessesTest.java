package org.nucleon.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nucleon.host.namespace.EventLoop;
import org.nucleon.host.namespace.NetworkNamespace;

@Tag("lab")
class ProcessesTest {
  private static final Duration GRACE = Duration.ofSeconds(10);

  @TempDir Path directory;
  private NetworkNamespace namespace;
  private EventLoop loop;
  private Processes processes;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create("ps-a");
    loop = EventLoop.start();
    processes = new Processes(loop);
  }

  @AfterEach
  void close() throws Exception {
    processes.stop(dnsmasq(), GRACE);
    loop.close();
    namespace.close();
    NetworkNamespace.delete("ps-a");
  }

  private ProcessSpec dnsmasq() {
    Path config = directory.resolve("net/dnsmasq.conf");
    return new ProcessSpec(
        "dnsmasq",
        "ps-a",
        List.of("dnsmasq", "--keep-in-foreground", "--conf-file=" + config),
        directory.resolve("net/pid"),
        directory.resolve("log"),
        List.of(
            new ConfigFile(
                config,
                """
                port=0
                interface=lo
                bind-interfaces
                user=root
                dhcp-range=127.0.0.0,static
                leasefile-ro
                pid-file
                """,
                false)));
  }

  private static String namespaceOf(long pid) throws Exception {
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
  }

  @Test
  void dnsmasqIsStartedInItsNamespaceAndSessionFoundAgainAndStopped() throws Exception {
    long pid;
    try (RunningProcess started = processes.start(dnsmasq())) {
      pid = started.pid();
    }
    assertThat(namespaceOf(pid))
        .isEqualTo(
            namespace.call(
                () -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString()));
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    assertThat(session).isEqualTo(Long.toString(pid));
    try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      assertThat(descriptors.map(file -> read(file)))
          .noneMatch(file -> file.contains(".jar") || file.contains("netns"));
    }

    try (EventLoop afterRestart = EventLoop.start();
        RunningProcess found = new Processes(afterRestart).find(dnsmasq()).orElseThrow()) {
      assertThat(found.pid()).isEqualTo(pid);
      assertThat(found.command()).isEqualTo(dnsmasq().command());
      found.stop(GRACE);
    }
    assertThat(processes.find(dnsmasq())).isEmpty();
    assertThat(Path.of("/proc/" + pid)).doesNotExist();
  }

  private static String read(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void killedProcessIsNoticed() throws Exception {
    RunningProcess running = processes.start(dnsmasq());
    running.signal(9);
    assertThat(running.exit().get(10, TimeUnit.SECONDS)).isEqualTo(OptionalInt.of(128 + 9));
    assertThat(running.signal(15)).isFalse();
    assertThat(processes.find(dnsmasq())).isEmpty();
  }

  @Test
  void endOfProcessThatIsNotOurChildIsNoticed() throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "sleep 4711 & echo $!").redirectErrorStream(true).start();
    String line;
    try (var output = shell.inputReader()) {
      line = output.readLine();
    }
    long pid = Long.parseLong(line);
    long start = ProcessTable.startTime(pid).orElseThrow();
    Path pidFile = directory.resolve("net/other");
    new ConfigFile(pidFile, pid + " " + start + "\n", false).write();
    ProcessSpec spec =
        new ProcessSpec("sleep", null, List.of("sleep", "4711"), pidFile, null, List.of());

    RunningProcess found = processes.find(spec).orElseThrow();
    found.signal(9);
    assertThat(found.exit().get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void lostPidFileDoesNotLoseTheProcess() throws Exception {
    try (RunningProcess running = processes.start(dnsmasq())) {
      Files.delete(dnsmasq().pidFile());
      try (RunningProcess found = processes.find(dnsmasq()).orElseThrow()) {
        assertThat(found.pid()).isEqualTo(running.pid());
      }
      processes.stop(dnsmasq(), GRACE);
    }
  }

  @Test
  void pidOfAnotherProcessIsNotBelieved() throws Exception {
    long own = ProcessHandle.current().pid();
    new ConfigFile(dnsmasq().pidFile(), own + " 1\n", false).write();
    assertThat(processes.find(dnsmasq())).isEmpty();
  }

  @Test
  void processThatIgnoresTermIsKilled() throws Exception {
    Path fifo = directory.resolve("output");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> {
          try (var reader = Files.newBufferedReader(fifo)) {
            return reader.readLine();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    ProcessSpec stubborn =
        new ProcessSpec(
            "stubborn",
            null,
            List.of("sh", "-c", "trap '' TERM; echo ready; exec sleep 4711"),
            directory.resolve("net/stubborn"),
            fifo,
            List.of());
    try (RunningProcess running = processes.start(stubborn)) {
      assertThat(output.get(10, TimeUnit.SECONDS)).isEqualTo("ready");
      running.stop(Duration.ofMillis(200));
      assertThat(running.exit()).isCompletedWithValue(OptionalInt.of(128 + 9));
    }
  }

  @Test
  void missingProgramIsNamed() {
    ProcessSpec missing =
        new ProcessSpec(
            "none",
            null,
            List.of("no-such-program"),
            directory.resolve("net/none"),
            null,
            List.of());
    assertThatThrownBy(() -> processes.start(missing)).hasMessageContaining("no-such-program");
  }

  @Test
  void filesAreWrittenOnceWithTheirModeAndNothingElseInTheirDirectory() throws Exception {
    ConfigFile file = new ConfigFile(directory.resolve("d/secret"), "key", true);
    assertThat(file.write()).isTrue();
    assertThat(file.write()).isFalse();
    assertThat(Files.readString(file.path())).isEqualTo("key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(new ConfigFile(file.path(), "other", false).write()).isTrue();
    try (var files = Files.list(directory.resolve("d"))) {
      assertThat(files).containsExactly(file.path());
    }
  }
}
